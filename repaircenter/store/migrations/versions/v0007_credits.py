"""Who worked on a job beside its estimator, with their shares (B-N7)."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(sa.text("ALTER TABLE job ADD COLUMN credits TEXT NOT NULL DEFAULT '{}'"))
