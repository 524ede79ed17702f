"""What customers write back to what they were sent; people see it as an alert."""

from repaircenter.central.db.migrations.statements import run

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run("""
CREATE TABLE reply (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE, job_id bigint NOT NULL,
  invitation_id bigint NOT NULL, words text COLLATE "C" NOT NULL, digest bytea NOT NULL UNIQUE, came_at timestamptz NOT NULL,
  told_at timestamptz,
  PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, job_id) REFERENCES job (org_id, shop_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE);
CREATE INDEX reply_invitation ON reply (invitation_id);
CREATE INDEX reply_job ON reply (job_id);
ALTER TABLE reply ENABLE ROW LEVEL SECURITY;
-- What a customer wrote to a shop is the shop's: whoever reads a programme for an insurer sees none of it.
CREATE POLICY by_shop ON reply USING ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]))
  WITH CHECK ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
GRANT SELECT, UPDATE (words) ON reply TO rc_web;
GRANT SELECT, INSERT, UPDATE (words, told_at) ON reply TO rc_worker;
""")
