"""The shop's jobs: the list, one job's page, its timeline, what a person may do to it."""
