"""Who takes part in which programme, and by which rules, as people change them (MODULES 4)."""
