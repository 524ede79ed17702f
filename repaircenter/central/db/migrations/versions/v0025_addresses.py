"""The address of a person changes once the old and the new one have confirmed it (A-26; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0025"
down_revision = "0024"

_ADDRESSES = """
CREATE TABLE address_change (
  org_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE, person_id bigint NOT NULL,
  shop_id bigint NOT NULL, address text COLLATE "C" NOT NULL, made_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
  old_nonce bytea NOT NULL, old_hash bytea NOT NULL UNIQUE, old_at timestamptz,
  new_nonce bytea NOT NULL, new_hash bytea NOT NULL UNIQUE, new_at timestamptz, done_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE);
CREATE INDEX address_change_person ON address_change (person_id, id);
ALTER TABLE address_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON address_change USING ((SELECT rc_is_worker()) OR person_id = (SELECT rc_scope_person()))
  WITH CHECK (person_id = (SELECT rc_scope_person()) AND old_at IS NULL AND new_at IS NULL AND done_at IS NULL);
GRANT SELECT (org_id, id, person_id, address, made_at, ends_at, old_at, new_at, done_at), INSERT ON address_change TO rc_web;
GRANT SELECT ON address_change TO rc_worker;

-- Only the newest change of an active person is open. `side` is old or new: whose mail the link stood in.
CREATE FUNCTION rc_address_change(token bytea, at timestamptz)
RETURNS TABLE (id bigint, side text, name text, language text, old_address text, new_address text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT c.id, s.side, p.name, p.language, CASE WHEN c.done_at IS NULL THEN p.email ELSE '' END, c.address,
     CASE WHEN c.done_at IS NOT NULL THEN 'done'
       WHEN at >= c.ends_at OR NOT p.active
         OR EXISTS (SELECT 1 FROM address_change o WHERE o.person_id = c.person_id AND o.id > c.id) THEN 'ended'
       WHEN CASE s.side WHEN 'old' THEN c.old_at ELSE c.new_at END IS NOT NULL THEN 'waiting' ELSE 'open' END
   FROM address_change c JOIN person p ON p.id = c.person_id,
   LATERAL (SELECT CASE WHEN c.old_hash = token THEN 'old' ELSE 'new' END AS side) AS s
   WHERE token IN (c.old_hash, c.new_hash) $$;
-- What holds then: waiting for the other one, done, taken by somebody meanwhile, or ended.
CREATE FUNCTION rc_confirm_address(token bytea, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE known record; mine address_change; before text;
BEGIN
  PERFORM 1 FROM address_change c WHERE token IN (c.old_hash, c.new_hash) FOR UPDATE;
  SELECT * INTO known FROM rc_address_change(token, at);
  IF known.state IS NULL OR known.state IN ('done', 'ended') THEN RETURN known.state; END IF;
  UPDATE address_change c SET old_at = CASE WHEN known.side = 'old' THEN coalesce(c.old_at, at) ELSE c.old_at END,
    new_at = CASE WHEN known.side = 'new' THEN coalesce(c.new_at, at) ELSE c.new_at END
    WHERE c.id = known.id RETURNING c.* INTO mine;
  IF mine.old_at IS NULL OR mine.new_at IS NULL THEN RETURN 'waiting'; END IF;
  IF EXISTS (SELECT 1 FROM person p WHERE p.email = mine.address AND p.id <> mine.person_id) THEN RETURN 'taken'; END IF;
  SELECT p.email INTO before FROM person p WHERE p.id = mine.person_id FOR UPDATE;
  UPDATE person SET email = mine.address, version = version + 1 WHERE id = mine.person_id;
  UPDATE address_change c SET done_at = at WHERE c.id = mine.id;
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
    VALUES (mine.org_id, at, mine.person_id, 'address', 'person', mine.person_id, to_jsonb(before), to_jsonb(mine.address));
  RETURN 'done';
END $$;
CREATE FUNCTION rc_address_taken(wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT EXISTS (SELECT 1 FROM person WHERE email = wanted) $$;
REVOKE ALL ON FUNCTION rc_address_change(bytea, timestamptz), rc_confirm_address(bytea, timestamptz),
  rc_address_taken(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_address_change(bytea, timestamptz), rc_confirm_address(bytea, timestamptz) TO rc_sign_in;
GRANT EXECUTE ON FUNCTION rc_address_taken(text) TO rc_web;
"""


def upgrade() -> None:
    run(_ADDRESSES)
