"""Drafts of questionnaires that are over go by themselves (issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    run("""
CREATE POLICY by_worker ON questionnaire_draft TO rc_worker USING ((SELECT rc_is_worker()));
GRANT SELECT, DELETE ON questionnaire_draft TO rc_worker;
""")
