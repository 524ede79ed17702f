"""Configuration > Shops and regions: the tree of an organisation, and what is known of a shop."""
