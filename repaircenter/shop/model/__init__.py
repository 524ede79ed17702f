"""The shop's values, plain: what rules take and give, what the store keeps and the desk shows."""
