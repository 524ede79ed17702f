"""Calls: customers who are interviewed by telephone (A-20, 6.9)."""
