"""A person's account may be an employee of a shop (MODULES 2, employees; A-P3; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    run("""
-- Whose account a name is: of one that stands for itself, and of one name in a shop.
ALTER TABLE employee_name ADD COLUMN person_id bigint REFERENCES person (id) ON DELETE SET NULL,
  ADD CHECK (person_id IS NULL OR known_as = name);
CREATE UNIQUE INDEX employee_name_person ON employee_name (shop_id, person_id) WHERE person_id IS NOT NULL;
GRANT UPDATE (person_id) ON employee_name TO rc_web;
-- Of nobody who does not see the shop, whatever SQL the web role is made to run.
CREATE FUNCTION rc_judge_employee() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rc_people_at(NEW.shop_id) a JOIN person p ON p.id = a.person_id AND p.active
                 WHERE a.person_id = NEW.person_id) THEN
    RAISE check_violation USING MESSAGE = 'nobody of the shop';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION rc_judge_employee() FROM PUBLIC;
CREATE TRIGGER judge_new BEFORE INSERT ON employee_name FOR EACH ROW
  WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION rc_judge_employee();
CREATE TRIGGER judge BEFORE UPDATE OF person_id ON employee_name FOR EACH ROW
  WHEN (NEW.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id) EXECUTE FUNCTION rc_judge_employee();
-- The accounts of those an invitation names (by role, as (name, share)). Of nobody's rights but the caller's.
CREATE FUNCTION rc_accounts_of(shop bigint, people jsonb) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT n.person_id ORDER BY n.person_id), '{}') FROM jsonb_each(people) AS r,
    jsonb_array_elements(r.value) AS e JOIN public.employee_name n
    ON n.shop_id = shop AND n.name = public.rc_known_as(shop, e ->> 0) AND n.person_id IS NOT NULL $$;
REVOKE ALL ON FUNCTION rc_accounts_of(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_accounts_of(bigint, jsonb) TO rc_web, rc_worker;
""")
