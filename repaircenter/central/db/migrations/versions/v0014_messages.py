"""Mail becomes a message of any kind, once for each subject, occurrence and channel (issue 14.6, MODULES 2)."""

from repaircenter.central.db.migrations.statements import run

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run("""
ALTER TABLE mail_message RENAME TO message;
ALTER SEQUENCE mail_message_id_seq RENAME TO message_id_seq;
ALTER TABLE message DROP CONSTRAINT mail_message_org_id_shop_id_invitation_id_fkey;
ALTER TABLE message RENAME COLUMN invitation_id TO subject_id;
ALTER TABLE message RENAME COLUMN sent_at TO ended_at;
ALTER TABLE message ADD COLUMN occurrence integer NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN channel text COLLATE "C" NOT NULL DEFAULT 'email';
ALTER TABLE message DROP CONSTRAINT mail_message_kind_invitation_id_key;
UPDATE message SET kind = 'survey.invitation' WHERE kind = 'invitation';
ALTER TABLE message ADD CONSTRAINT message_once UNIQUE (kind, subject_id, occurrence, channel);
ALTER TABLE message RENAME CONSTRAINT mail_message_pkey TO message_pkey;
ALTER TABLE message RENAME CONSTRAINT mail_message_id_key TO message_id_key;

INSERT INTO timer (org_id, shop_id, kind, subject_id, due_at, planned_at)
  SELECT org_id, shop_id, 'message.send', id, coalesce(next_try_at, created_at), created_at
  FROM message WHERE state = 'waiting';
DROP INDEX mail_due;
ALTER TABLE message DROP COLUMN next_try_at;
DELETE FROM procrastinate_jobs WHERE task_name = 'send_mail' AND status IN ('todo', 'doing', 'failed');
""")
