"""Builds report documents from SQL aggregates, runs them and keeps favourites (DESIGN 3.11)."""
