"""Opening hours and days off stand at the nodes of the tree: what a region has holds for its shops (6.1; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run("""
ALTER TABLE node ADD COLUMN opening jsonb, ADD COLUMN closed date[] NOT NULL DEFAULT '{}',
  ADD COLUMN version integer NOT NULL DEFAULT 1, ADD COLUMN last_key text COLLATE "C";
UPDATE node SET opening = s.opening, closed = s.closed FROM shop s WHERE s.id = node.shop_id;
ALTER TABLE shop DROP COLUMN opening, DROP COLUMN closed;
CREATE POLICY managed ON node FOR UPDATE USING (id IN (SELECT rc_managed_nodes()));
GRANT UPDATE (opening, closed, version, last_key) ON node TO rc_web;
CREATE FUNCTION rc_note_hours() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
    VALUES (NEW.org_id, now(), rc_scope_person(), 'hours', 'node', NEW.id,
      jsonb_build_object('opening', OLD.opening, 'closed', OLD.closed),
      jsonb_build_object('opening', NEW.opening, 'closed', NEW.closed));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_hours() FROM PUBLIC;
CREATE TRIGGER note_hours AFTER UPDATE ON node FOR EACH ROW
  WHEN ((OLD.opening, OLD.closed) IS DISTINCT FROM (NEW.opening, NEW.closed)) EXECUTE FUNCTION rc_note_hours();
""")
