"""A programme says when its answers are shown (A-20, A-21, requirements 6.3; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run("""
ALTER TABLE programme ADD COLUMN publishing text COLLATE "C" NOT NULL DEFAULT 'at_once';
-- When the answer of an invitation is shown: response rates are counted over invitations alone.
ALTER TABLE invitation ADD COLUMN shown_at timestamptz;
ALTER TABLE invitation DISABLE TRIGGER feed_changed;
UPDATE invitation i SET shown_at = a.visible_from FROM answer a WHERE a.invitation_id = i.id;
ALTER TABLE invitation ENABLE TRIGGER feed_changed;
GRANT UPDATE (publishing) ON programme TO rc_web;
DROP POLICY by_token ON timer;
CREATE POLICY by_token ON timer FOR INSERT WITH CHECK (kind IN ('alert.judge', 'survey.publish') AND occurrence = 0
  AND EXISTS (SELECT 1 FROM answer a WHERE a.id = timer.subject_id AND a.org_id = timer.org_id
    AND a.shop_id = timer.shop_id AND a.invitation_id = ANY ((SELECT rc_tokens())::bigint[])));
""")
