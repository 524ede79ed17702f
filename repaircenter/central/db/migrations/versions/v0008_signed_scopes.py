"""The web role chooses no scope, reads no password and opens no session (issue 13.29, decision 012).

A scope is signed with a key only the owner reads: it is handed out for the token of a session or of a survey, and one
that was not signed here is no scope. What makes or checks sign-ins belongs to the role `rc_sign_in`.
"""

from repaircenter.central.db.migrations.statements import run

revision = "0008"
down_revision = "0007"

_SCOPES = """
CREATE TABLE scope_key (key bytea NOT NULL);
INSERT INTO scope_key
  SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
ALTER TABLE scope_key ENABLE ROW LEVEL SECURITY;

-- The key on both sides: a digest of this kind cannot be continued.
CREATE FUNCTION rc_signed(scope text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = public AS
$$ SELECT scope || ':' || encode(sha256(key || convert_to(scope, 'UTF8') || key), 'hex') FROM scope_key $$;

-- kind:ids:person of the transaction when it was signed here, else nothing.
CREATE FUNCTION rc_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = public AS
$$ SELECT CASE WHEN given = rc_signed(bare) THEN bare ELSE '' END
   FROM (SELECT given, regexp_replace(given, ':[0-9a-f]*$', '') AS bare
         FROM (SELECT coalesce(current_setting('rc.scope', true), '') AS given) AS setting) AS parts
   WHERE given <> '' $$;

CREATE OR REPLACE FUNCTION rc_scope_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(split_part(rc_scope(), ':', 1), '') $$;

CREATE OR REPLACE FUNCTION rc_scope_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(split_part(rc_scope(), ':', 3), '')::bigint $$;

-- A transaction may look at fewer shops than its scope holds (rc.only), never at more.
CREATE OR REPLACE FUNCTION rc_scope_ids() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT ARRAY(
     SELECT id::bigint FROM unnest(string_to_array(nullif(split_part(rc_scope(), ':', 2), ''), ',')) AS id
     WHERE coalesce(current_setting('rc.only', true), '') = ''
       OR id = ANY (string_to_array(current_setting('rc.only', true), ','))) $$;

-- The worker works for everybody and has a role of its own: nothing is signed for it.
CREATE OR REPLACE FUNCTION rc_is_worker() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT current_user = 'rc_worker' AND coalesce(current_setting('rc.scope', true), '') = 'worker' $$;

CREATE FUNCTION rc_scope_of_person(wanted bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS
$$ SELECT rc_signed('shops:' || string_agg(ps.shop_id::text, ',' ORDER BY ps.shop_id) || ':' || p.id)
   FROM person p JOIN person_shop ps ON ps.person_id = p.id WHERE p.id = wanted AND p.active GROUP BY p.id $$;

DROP FUNCTION rc_session(bytea, timestamptz);
CREATE FUNCTION rc_session(hash bytea, at timestamptz)
RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean,
               scope text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id, seen.shops, coalesce(o.licence_until > at, true), o.surveys,
     rc_signed('shops:' || array_to_string(seen.shops, ',') || ':'
               || CASE WHEN s.kind = 'person' THEN s.subject_id::text ELSE '' END)
   FROM session s JOIN organisation o ON o.id = s.org_id,
   LATERAL (SELECT CASE WHEN s.kind = 'installation'
       THEN (SELECT i.shops FROM installation i WHERE i.id = s.subject_id AND i.revoked_at IS NULL)
       ELSE (SELECT array_agg(ps.shop_id ORDER BY ps.shop_id) FROM person_shop ps JOIN person p ON p.id = ps.person_id
             WHERE ps.person_id = s.subject_id AND p.active) END AS shops) AS seen
   WHERE s.token_hash = hash AND s.ends_at > at $$;

DROP FUNCTION rc_invitation_by_token(bytea);
CREATE FUNCTION rc_invitation_by_token(hash bytea) RETURNS TABLE (id bigint, scope text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT id, rc_signed('token:' || id || ':') FROM invitation WHERE token_hash = hash $$;

-- Only the one whose page it is.
CREATE OR REPLACE FUNCTION rc_opt_out(wanted bigint, when_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO opt_out (org_id, address_mac, at)
   SELECT org_id, address_mac, when_at FROM invitation WHERE id = wanted AND rc_has_token(wanted)
   ON CONFLICT DO NOTHING $$;

DROP FUNCTION rc_shops_of_person(bigint);
REVOKE ALL ON FUNCTION rc_signed(text), rc_scope(), rc_scope_of_person(bigint), rc_session(bytea, timestamptz),
  rc_invitation_by_token(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_scope() TO rc_web, rc_worker, rc_sign_in;
GRANT EXECUTE ON FUNCTION rc_session(bytea, timestamptz), rc_invitation_by_token(bytea) TO rc_web;
"""

# What makes or checks sign-ins, and the web role may not any more.
_SIGN_IN = (
    "rc_person_for_sign_in(text)",
    "rc_open_session(bigint, bytea, text, bigint, timestamptz, timestamptz)",
    "rc_issue_refresh(bigint, bytea, timestamptz)",
    "rc_bind_session(bytea, bytea)",
    "rc_rotate(bytea, bytea, timestamptz, interval)",
    "rc_sign_out(bytea)",
    "rc_installation(bigint, bytea)",
    "rc_pair(bigint, text, bytea, timestamptz)",
    "rc_licence(bigint)",
    "rc_locked_until(bytea, timestamptz)",
    "rc_sign_in_failed(bytea, timestamptz)",
    "rc_sign_in_good(bytea)",
)


def upgrade() -> None:
    run("GRANT USAGE ON SCHEMA public TO rc_sign_in")
    run(_SCOPES)
    for function in (*_SIGN_IN, "rc_scope_of_person(bigint)"):
        run(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, rc_web, rc_worker")
        run(f"GRANT EXECUTE ON FUNCTION {function} TO rc_sign_in")
