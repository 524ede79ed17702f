"""How the database of the service became what it is: what Alembic runs."""
