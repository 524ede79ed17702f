"""Shops and regions are added, named and moved on a screen (MODULES 2, the tree; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run("""
-- The set-up file knows a shop or a region by the name it gave it, whatever people call it since.
ALTER TABLE shop ADD COLUMN file_name text COLLATE "C";
ALTER TABLE node ADD COLUMN file_name text COLLATE "C";
UPDATE shop SET file_name = name;
UPDATE node SET file_name = name WHERE name IS NOT NULL;
-- The tree is that of all shops: it is changed by who manages them all; an operator is nobody's person.
CREATE OR REPLACE FUNCTION rc_place_node() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF rc_node_rank(NEW.kind) <= (SELECT rc_node_rank(kind) FROM node WHERE id = NEW.parent_id)
    OR 'programme' = (SELECT kind FROM node WHERE id = NEW.parent_id) THEN
    RAISE EXCEPTION 'a % does not stand below that', NEW.kind;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.name, NEW.parent_id) IS DISTINCT FROM (OLD.name, OLD.parent_id)
    AND rc_scope_person() IS NOT NULL AND NOT rc_manages_all() THEN RAISE insufficient_privilege;
  END IF;
  RETURN NEW;
END $$;
-- A new place below another one; NULL where the name is taken there.
CREATE FUNCTION rc_add_place(kind text, called text, sorted text, above bigint, zone text, language text, key text,
  address text, phone text, tax_id text, licence text)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE org bigint := rc_own_organisation(); made bigint;
BEGIN
  IF org IS NULL OR NOT rc_manages_all() OR above NOT IN (SELECT rc_managed_nodes()) THEN
    RAISE insufficient_privilege;
  END IF;
  IF kind = 'shop' THEN
    INSERT INTO shop (org_id, name, sort_key, zone, language, address, phone, tax_id, licence)
      VALUES (org, called, sorted, zone, language, address, phone, tax_id, licence) RETURNING id INTO made;
    UPDATE node SET parent_id = above, last_key = key WHERE shop_id = made RETURNING id INTO made;
  ELSE
    INSERT INTO node (org_id, parent_id, kind, name, last_key) VALUES (org, above, kind, called, key)
      ON CONFLICT DO NOTHING RETURNING id INTO made;
  END IF;
  RETURN made;
END $$;
-- An empty country or region that nobody holds a role at is taken away; false for any other place.
CREATE FUNCTION rc_remove_place(wanted bigint) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public AS $$
  WITH gone AS (DELETE FROM node WHERE id = wanted AND kind IN ('country', 'region') AND rc_manages_all()
    AND id IN (SELECT rc_managed_nodes()) AND NOT EXISTS (SELECT 1 FROM node b WHERE b.parent_id = wanted)
    AND NOT EXISTS (SELECT 1 FROM person_grant g WHERE g.node_id = wanted) RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM gone) $$;
-- Shops are told apart by their names, also by who does not see all of them.
CREATE FUNCTION rc_shop_is_called(called text, other_than bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$ SELECT EXISTS (SELECT 1 FROM shop WHERE org_id = rc_own_organisation()
  AND lower(name) = lower(called) AND id IS DISTINCT FROM other_than) $$;
-- What is told of a place: whether it can be taken away.
CREATE FUNCTION rc_held_nodes() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT node_id FROM person_grant WHERE node_id IN (SELECT rc_managed_nodes()) $$;
REVOKE ALL ON FUNCTION rc_add_place(text, text, text, bigint, text, text, text, text, text, text, text),
  rc_remove_place(bigint), rc_held_nodes(), rc_shop_is_called(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_add_place(text, text, text, bigint, text, text, text, text, text, text, text),
  rc_remove_place(bigint), rc_held_nodes(), rc_shop_is_called(text, bigint) TO rc_web;
GRANT UPDATE (name, parent_id) ON node TO rc_web;
CREATE POLICY changed ON shop AS RESTRICTIVE FOR UPDATE USING (id IN (SELECT rc_managed_shops()));
ALTER TABLE shop ADD CONSTRAINT is_called CHECK (name <> '') NOT VALID;
GRANT UPDATE (name, sort_key, zone, language, address, phone, tax_id, licence) ON shop TO rc_web;
-- Whoever changes one, by hand too; `by_id` is NULL for an operator.
CREATE FUNCTION rc_note_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before)
      VALUES (OLD.org_id, now(), rc_scope_person(), 'removed', 'node', OLD.id, jsonb_build_object('name', OLD.name));
  ELSE
    INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
      VALUES (NEW.org_id, now(), rc_scope_person(), CASE WHEN TG_OP = 'INSERT' THEN 'added' ELSE 'place' END, 'node', NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('name', OLD.name, 'parent_id', OLD.parent_id) END,
        jsonb_build_object('name', NEW.name, 'parent_id', NEW.parent_id));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION rc_note_shop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
    SELECT NEW.org_id, now(), rc_scope_person(), 'shop', 'node', n.id, to_jsonb(OLD) - 'sort_key' - 'file_name',
      to_jsonb(NEW) - 'sort_key' - 'file_name' FROM node n WHERE n.shop_id = NEW.id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_place(), rc_note_shop() FROM PUBLIC;
CREATE TRIGGER note_place AFTER INSERT OR DELETE ON node FOR EACH ROW EXECUTE FUNCTION rc_note_place();
CREATE TRIGGER note_moved AFTER UPDATE ON node FOR EACH ROW
  WHEN ((NEW.name, NEW.parent_id) IS DISTINCT FROM (OLD.name, OLD.parent_id)) EXECUTE FUNCTION rc_note_place();
CREATE TRIGGER note_changed AFTER UPDATE ON shop FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'file_name' IS DISTINCT FROM to_jsonb(NEW) - 'file_name') EXECUTE FUNCTION rc_note_shop();
""")
