"""Alerts: low answers that somebody acts on (UI.md, Alerts)."""
