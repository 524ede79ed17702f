"""A programme asks by e-mail, text message or telephone, each after the other (A-P5, A-P12; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run("""
ALTER TABLE programme ADD COLUMN channels text[] COLLATE "C" NOT NULL DEFAULT '{email}'
  CHECK (cardinality(channels) > 0 AND channels <@ '{email,sms,phone}');
GRANT UPDATE (channels) ON programme TO rc_web;
-- The digests of addresses and numbers at which the customer could not be reached, and when a telephone got the message.
ALTER TABLE invitation ADD COLUMN tried bytea[] NOT NULL DEFAULT '{}', ADD COLUMN delivered_at timestamptz;
ALTER TABLE invitation DISABLE TRIGGER feed_changed;
UPDATE invitation SET tried = ARRAY[address_mac] WHERE bounced_at IS NOT NULL;
ALTER TABLE invitation ENABLE TRIGGER feed_changed;
-- What was said of a message while it was still being handed in: kept until that has ended.
ALTER TABLE message ADD COLUMN told text COLLATE "C";
-- Who stops texts says so to a number that all organisations share.
CREATE INDEX message_text_to ON message (address_mac) WHERE channel = 'sms';
CREATE INDEX job_phones_forbidden ON job USING gin (phones) WHERE do_not_contact;
GRANT INSERT ON opt_out TO rc_worker;
""")
