"""Questionnaires, invitations and answers."""
