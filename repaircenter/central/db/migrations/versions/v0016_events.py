"""The story of jobs at the service: append-only, without personal data (issue 14.6, MODULES 2)."""

from repaircenter.central.db.migrations.statements import run

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run("""
CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id bigint NOT NULL, shop_id bigint NOT NULL, job_id bigint NOT NULL,
  at timestamptz NOT NULL, kind text COLLATE "C" NOT NULL, reason text COLLATE "C",
  FOREIGN KEY (org_id, shop_id, job_id) REFERENCES job (org_id, shop_id, id));
CREATE INDEX event_of_job ON event (job_id, id);
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON event
  USING ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]))
  WITH CHECK ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
-- Nobody changes or takes back what has happened.
GRANT SELECT, INSERT ON event TO rc_web, rc_worker;
""")
