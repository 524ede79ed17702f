"""Configuration > Programs: whom they ask, when, by which rules, and whose customers nobody asks."""
