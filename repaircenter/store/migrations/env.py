"""Alembic's entry: runs on the connection and in the transaction that store.migrating handed over."""

from alembic import context

from repaircenter.store.search import TABLES
from repaircenter.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
    include_name=lambda name, kind, _parents: not (kind == "table" and name in TABLES),
)
context.run_migrations()
