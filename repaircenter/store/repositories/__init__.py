"""What one write transaction may do, a repository a matter (shop.repositories)."""
