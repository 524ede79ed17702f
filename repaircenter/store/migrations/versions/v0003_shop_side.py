"""What issue 4 needs of a job: steps by hand, suggestions, erasure, a revision for lists; keys without a VIN in them."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from repaircenter.store.tables import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for column in (
        sa.Column("skipped", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("merged_into", sa.Integer()),
        sa.Column("erased_at_utc", Utc()),
        sa.Column("blanked_at_utc", Utc()),
        sa.Column("sent_why", sa.Text()),
        sa.Column("service_published_at_utc", Utc()),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("job", column)
    op.create_index("ix_job_revision", "job", ["revision"])
    op.create_index("ix_job_vin", "job", ["vin"])
    op.create_index("ix_job_ro_number", "job", ["ro_number"])
    op.create_index("ix_event_kind", "event", ["kind", "at_utc"])
    op.create_table(
        "hand_step",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at_utc", Utc(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_hand_step_job_id_job", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name="pk_hand_step"),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at_utc", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_suggestion_job_id_job", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["job.id"], name="fk_suggestion_other_id_job", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
    )
    op.create_index(op.f("ix_suggestion_job_id"), "suggestion", ["job_id"])
    _without_vin()


def _without_vin() -> None:
    """`vin:VIN:CLAIM` -> `vin:` + digest, in jobs and in the messages that wait (shop.jobs.identity)."""
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, job_key FROM job WHERE job_key LIKE 'vin:%:%'")).all():
        key = "vin:" + hashlib.sha256(row.job_key[4:].encode()).hexdigest()[:32]
        connection.execute(sa.text("UPDATE job SET job_key = :key WHERE id = :id"), {"key": key, "id": row.id})
        waiting = sa.text("SELECT id, payload FROM outbox WHERE job_id = :id AND state = 'waiting' AND started = 0")
        for message in connection.execute(waiting, {"id": row.id}).all():
            payload = json.dumps({**json.loads(message.payload), "job_key": key}, ensure_ascii=False, sort_keys=True)
            connection.execute(
                sa.text("UPDATE outbox SET payload = :payload, digest = :digest WHERE id = :id"),
                {"payload": payload, "digest": hashlib.sha256(payload.encode()).hexdigest(), "id": message.id},
            )
