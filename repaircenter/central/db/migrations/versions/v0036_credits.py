"""Technicians and service writers of a job with their shares (B-26, B-N7); frozen into its invitation as all people are."""

from repaircenter.central.db.migrations.statements import run

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run("ALTER TABLE job ADD COLUMN credits jsonb NOT NULL DEFAULT '{}'")
