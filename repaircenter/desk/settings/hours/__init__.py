"""Configuration > Opening hours: when shops are open, and their days off."""
