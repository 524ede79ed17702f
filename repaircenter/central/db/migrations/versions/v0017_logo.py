"""The logo of an organisation, on its reports (issue 15.19): its people see it, and those who may put another one."""

from repaircenter.central.db.migrations.statements import run

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run("""
ALTER TABLE organisation ADD COLUMN logo bytea CHECK (octet_length(logo) <= 262144);
CREATE POLICY by_own_shops ON organisation FOR SELECT
  USING (id IN (SELECT s.org_id FROM shop s WHERE s.id = ANY ((SELECT rc_seen_shops())::bigint[])));
CREATE POLICY logo_of_own_shops ON organisation FOR UPDATE
  USING (id IN (SELECT s.org_id FROM shop s WHERE s.id = ANY ((SELECT rc_seen_shops())::bigint[])));
GRANT SELECT (id, logo), UPDATE (logo) ON organisation TO rc_web;
""")
