"""One reminder of an unanswered survey, and how often one person is asked (A-05, A-P4; requirements 6.4)."""

from repaircenter.central.db.migrations.statements import run

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run("""
ALTER TABLE programme
  ADD COLUMN reminder_days integer NOT NULL DEFAULT 5 CHECK (reminder_days BETWEEN 0 AND 20),
  ADD COLUMN throttle_days integer NOT NULL DEFAULT 30 CHECK (throttle_days BETWEEN 0 AND 365);
ALTER TABLE invitation ADD COLUMN reminded_at timestamptz;
CREATE INDEX invitation_address ON invitation (org_id, address_mac);
""")
