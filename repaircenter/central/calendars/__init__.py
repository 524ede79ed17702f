"""Opening hours of a shop: when open time passes (requirements 6.1)."""
