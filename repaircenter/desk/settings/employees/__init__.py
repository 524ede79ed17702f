"""Configuration > Employees: which names in jobs are one person."""
