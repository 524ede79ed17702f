"""Licences, refresh tokens, erased jobs (A-01, DESIGN 3.10, 4.6); keys of jobs without a VIN in them (DESIGN 4.7)."""

from repaircenter.central.db.migrations.statements import run

revision = "0003"
down_revision = "0002"

_TABLES = """
ALTER TABLE organisation ADD COLUMN licence_until timestamptz, ADD COLUMN surveys boolean NOT NULL DEFAULT true;
ALTER TABLE job ADD COLUMN erased_at timestamptz;
UPDATE job SET job_key = 'vin:' || left(encode(sha256(convert_to(substr(job_key, 5), 'UTF8')), 'hex'), 32)
  WHERE job_key LIKE 'vin:%:%';

-- What keeps an erased customer erased: a keyed mark, nothing else.
CREATE TABLE erased_job (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  job_mac bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, job_mac),
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE
);
ALTER TABLE erased_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON erased_job USING (rc_sees_shop(shop_id)) WITH CHECK (rc_sees_shop(shop_id));
GRANT SELECT, INSERT ON erased_job TO rc_web;

-- Refresh tokens rotate: one family a sign-in, one living token a family. Reached through the functions below only.
CREATE TABLE refresh (
  org_id bigint NOT NULL,
  token_hash bytea PRIMARY KEY,
  family bytea NOT NULL,
  person_id bigint NOT NULL,
  issued_at timestamptz NOT NULL,
  used_at timestamptz,
  replaced_by bytea,
  superseded boolean NOT NULL DEFAULT false,
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_family ON refresh (family);
ALTER TABLE refresh ENABLE ROW LEVEL SECURITY;
ALTER TABLE session ADD COLUMN family bytea;
"""

_FUNCTIONS = """
CREATE FUNCTION rc_issue_refresh(wanted bigint, hash bytea, at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO refresh (org_id, token_hash, family, person_id, issued_at)
   SELECT org_id, hash, hash, id, at FROM person WHERE id = wanted $$;

CREATE FUNCTION rc_end_family(ended bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM session WHERE family = ended; DELETE FROM refresh WHERE family = ended $$;

-- The next token of a family. An old one is good again only while the one that followed it was never used: its answer
-- was lost on the way. An old one after that was copied: the whole family ends.
CREATE FUNCTION rc_rotate(old bytea, fresh bytea, at timestamptz, idle interval)
RETURNS TABLE (org bigint, person bigint, verdict text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE mine refresh; next refresh; known person;
BEGIN
  SELECT * INTO mine FROM refresh r WHERE r.token_hash = old FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN; END IF;
  SELECT * INTO known FROM person p WHERE p.id = mine.person_id;
  IF NOT known.active THEN RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'account_revoked'; RETURN; END IF;
  IF mine.superseded OR mine.issued_at < at - idle THEN
    PERFORM rc_end_family(mine.family);
    RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN;
  END IF;
  IF mine.replaced_by IS NOT NULL THEN
    SELECT * INTO next FROM refresh r WHERE r.token_hash = mine.replaced_by;
    IF next.used_at IS NOT NULL THEN
      PERFORM rc_end_family(mine.family);
      RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN;
    END IF;
    -- Lost on the way, or held by somebody else: should it ever be shown, there are two of them.
    UPDATE refresh SET superseded = true WHERE token_hash = mine.replaced_by;
  END IF;
  INSERT INTO refresh (org_id, token_hash, family, person_id, issued_at)
    VALUES (mine.org_id, fresh, mine.family, mine.person_id, at);
  UPDATE refresh SET replaced_by = fresh, used_at = coalesce(used_at, at) WHERE token_hash = old;
  DELETE FROM refresh r WHERE r.family = mine.family AND r.issued_at < at - idle;
  RETURN QUERY SELECT mine.org_id, mine.person_id, 'good';
END $$;

CREATE FUNCTION rc_sign_out(hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ SELECT rc_end_family((SELECT family FROM refresh WHERE token_hash = hash)) $$;

-- A person's session ends with the sign-in it came from.
CREATE FUNCTION rc_bind_session(session_hash bytea, refresh_hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE session SET family = (SELECT family FROM refresh WHERE token_hash = refresh_hash)
   WHERE token_hash = session_hash $$;

CREATE FUNCTION rc_licence(wanted bigint) RETURNS TABLE (until timestamptz, surveys boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT licence_until, surveys FROM organisation WHERE id = wanted $$;

DROP FUNCTION rc_person_for_sign_in(text);
CREATE FUNCTION rc_person_for_sign_in(address text)
RETURNS TABLE (org_id bigint, id bigint, password_hash text, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT org_id, id, password_hash, active FROM person WHERE email = address $$;

DROP FUNCTION rc_session(bytea, timestamptz);
CREATE FUNCTION rc_session(hash bytea, at timestamptz)
RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id,
     CASE WHEN s.kind = 'installation'
       THEN (SELECT i.shops FROM installation i WHERE i.id = s.subject_id AND i.revoked_at IS NULL)
       ELSE (SELECT array_agg(ps.shop_id ORDER BY ps.shop_id) FROM person_shop ps JOIN person p ON p.id = ps.person_id
             WHERE ps.person_id = s.subject_id AND p.active) END,
     coalesce(o.licence_until > at, true), o.surveys
   FROM session s JOIN organisation o ON o.id = s.org_id WHERE s.token_hash = hash AND s.ends_at > at $$;

REVOKE ALL ON FUNCTION rc_end_family(bytea), rc_bind_session(bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_bind_session(bytea, bytea) TO rc_web;
REVOKE ALL ON FUNCTION rc_issue_refresh(bigint, bytea, timestamptz), rc_rotate(bytea, bytea, timestamptz, interval),
  rc_sign_out(bytea), rc_licence(bigint), rc_person_for_sign_in(text), rc_session(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_issue_refresh(bigint, bytea, timestamptz), rc_rotate(bytea, bytea, timestamptz, interval),
  rc_sign_out(bytea), rc_licence(bigint), rc_person_for_sign_in(text), rc_session(bytea, timestamptz) TO rc_web;
"""


def upgrade() -> None:
    for statements in (_TABLES, _FUNCTIONS):
        run(statements)
