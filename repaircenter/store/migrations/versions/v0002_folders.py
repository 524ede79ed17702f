"""Watched folders get a table of their own (issue 3); what the settings said about them is copied there.

The old settings stay: a migration that lost rows would be refused.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    folder = op.create_table(
        "folder",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer()),
        sa.Column("code_page", sa.Text(), nullable=False),
        sa.Column("cutoff", sa.Date()),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_folder"),
    )
    connection = op.get_bind()
    said = {row.key: row.value for row in connection.execute(sa.text("SELECT key, value FROM setting"))}
    for place, path in enumerate(json.loads(said.get("folders", "[]"))):
        shop = said.get(f"folder_shop:{path}")
        connection.execute(
            folder.insert().values(
                path=path,
                place=place,
                shop_id=int(shop) if shop else None,
                code_page=said.get(f"folder_code_page:{path}") or "cp1252",
                cutoff=None,
                paused=False,
                removed=False,
            )
        )
