"""The pages of the Configuration and of the first set-up."""
