"""Messages that end: attempts, the next one, why one failed; do-not-contact by address; keys of jobs (issue 13)."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for statement in (
        "ALTER TABLE mail_message ADD COLUMN attempts integer NOT NULL DEFAULT 0, ADD COLUMN next_try_at timestamptz, "
        'ADD COLUMN reason text COLLATE "C"',
        "UPDATE mail_message SET next_try_at = created_at WHERE state = 'waiting'",
        "CREATE INDEX mail_due ON mail_message (next_try_at) WHERE state = 'waiting'",
        # Consent holds for an address across the organisation, whatever job it was given with (DESIGN 3.16).
        "CREATE INDEX job_address ON job (org_id, lower(email)) WHERE email IS NOT NULL",
        # No index may begin with the shop alone: while the table is small the check of a sample's key would choose it,
        # keep that plan, and read every job of the shop for each new sample.
        "ALTER TABLE job DROP CONSTRAINT job_shop_id_job_key_key",
        "ALTER TABLE job ADD CONSTRAINT job_of_shop UNIQUE (job_key, shop_id)",
        "CREATE INDEX job_received ON job (received_at, shop_id)",
        "CREATE INDEX sample_invited ON sample (id) WHERE state = 'invited'",
        # Nobody sees a page being opened (B-N2): the instant of the answer was told as one.
        "UPDATE invitation SET started_at = NULL WHERE started_at = answered_at",
    ):
        op.execute(statement)
