"""Several spellings of a name are one person of a shop (MODULES 2, employees; B-26, B-N7; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run("""
-- What was decided of a name: whom it stands for. One that stands for itself is a person of their own, and nobody asks
-- again. `known_as` never stands for another one itself.
CREATE TABLE employee_name (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, name text COLLATE "C" NOT NULL, known_as text COLLATE "C" NOT NULL,
  decided_by bigint NOT NULL, decided_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, shop_id, name), FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE);
CREATE INDEX employee_name_shop ON employee_name (shop_id, name);
ALTER TABLE employee_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON employee_name FOR SELECT
  USING ((SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
CREATE POLICY decided ON employee_name FOR INSERT WITH CHECK (org_id = (SELECT rc_own_organisation())
  AND shop_id IN (SELECT rc_managed_shops()) AND decided_by = (SELECT rc_scope_person()));
CREATE POLICY changed ON employee_name FOR UPDATE USING (shop_id IN (SELECT rc_managed_shops()))
  WITH CHECK (shop_id IN (SELECT rc_managed_shops()) AND decided_by = (SELECT rc_scope_person()));
GRANT SELECT, INSERT, UPDATE (known_as, decided_by, decided_at) ON employee_name TO rc_web;
GRANT SELECT ON employee_name TO rc_worker;
-- Whom a name of a shop stands for. Of nobody's rights but the caller's: a query takes it in.
CREATE FUNCTION rc_known_as(shop bigint, called text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT n.known_as FROM public.employee_name n WHERE n.shop_id = shop AND n.name = called), called) $$;
-- The people of an invitation by role, as (name, share): each once, in their order.
CREATE FUNCTION rc_known_people(shop bigint, people jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(k.key, coalesce((SELECT jsonb_agg(jsonb_build_array(m.name, m.share) ORDER BY m.place)
    FROM (SELECT rc_known_as(shop, p ->> 0) AS name, sum((p ->> 1)::float8) AS share, min(place) AS place
    FROM jsonb_array_elements(k.value) WITH ORDINALITY AS t(p, place) GROUP BY 1) AS m), '[]')), '{}')
  FROM jsonb_each(people) AS k $$;
REVOKE ALL ON FUNCTION rc_known_as(bigint, text), rc_known_people(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_known_as(bigint, text), rc_known_people(bigint, jsonb) TO rc_web, rc_worker;
""")
