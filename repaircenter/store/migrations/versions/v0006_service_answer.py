"""What the service says of a job is kept in one column: a fact more needs none (HOUSE 1.3)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_INSTANTS = ("received_at", "invited_at", "opened_at", "answered_at", "published_at")
_NOW_INSIDE = ("callable_on", "invited_at_utc", "opened_at_utc", "answered_at_utc", "published_at_utc")


def upgrade() -> None:
    op.execute(sa.text("ALTER TABLE job ADD COLUMN service TEXT"))
    parts = ["'state', service_state", "'reason', service_reason", "'callable_on', service_callable_on"]
    parts += [f"'{name}', service_{name}_utc" for name in _INSTANTS]
    parts += ["'stars', service_stars"]
    op.execute(sa.text(f"UPDATE job SET service = json_object({', '.join(parts)}) WHERE service_state IS NOT NULL"))
    for name in _NOW_INSIDE:
        op.execute(sa.text(f"ALTER TABLE job DROP COLUMN service_{name}"))
