"""Answers a shop contests, and what is decided about them (A-N6)."""
