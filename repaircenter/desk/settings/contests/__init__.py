"""Configuration > Contested answers."""
