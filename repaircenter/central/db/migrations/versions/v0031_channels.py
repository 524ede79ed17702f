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
-- Links of a survey that goes on another way: they open nothing, and still stop what goes to their address.
CREATE TABLE earlier_link (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, invitation_id bigint NOT NULL, token_hash bytea PRIMARY KEY,
  address_mac bytea NOT NULL,
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE);
ALTER TABLE earlier_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_worker ON earlier_link USING ((SELECT rc_is_worker())) WITH CHECK ((SELECT rc_is_worker()));
GRANT SELECT, INSERT ON earlier_link TO rc_worker;
CREATE FUNCTION rc_earlier_link(hash bytea) RETURNS TABLE (shop text, language text) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS $$ SELECT h.name, i.language FROM earlier_link e JOIN invitation i ON i.id = e.invitation_id
    JOIN shop h ON h.id = e.shop_id WHERE e.token_hash = $1 $$;
CREATE FUNCTION rc_stop_earlier(hash bytea, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public
  AS $$ INSERT INTO opt_out (org_id, address_mac, at) SELECT e.org_id, e.address_mac, $2 FROM earlier_link e
    WHERE e.token_hash = $1 ON CONFLICT DO NOTHING $$;
REVOKE ALL ON FUNCTION rc_earlier_link(bytea), rc_stop_earlier(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_earlier_link(bytea), rc_stop_earlier(bytea, timestamptz) TO rc_web;
-- Who stops texts says so to a number that all organisations share.
CREATE INDEX message_text_to ON message (address_mac) WHERE channel = 'sms';
CREATE INDEX job_phones_forbidden ON job USING gin (phones) WHERE do_not_contact;
GRANT INSERT ON opt_out TO rc_worker;
""")
