"""Alerts on low answers, opening hours of shops, modules of an organisation (A-06, A-20, A-P1 ... A-P3; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0019"
down_revision = "0018"

_TABLES = """
ALTER TABLE organisation ADD COLUMN modules text[] NOT NULL DEFAULT '{alerts}';
ALTER TABLE shop ADD COLUMN opening jsonb, ADD COLUMN closed date[] NOT NULL DEFAULT '{}';
ALTER TABLE programme
  ADD COLUMN alert_at_most smallint DEFAULT 7 CHECK (alert_at_most BETWEEN 0 AND 10),
  ADD COLUMN alert_hours integer NOT NULL DEFAULT 8 CHECK (alert_hours BETWEEN 1 AND 400),
  ADD COLUMN recovery_demanded boolean NOT NULL DEFAULT true;

CREATE TABLE alert (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  answer_id bigint NOT NULL UNIQUE, job_id bigint NOT NULL, programme_id bigint NOT NULL REFERENCES programme,
  low text[] NOT NULL, opened_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL, version integer NOT NULL DEFAULT 1, last_key text COLLATE "C",
  owner_id bigint, changed_by bigint, changed_at timestamptz, mailed_at timestamptz,
  told bigint[] NOT NULL DEFAULT '{}',
  cause text COLLATE "C", action text COLLATE "C", outcome text COLLATE "C", ended_by bigint, ended_at timestamptz,
  PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, job_id) REFERENCES job (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES answer (org_id, shop_id, id));
CREATE INDEX alert_of_shop ON alert (shop_id, opened_at);
CREATE INDEX alert_of_job ON alert (job_id);

CREATE TABLE alert_choice (
  org_id bigint NOT NULL, person_id bigint NOT NULL, shop_id bigint NOT NULL, choice text COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, person_id, shop_id),
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE);

CREATE TABLE alert_mail (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  person_id bigint NOT NULL, alerts bigint[] NOT NULL, made_at timestamptz NOT NULL, PRIMARY KEY (org_id, shop_id, id));

ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON alert
  USING ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]))
  WITH CHECK ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
CREATE POLICY by_person ON alert_choice
  USING ((SELECT rc_is_worker()) OR person_id = (SELECT rc_scope_person()))
  WITH CHECK (person_id = (SELECT rc_scope_person()) AND shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
CREATE POLICY by_worker ON alert_mail USING ((SELECT rc_is_worker())) WITH CHECK ((SELECT rc_is_worker()));
-- An alert is opened by the worker; people change what they do about it, and nothing of what it is about.
GRANT SELECT, INSERT, UPDATE ON alert TO rc_worker;
GRANT SELECT, UPDATE (state, version, last_key, owner_id, changed_by, changed_at, cause, action, outcome, ended_by,
  ended_at) ON alert TO rc_web;
GRANT SELECT, INSERT, UPDATE ON alert_choice TO rc_web;
GRANT SELECT ON alert_choice TO rc_worker;
GRANT SELECT, INSERT ON alert_mail TO rc_worker;
GRANT SELECT (email) ON person TO rc_worker;
"""

# What a customer's page may write when an answer comes: that it came, and that it is to be judged.
_ANSWERED = """
CREATE POLICY by_token ON event FOR INSERT WITH CHECK (kind = 'survey.answered' AND EXISTS (
  SELECT 1 FROM invitation i JOIN sample s ON s.id = i.sample_id
  WHERE s.job_id = event.job_id AND i.id = ANY ((SELECT rc_tokens())::bigint[])));
CREATE POLICY by_token ON timer FOR INSERT WITH CHECK (kind = 'alert.judge' AND occurrence = 0 AND EXISTS (
  SELECT 1 FROM answer a WHERE a.id = timer.subject_id AND a.org_id = timer.org_id AND a.shop_id = timer.shop_id
  AND a.invitation_id = ANY ((SELECT rc_tokens())::bigint[])));
"""

_PEOPLE = """
CREATE FUNCTION rc_people_of_shops() RETURNS TABLE (shop_id bigint, id bigint, name text, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT ps.shop_id, p.id, p.name, p.active FROM person p JOIN person_shop ps ON ps.person_id = p.id
   WHERE ps.shop_id = ANY (rc_seen_shops()) $$;
REVOKE ALL ON FUNCTION rc_people_of_shops() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_people_of_shops() TO rc_web;

DROP FUNCTION rc_session(bytea, timestamptz);
CREATE FUNCTION rc_session(hash bytea, at timestamptz)
RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean,
               scope text, role text, modules text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id, seen.shops, coalesce(o.licence_until > at, true), o.surveys,
     rc_signed('shops:' || array_to_string(seen.shops, ',') || ':'
               || CASE WHEN s.kind = 'person' THEN s.subject_id::text ELSE '' END), seen.role, o.modules
   FROM session s JOIN organisation o ON o.id = s.org_id,
   LATERAL (SELECT i.shops, NULL::text AS role FROM installation i
              WHERE s.kind = 'installation' AND i.id = s.subject_id AND i.revoked_at IS NULL
            UNION ALL
            SELECT array_agg(ps.shop_id ORDER BY ps.shop_id), p.role FROM person p
              JOIN person_shop ps ON ps.person_id = p.id
              WHERE s.kind <> 'installation' AND p.id = s.subject_id AND p.active GROUP BY p.role) AS seen
   WHERE s.token_hash = hash AND s.ends_at > at $$;
REVOKE ALL ON FUNCTION rc_session(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_session(bytea, timestamptz) TO rc_web;
"""

_FEED = """
CREATE FUNCTION rc_feed_alerts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO feed (org_id, shop_id, kind, key) SELECT org_id, shop_id, 'alert', id::text FROM changed ORDER BY id;
  PERFORM rc_tell_shops(ARRAY(SELECT shop_id FROM changed));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_feed_alerts() FROM PUBLIC;
CREATE TRIGGER feed_opened AFTER INSERT ON alert REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rc_feed_alerts();
CREATE TRIGGER feed_changed AFTER UPDATE ON alert REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION rc_feed_alerts();
"""


def upgrade() -> None:
    run(_TABLES)
    run(_ANSWERED)
    run(_PEOPLE)
    run(_FEED)
