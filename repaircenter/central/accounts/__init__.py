"""Organisations, shops, persons, installations and their sessions (DESIGN 3.9, 3.10)."""
