"""Configuration > Messages to customers."""
