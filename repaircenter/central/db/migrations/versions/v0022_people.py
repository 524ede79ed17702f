"""People are asked in, changed and closed by those who may; what was done is kept (MODULES 2, accounts; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0022"
down_revision = "0021"

# Who was asked in has no password yet. A link to a page on which one is chosen holds a nonce, never its token.
_TABLES = """
ALTER TABLE person ALTER COLUMN password_hash DROP NOT NULL, ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN last_key text COLLATE "C", ADD COLUMN signed_in_at timestamptz;
CREATE UNIQUE INDEX person_last_key ON person (org_id, last_key);

CREATE TABLE password_link (
  org_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE, person_id bigint NOT NULL,
  shop_id bigint NOT NULL, asked_by bigint, nonce bytea NOT NULL, token_hash bytea NOT NULL UNIQUE,
  made_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, used_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE);
CREATE INDEX password_link_person ON password_link (person_id, made_at);

-- Nobody changes or deletes what was done; `by_id` is NULL for an operator of the service.
CREATE TABLE audit (
  org_id bigint NOT NULL REFERENCES organisation, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  at timestamptz NOT NULL, by_id bigint, what text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL CHECK (subject IN ('person', 'organisation', 'pc', 'programme', 'node')),
  subject_id bigint NOT NULL,
  before jsonb, after jsonb, PRIMARY KEY (org_id, id));
CREATE INDEX audit_subject ON audit (subject, subject_id, id);
ALTER TABLE password_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
"""

# Which role manages people is known here, too: plain SQL of the web role must not be able to give itself more.
_MANAGING = """
CREATE FUNCTION rc_managed_nodes() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH RECURSIVE below (id) AS (
    SELECT g.node_id FROM person_grant g JOIN person p ON p.id = g.person_id AND p.active
      WHERE g.person_id = rc_scope_person() AND g.role = 'shop_admin'
    UNION SELECT n.id FROM node n JOIN below b ON n.parent_id = b.id)
  SELECT id FROM below $$;
