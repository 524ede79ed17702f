"""A session says the role of its person: permissions are judged with every request (issue 14.6)."""

from repaircenter.central.db.migrations.statements import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run("""
DROP FUNCTION rc_session(bytea, timestamptz);
CREATE FUNCTION rc_session(hash bytea, at timestamptz)
RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean,
               scope text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id, seen.shops, coalesce(o.licence_until > at, true), o.surveys,
     rc_signed('shops:' || array_to_string(seen.shops, ',') || ':'
               || CASE WHEN s.kind = 'person' THEN s.subject_id::text ELSE '' END), seen.role
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
""")
