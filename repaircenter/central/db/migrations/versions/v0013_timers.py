"""Everything that is due at a time stands in one table (issue 14.6, MODULES 2); who is to be asked moves there."""

from repaircenter.central.db.migrations.statements import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run("""
CREATE TABLE timer (
  org_id bigint NOT NULL, shop_id bigint NOT NULL,
  kind text COLLATE "C" NOT NULL, subject_id bigint NOT NULL, occurrence integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL, planned_at timestamptz NOT NULL, state text COLLATE "C" NOT NULL DEFAULT 'waiting',
  PRIMARY KEY (kind, subject_id, occurrence));
CREATE INDEX timer_due ON timer (due_at) WHERE state = 'waiting';
ALTER TABLE timer ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON timer
  USING ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]))
  WITH CHECK ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
GRANT SELECT, INSERT, UPDATE ON timer TO rc_web, rc_worker;

-- Samples that were taken from their rows and not yet worked on are due again: inviting is idempotent.
INSERT INTO timer (org_id, shop_id, kind, subject_id, due_at, planned_at)
  SELECT org_id, shop_id, 'survey.invite', id, due_at, due_at FROM sample WHERE state IN ('ageing', 'callable');
INSERT INTO timer (org_id, shop_id, kind, subject_id, due_at, planned_at)
  SELECT i.org_id, i.shop_id, 'survey.expire', s.id, i.sent_at + interval '30 days', i.sent_at + interval '30 days'
  FROM sample s JOIN invitation i ON i.sample_id = s.id WHERE s.state = 'invited' AND i.sent_at IS NOT NULL;
DROP INDEX sample_due;
DROP INDEX sample_invited;
ALTER TABLE sample DROP COLUMN due_at;
DELETE FROM procrastinate_jobs WHERE task_name = 'invite' AND status IN ('todo', 'doing', 'failed');
""")