-- People with a grant within reach; `wholly` when none of theirs is out of it, `invited` while they have no password.
CREATE FUNCTION rc_managed_people() RETURNS TABLE (id bigint, wholly boolean, invited boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH managed AS MATERIALIZED (SELECT rc_managed_nodes() AS id)
  SELECT p.id, bool_and(g.node_id IN (SELECT m.id FROM managed m)), p.password_hash IS NULL
  FROM person_grant g JOIN person p ON p.id = g.person_id
  WHERE g.org_id = (SELECT me.org_id FROM person me WHERE me.id = rc_scope_person())
  GROUP BY p.id, p.password_hash HAVING bool_or(g.node_id IN (SELECT m.id FROM managed m)) $$;
-- A new person with a first grant; NULL where the address has an account already.
CREATE FUNCTION rc_add_person(address text, called text, speaks text, key text, role text, node bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE made person;
BEGIN
  IF node NOT IN (SELECT rc_managed_nodes()) THEN RAISE insufficient_privilege; END IF;
  INSERT INTO person (org_id, email, name, language, last_key)
    SELECT p.org_id, address, called, speaks, key FROM person p WHERE p.id = rc_scope_person()
    ON CONFLICT (email) DO NOTHING RETURNING * INTO made;
  INSERT INTO person_grant SELECT made.org_id, made.id, rc_add_person.role, node WHERE made.id IS NOT NULL;
  RETURN made.id;
END $$;
CREATE FUNCTION rc_history(wanted bigint)
RETURNS TABLE (at timestamptz, what text, by_name text, before jsonb, after jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT a.at, a.what, p.name, a.before, a.after FROM audit a LEFT JOIN person p ON p.id = a.by_id
   WHERE a.subject = 'person' AND a.subject_id = wanted AND wanted IN (SELECT m.id FROM rc_managed_people() m)
   ORDER BY a.id $$;
-- What a change must have seen, and its key; also of somebody whose name and account are out of reach.
CREATE FUNCTION rc_touch_person(wanted bigint, key text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE person SET version = version + 1, last_key = key
   WHERE id = wanted AND wanted IN (SELECT m.id FROM rc_managed_people() m) $$;
-- Who is closed or given another password is signed out everywhere. What a closed account kept says that it is closed, and
-- opens nothing after it is reopened.
CREATE FUNCTION rc_end_sessions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  DELETE FROM refresh WHERE person_id = NEW.id AND NEW.active;
  DELETE FROM session WHERE kind = 'person' AND subject_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER end_sessions AFTER UPDATE ON person FOR EACH ROW
  WHEN (OLD.password_hash IS DISTINCT FROM NEW.password_hash OR OLD.active <> NEW.active)
  EXECUTE FUNCTION rc_end_sessions();

DROP POLICY by_person ON person;
CREATE POLICY by_person ON person FOR SELECT USING ((SELECT rc_is_worker()) OR id = (SELECT rc_scope_person())
  OR id IN (SELECT m.id FROM rc_managed_people() m));
CREATE POLICY managed ON person FOR UPDATE USING (id IN (SELECT m.id FROM rc_managed_people() m WHERE m.wholly));
CREATE POLICY managed ON person_grant USING (node_id IN (SELECT rc_managed_nodes()))
  WITH CHECK (node_id IN (SELECT rc_managed_nodes()) AND person_id IN (SELECT m.id FROM rc_managed_people() m));
CREATE POLICY managed ON password_link
  USING ((SELECT rc_is_worker()) OR person_id IN (SELECT m.id FROM rc_managed_people() m))
  WITH CHECK (person_id IN (SELECT m.id FROM rc_managed_people() m WHERE m.wholly) AND asked_by = (SELECT rc_scope_person()));
CREATE POLICY managed ON audit FOR INSERT WITH CHECK (subject = 'person' AND by_id = (SELECT rc_scope_person())
  AND subject_id IN (SELECT m.id FROM rc_managed_people() m));
GRANT SELECT (email, version, last_key, signed_in_at), UPDATE (name, language, active) ON person TO rc_web;
GRANT SELECT, INSERT, DELETE ON person_grant TO rc_web;
GRANT SELECT (org_id, id, person_id, made_at, ends_at, used_at), INSERT ON password_link TO rc_web;
GRANT SELECT ON password_link TO rc_worker;
GRANT INSERT ON audit TO rc_web;
"""

# Before anybody is signed in: whoever forgot a password, and the page behind the link.
_LINKS = """
CREATE FUNCTION rc_is_invited(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$ SELECT password_hash IS NULL FROM person WHERE id = wanted $$;
CREATE FUNCTION rc_forgot_password(address text, nonce bytea, token bytea, at timestamptz, ends timestamptz,
  invited_ends timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
  WITH made AS (
    INSERT INTO password_link (org_id, person_id, shop_id, nonce, token_hash, made_at, ends_at)
      SELECT p.org_id, p.id, (SELECT min(r.shop_id) FROM rc_rights(p.id) r), nonce, token, at,
        CASE WHEN p.password_hash IS NULL THEN invited_ends ELSE ends END FROM person p
      WHERE p.email = address AND p.active AND EXISTS (SELECT 1 FROM rc_rights(p.id))
        AND (SELECT count(*) FROM password_link l WHERE l.person_id = p.id AND l.made_at > at - interval '1 hour') < 3
      RETURNING org_id, shop_id, id)
  INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
    SELECT org_id, shop_id, 'account.link', id, 0, at, at FROM made $$;
-- Only the newest link of an active person opens the page, once.
CREATE FUNCTION rc_password_link(token bytea, at timestamptz)
RETURNS TABLE (email text, name text, language text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT p.email, p.name, p.language, CASE WHEN l.used_at IS NOT NULL THEN 'used'
     WHEN at >= l.ends_at OR NOT p.active
       OR EXISTS (SELECT 1 FROM password_link o WHERE o.person_id = l.person_id AND o.id > l.id) THEN 'ended' ELSE 'open' END
   FROM password_link l JOIN person p ON p.id = l.person_id WHERE l.token_hash = token $$;
CREATE FUNCTION rc_choose_password(token bytea, hash text, address bytea, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE mine password_link;
BEGIN
  SELECT * INTO mine FROM password_link l WHERE l.token_hash = token FOR UPDATE;
  IF (SELECT state FROM rc_password_link(token, at)) IS DISTINCT FROM 'open' THEN RETURN false; END IF;
  UPDATE password_link SET used_at = at WHERE id = mine.id;
  UPDATE person SET password_hash = hash WHERE id = mine.person_id;
  DELETE FROM sign_in_failure f WHERE f.address = rc_choose_password.address;
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id)
    VALUES (mine.org_id, at, mine.person_id, 'password', 'person', mine.person_id);
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION rc_issue_refresh(wanted bigint, hash bytea, at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO refresh (org_id, token_hash, family, person_id, issued_at)
     SELECT org_id, hash, hash, id, at FROM person WHERE id = wanted;
   UPDATE person SET signed_in_at = at WHERE id = wanted $$;

REVOKE ALL ON FUNCTION rc_managed_nodes(), rc_managed_people(), rc_add_person(text, text, text, text, text, bigint),
  rc_end_sessions(), rc_touch_person(bigint, text), rc_is_invited(bigint), rc_history(bigint),
  rc_forgot_password(text, bytea, bytea, timestamptz, timestamptz, timestamptz),
  rc_password_link(bytea, timestamptz), rc_choose_password(bytea, text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_managed_nodes(), rc_managed_people() TO rc_web, rc_worker;
GRANT EXECUTE ON FUNCTION rc_add_person(text, text, text, text, text, bigint) TO rc_web;
GRANT EXECUTE ON FUNCTION rc_history(bigint), rc_touch_person(bigint, text) TO rc_web;
GRANT EXECUTE ON FUNCTION rc_is_invited(bigint) TO rc_worker;
GRANT EXECUTE ON FUNCTION rc_forgot_password(text, bytea, bytea, timestamptz, timestamptz, timestamptz),
  rc_password_link(bytea, timestamptz), rc_choose_password(bytea, text, bytea, timestamptz) TO rc_sign_in;
"""


def upgrade() -> None:
    run(_TABLES)
    run(_MANAGING)
    run(_LINKS)
