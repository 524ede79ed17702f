"""What has changed, for desks that wait for it (issue 14.6, MODULES 2): written in the causing transaction.

Triggers write it, so that no way of changing a survey can forget to. `xid` is the writing transaction: a reader stops
before the oldest one that is still open, and so never passes a change that commits later.
"""

from repaircenter.central.db.migrations.statements import run

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run("""
CREATE TABLE feed (
  seq bigint GENERATED ALWAYS AS IDENTITY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  org_id bigint NOT NULL, shop_id bigint NOT NULL,
  kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (xid, seq));
CREATE INDEX feed_of_shop ON feed (shop_id, xid, seq);
CREATE INDEX feed_at ON feed (at);
ALTER TABLE feed ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON feed FOR SELECT
  USING ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
GRANT SELECT ON feed TO rc_web, rc_worker;

CREATE FUNCTION rc_tell_shops(shops bigint[]) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public AS
$$ SELECT pg_notify('rc_feed', shop::text) FROM (SELECT DISTINCT unnest(shops) AS shop) AS changed $$;

CREATE FUNCTION rc_feed_samples() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO feed (org_id, shop_id, kind, key)
    SELECT c.org_id, c.shop_id, 'job', j.job_key FROM changed c JOIN job j ON j.id = c.job_id ORDER BY c.id;
  PERFORM rc_tell_shops(ARRAY(SELECT shop_id FROM changed));
  RETURN NULL;
END $$;
-- Not when a sample is made: the desk that sent its job knows, and asks.
CREATE TRIGGER feed_changed AFTER UPDATE ON sample REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rc_feed_samples();

CREATE FUNCTION rc_feed_invitations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO feed (org_id, shop_id, kind, key)
    SELECT c.org_id, c.shop_id, 'job', j.job_key FROM changed c JOIN sample s ON s.id = c.sample_id
    JOIN job j ON j.id = s.job_id ORDER BY c.id;
  PERFORM rc_tell_shops(ARRAY(SELECT shop_id FROM changed));
  RETURN NULL;
END $$;
CREATE TRIGGER feed_changed AFTER UPDATE ON invitation REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rc_feed_invitations();

-- Whoever is erased leaves no key here either (DESIGN 4.6).
CREATE FUNCTION rc_feed_forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  DELETE FROM feed WHERE shop_id = OLD.shop_id AND kind = 'job' AND key = OLD.job_key;
  RETURN NULL;
END $$;
CREATE TRIGGER feed_forget AFTER UPDATE OF job_key ON job FOR EACH ROW
  WHEN (OLD.job_key IS DISTINCT FROM NEW.job_key) EXECUTE FUNCTION rc_feed_forget();

-- A desk asks anew with every session, which lasts a day: what is older nobody waits for.
CREATE FUNCTION rc_prune_feed() RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM feed WHERE at < now() - interval '2 days' $$;

REVOKE ALL ON FUNCTION rc_tell_shops(bigint[]), rc_prune_feed(), rc_feed_samples(), rc_feed_invitations(),
  rc_feed_forget() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_prune_feed() TO rc_web;
""")
