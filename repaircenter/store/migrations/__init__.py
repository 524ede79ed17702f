"""How the store of a desk became what it is: what Alembic runs."""
