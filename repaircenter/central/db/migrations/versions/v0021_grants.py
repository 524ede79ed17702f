"""A tree of shops and grants of roles at its nodes, in place of one role and a list of shops (MODULES 2; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0021"
down_revision = "0020"

# Every organisation has a root and every shop a node below it, whoever makes them. A node stands below one of a higher
# kind, so that there is no circle.
_TREE = """
CREATE FUNCTION rc_node_rank(kind text) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT array_position(ARRAY['network', 'country', 'region', 'shop'], kind) $$;
CREATE TABLE node (
  org_id bigint NOT NULL REFERENCES organisation, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  parent_id bigint, kind text COLLATE "C" NOT NULL CHECK (rc_node_rank(kind) IS NOT NULL),
  name text COLLATE "C", shop_id bigint UNIQUE,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, parent_id) REFERENCES node (org_id, id),
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE,
  CHECK ((kind = 'network') = (parent_id IS NULL)),
  CHECK ((kind = 'shop') = (shop_id IS NOT NULL)),
  CHECK ((kind IN ('country', 'region')) = (name IS NOT NULL)));
CREATE UNIQUE INDEX node_root ON node (org_id) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX node_name ON node (parent_id, kind, name);

CREATE FUNCTION rc_place_node() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF rc_node_rank(NEW.kind) <= (SELECT rc_node_rank(kind) FROM node WHERE id = NEW.parent_id) THEN
    RAISE EXCEPTION 'a % does not stand below that', NEW.kind;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT OR UPDATE ON node FOR EACH ROW EXECUTE FUNCTION rc_place_node();
CREATE FUNCTION rc_add_root() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO node (org_id, kind) VALUES (NEW.id, 'network');
  RETURN NULL;
END $$;
CREATE TRIGGER add_root AFTER INSERT ON organisation FOR EACH ROW EXECUTE FUNCTION rc_add_root();
CREATE FUNCTION rc_add_shop_node() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO node (org_id, parent_id, kind, shop_id)
    SELECT NEW.org_id, id, 'shop', NEW.id FROM node WHERE org_id = NEW.org_id AND parent_id IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER add_node AFTER INSERT ON shop FOR EACH ROW EXECUTE FUNCTION rc_add_shop_node();

INSERT INTO node (org_id, kind) SELECT id, 'network' FROM organisation;
INSERT INTO node (org_id, parent_id, kind, name)
  SELECT DISTINCT s.org_id, root.id, 'region', s.group_name FROM shop s
  JOIN node root ON root.org_id = s.org_id AND root.parent_id IS NULL WHERE s.group_name IS NOT NULL;
INSERT INTO node (org_id, parent_id, kind, shop_id)
  SELECT s.org_id, above.id, 'shop', s.id FROM shop s JOIN node above ON above.org_id = s.org_id
  AND CASE WHEN s.group_name IS NULL THEN above.parent_id IS NULL ELSE above.name = s.group_name END;
ALTER TABLE shop DROP COLUMN group_name;

CREATE TABLE person_grant (
  org_id bigint NOT NULL, person_id bigint NOT NULL, role text COLLATE "C" NOT NULL, node_id bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, role, node_id),
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, node_id) REFERENCES node (org_id, id) ON DELETE CASCADE);
CREATE INDEX person_grant_person ON person_grant (person_id);
CREATE INDEX person_grant_node ON person_grant (node_id);
-- Who worked in every shop of several keeps doing so when one is added: set-up files have always meant that.
INSERT INTO person_grant (org_id, person_id, role, node_id)
  SELECT p.org_id, p.id, p.role, n.id FROM person p JOIN node n ON n.org_id = p.org_id,
  LATERAL (SELECT count(*) > 1 AND count(*) = (SELECT count(*) FROM person_shop ps WHERE ps.person_id = p.id) AS every
           FROM shop s WHERE s.org_id = p.org_id) AS has
  WHERE CASE WHEN has.every THEN n.parent_id IS NULL
    ELSE n.shop_id IN (SELECT ps.shop_id FROM person_shop ps WHERE ps.person_id = p.id) END;
