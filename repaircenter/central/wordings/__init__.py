"""What customers are written, in an organisation's own words (A-25)."""
