"""Favourites and scheduled reports, and the choice of what a report is asked for."""