"""

# What a person may where, from the top down; who may something at a shop, from the shop upwards.
_RIGHTS = """
CREATE FUNCTION rc_rights(wanted bigint) RETURNS TABLE (shop_id bigint, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH RECURSIVE below (role, id, shop_id) AS (
    SELECT g.role, n.id, n.shop_id FROM person_grant g JOIN node n ON n.id = g.node_id
      JOIN person p ON p.id = g.person_id AND p.active WHERE g.person_id = wanted
    UNION SELECT b.role, n.id, n.shop_id FROM below b JOIN node n ON n.parent_id = b.id)
  SELECT shop_id, role FROM below WHERE shop_id IS NOT NULL $$;
CREATE FUNCTION rc_people_at(wanted bigint) RETURNS TABLE (person_id bigint, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH RECURSIVE above (id, parent_id) AS (
    SELECT id, parent_id FROM node WHERE shop_id = wanted
    UNION SELECT n.id, n.parent_id FROM node n JOIN above a ON n.id = a.parent_id)
  SELECT g.person_id, array_agg(DISTINCT g.role ORDER BY g.role) FROM person_grant g JOIN above a ON a.id = g.node_id
  GROUP BY g.person_id $$;

CREATE OR REPLACE FUNCTION rc_people_of_shops() RETURNS TABLE (shop_id bigint, id bigint, name text, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ WITH RECURSIVE above (shop_id, id, parent_id) AS (
     SELECT n.shop_id, n.id, n.parent_id FROM node n WHERE n.shop_id = ANY (rc_seen_shops())
     UNION ALL SELECT a.shop_id, n.id, n.parent_id FROM above a JOIN node n ON n.id = a.parent_id)
   SELECT DISTINCT a.shop_id, p.id, p.name, p.active FROM above a JOIN person_grant g ON g.node_id = a.id
   JOIN person p ON p.id = g.person_id $$;

-- A PC collects for the shops its admin is an admin of, and for no others. It had the name of its admin until now.
UPDATE installation i SET device_name = c.device_name FROM collecting c WHERE c.installation_id = i.id;
DROP FUNCTION rc_scope_of_person(bigint);
DROP FUNCTION rc_pair(bigint, text, bytea, timestamptz);
CREATE FUNCTION rc_pair(person_id bigint, name text, secret bytea, at timestamptz) RETURNS TABLE (id bigint, scope text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO installation (org_id, device_name, secret_hash, shops, paired_by, created_at)
   SELECT p.org_id, rc_pair.name, secret, array_agg(DISTINCT r.shop_id ORDER BY r.shop_id), p.id, at
   FROM person p, rc_rights(p.id) r WHERE p.id = rc_pair.person_id AND r.role = 'shop_admin'
   GROUP BY p.org_id, p.id
   RETURNING id, rc_signed('shops:' || array_to_string(shops, ',') || ':') $$;

DROP FUNCTION rc_session(bytea, timestamptz);
CREATE FUNCTION rc_session(hash bytea, at timestamptz)
RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean,
               scope text, roles jsonb, modules text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id, seen.shops, coalesce(o.licence_until > at, true), o.surveys,
     rc_signed('shops:' || array_to_string(seen.shops, ',') || ':'
               || CASE WHEN s.kind = 'person' THEN s.subject_id::text ELSE '' END), seen.roles, o.modules
   FROM session s JOIN organisation o ON o.id = s.org_id,
   LATERAL (SELECT i.shops, '{}'::jsonb AS roles FROM installation i
              WHERE s.kind = 'installation' AND i.id = s.subject_id AND i.revoked_at IS NULL
            UNION ALL
            SELECT (SELECT array_agg(DISTINCT shop_id ORDER BY shop_id) FROM rc_rights(s.subject_id)),
              (SELECT jsonb_object_agg(role, shops)
               FROM (SELECT role, array_agg(shop_id ORDER BY shop_id) AS shops FROM rc_rights(s.subject_id) GROUP BY role) AS r)
              WHERE s.kind <> 'installation') AS seen
   WHERE s.token_hash = hash AND s.ends_at > at $$;

DROP TABLE person_shop;
ALTER TABLE person DROP COLUMN role;
REVOKE ALL ON FUNCTION rc_session(bytea, timestamptz), rc_rights(bigint), rc_people_at(bigint), rc_place_node(),
  rc_add_root(), rc_add_shop_node() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_session(bytea, timestamptz) TO rc_web;
GRANT EXECUTE ON FUNCTION rc_people_at(bigint) TO rc_worker;
REVOKE ALL ON FUNCTION rc_pair(bigint, text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_pair(bigint, text, bytea, timestamptz) TO rc_sign_in;

ALTER TABLE node ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_organisation ON node FOR SELECT USING ((SELECT rc_is_worker())
  OR org_id IN (SELECT s.org_id FROM shop s WHERE s.id = ANY ((SELECT rc_seen_shops())::bigint[])));
GRANT SELECT ON node TO rc_web, rc_worker;
"""


def upgrade() -> None:
    run(_TREE)
    run(_RIGHTS)
