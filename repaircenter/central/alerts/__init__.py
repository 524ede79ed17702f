"""Alerts: a low answer becomes somebody's, with a time by which it is due, and ends with what was done about it."""
