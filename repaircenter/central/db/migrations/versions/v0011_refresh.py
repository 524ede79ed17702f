"""A refresh token that is shown twice ends its sign-in at once (issue 13.22).

An answer that got lost is asked for again with the same attempt, which the desk kept before it asked, and gets the same
successor. Anybody else who shows the token holds a copy.
"""

from repaircenter.central.db.migrations.statements import run

revision = "0011"
down_revision = "0010"

_ROTATE = """
ALTER TABLE refresh ADD COLUMN attempt bytea;
ALTER TABLE refresh DROP COLUMN superseded;
DROP FUNCTION rc_rotate(bytea, bytea, timestamptz, interval);
CREATE FUNCTION rc_rotate(old bytea, fresh bytea, trying bytea, at timestamptz, idle interval)
RETURNS TABLE (org bigint, person bigint, verdict text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE mine refresh; known person;
BEGIN
  SELECT * INTO mine FROM refresh r WHERE r.token_hash = old FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN; END IF;
  SELECT * INTO known FROM person p WHERE p.id = mine.person_id;
  IF NOT known.active THEN RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'account_revoked'; RETURN; END IF;
  IF mine.issued_at < at - idle OR (mine.replaced_by IS NOT NULL AND NOT (
       mine.attempt IS NOT NULL AND mine.attempt = trying AND mine.replaced_by = fresh
       AND EXISTS (SELECT 1 FROM refresh r WHERE r.token_hash = fresh AND r.used_at IS NULL))) THEN
    PERFORM rc_end_family(mine.family);
    RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN;
  END IF;
  IF mine.replaced_by IS NULL THEN
    INSERT INTO refresh (org_id, token_hash, family, person_id, issued_at)
      VALUES (mine.org_id, fresh, mine.family, mine.person_id, at);
    UPDATE refresh SET replaced_by = fresh, attempt = trying, used_at = at WHERE token_hash = old;
    DELETE FROM refresh r WHERE r.family = mine.family AND r.issued_at < at - idle;
  END IF;
  RETURN QUERY SELECT mine.org_id, mine.person_id, 'good';
END $$;
REVOKE ALL ON FUNCTION rc_rotate(bytea, bytea, bytea, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_rotate(bytea, bytea, bytea, timestamptz, interval) TO rc_sign_in;
"""


def upgrade() -> None:
    run(_ROTATE)
