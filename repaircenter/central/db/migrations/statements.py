"""Runs the statements of a migration as they stand."""

from alembic import op


def run(statements: str) -> None:
    """Run several statements at once; unlike op.execute, a colon or a percent sign in them means itself."""
    raw = op.get_bind().connection.dbapi_connection
    assert raw is not None
    cursor = raw.cursor()
    cursor.execute(statements)
    cursor.close()
