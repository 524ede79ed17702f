"""The first schema (db/schema.sql) and the tables of the task queue."""

from alembic import op

from repaircenter.central.db.preparing import first_schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    first_schema(op.get_bind())
