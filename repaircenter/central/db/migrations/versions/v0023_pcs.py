"""Whoever manages people sees what is licensed and which PCs collect, and revokes one of them; a licence that changes is
kept in the audit (issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0023"
down_revision = "0022"

_PCS = """
-- PCs that collect for a shop within reach; `wholly` when for no other.
CREATE FUNCTION rc_managed_pcs() RETURNS TABLE (id bigint, name text, shops bigint[], wholly boolean, paired_by text,
  paired_at timestamptz, heard_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH managed AS MATERIALIZED (
    SELECT coalesce(array_agg(n.shop_id), '{}') AS shops FROM node n
    WHERE n.shop_id IS NOT NULL AND n.id IN (SELECT rc_managed_nodes()))
  SELECT i.id, i.device_name, ARRAY(SELECT unnest(i.shops) INTERSECT SELECT unnest(m.shops) ORDER BY 1),
    i.shops <@ m.shops, p.name, i.created_at,
    (SELECT max(c.seen_at) FROM collecting c WHERE c.installation_id = i.id), i.revoked_at
  FROM installation i JOIN managed m ON i.shops && m.shops LEFT JOIN person p ON p.id = i.paired_by $$;
-- Once; the PC is signed out and collects no more.
CREATE FUNCTION rc_revoke_pc(wanted bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rc_managed_pcs() m WHERE m.id = wanted AND m.wholly) THEN RETURN false; END IF;
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id)
    SELECT i.org_id, at, rc_scope_person(), 'revoked', 'pc', i.id FROM installation i
    WHERE i.id = wanted AND i.revoked_at IS NULL;
  UPDATE installation SET revoked_at = at WHERE id = wanted AND revoked_at IS NULL;
  DELETE FROM session WHERE kind = 'installation' AND subject_id = wanted;
  DELETE FROM collecting WHERE installation_id = wanted;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION rc_managed_pcs(), rc_revoke_pc(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_managed_pcs(), rc_revoke_pc(bigint, timestamptz) TO rc_web;
CREATE FUNCTION rc_note_licence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO audit (org_id, at, what, subject, subject_id, before, after)
    SELECT NEW.id, now(), 'licence', 'organisation', NEW.id,
      jsonb_build_object('surveys', OLD.surveys, 'modules', OLD.modules, 'until', OLD.licence_until),
      jsonb_build_object('surveys', NEW.surveys, 'modules', NEW.modules, 'until', NEW.licence_until);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_licence() FROM PUBLIC;
CREATE TRIGGER note_licence AFTER UPDATE ON organisation FOR EACH ROW
  WHEN ((OLD.surveys, OLD.modules, OLD.licence_until) IS DISTINCT FROM (NEW.surveys, NEW.modules, NEW.licence_until))
  EXECUTE FUNCTION rc_note_licence();
GRANT SELECT (name, surveys, licence_until, modules) ON organisation TO rc_web;
"""


def upgrade() -> None:
    run(_PCS)
