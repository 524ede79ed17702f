"""The last results of a person's favourites, to be read while the service is away (UI.md, Surveys)."""

import sqlalchemy as sa
from alembic import op

from repaircenter.store.tables import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "kept_favourite",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("favourite", sa.Text(), nullable=False),
        sa.Column("result", sa.LargeBinary()),
        sa.Column("made_at_utc", Utc()),
        sa.PrimaryKeyConstraint("person", "id", name="pk_kept_favourite"),
    )
