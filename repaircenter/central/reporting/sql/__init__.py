"""SQL of reports: which answers count (cohort), sums over them (aggregates), rows, periods, runs."""
