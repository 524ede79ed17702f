"""Interviews by telephone: who is called when, the questionnaire as a script, and what came of each call (6.9, A-20)."""
