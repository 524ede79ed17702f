"""Programmes are changed by who manages the shops that joined them; names nobody claims are counted (issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0024"
down_revision = "0023"

# A programme of no organisation belongs to the network: an operator alone changes it.
_PROGRAMMES = """
-- Names and codes stand as people wrote them beside the form in which they are compared.
ALTER TABLE programme ADD COLUMN org_id bigint REFERENCES organisation, ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN last_key text COLLATE "C", ADD COLUMN names text[] NOT NULL DEFAULT '{}',
  ADD COLUMN codes text[] NOT NULL DEFAULT '{}', ADD COLUMN file_name text COLLATE "C";
-- The set-up file knows a programme by the name it gave it, whatever people call it since.
UPDATE programme SET names = match_names, codes = match_codes, file_name = name;
CREATE UNIQUE INDEX programme_last_key ON programme (org_id, last_key);
UPDATE programme SET org_id = joined.org FROM (
  SELECT programme_id, min(org_id) AS org FROM enrolment GROUP BY programme_id HAVING min(org_id) = max(org_id)) AS joined
  WHERE joined.programme_id = programme.id;

CREATE FUNCTION rc_manages_all() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT EXISTS (SELECT 1 FROM node WHERE parent_id IS NULL AND id IN (SELECT rc_managed_nodes())) $$;
-- Those of the organisation that no shop out of reach takes or took part in; one without shops is for who manages all.
CREATE FUNCTION rc_managed_programmes() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT p.id FROM programme p WHERE p.org_id = (SELECT me.org_id FROM person me WHERE me.id = rc_scope_person())
    AND EXISTS (SELECT 1 FROM rc_managed_nodes()) AND NOT EXISTS (
      SELECT 1 FROM enrolment e JOIN node n ON n.shop_id = e.shop_id
      WHERE e.programme_id = p.id AND n.id NOT IN (SELECT rc_managed_nodes()))
    AND (rc_manages_all() OR EXISTS (SELECT 1 FROM enrolment e WHERE e.programme_id = p.id)) $$;
CREATE FUNCTION rc_managed_shops() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT shop_id FROM node WHERE shop_id IS NOT NULL AND id IN (SELECT rc_managed_nodes()) $$;
CREATE FUNCTION rc_own_organisation() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT org_id FROM person WHERE id = rc_scope_person() AND EXISTS (SELECT 1 FROM rc_managed_nodes()) $$;
REVOKE ALL ON FUNCTION rc_manages_all(), rc_managed_programmes(), rc_managed_shops(), rc_own_organisation() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_manages_all(), rc_managed_programmes(), rc_managed_shops(), rc_own_organisation() TO rc_web;

-- The logo stands on the reports of every shop.
DROP POLICY logo_of_own_shops ON organisation;
CREATE POLICY logo_of_own ON organisation FOR UPDATE USING (id = (SELECT rc_own_organisation())
  AND (SELECT rc_manages_all()));
ALTER TABLE programme ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON programme FOR SELECT USING (true);
CREATE POLICY added ON programme FOR INSERT WITH CHECK (org_id = (SELECT rc_own_organisation()));
CREATE POLICY managed ON programme FOR UPDATE USING (id IN (SELECT rc_managed_programmes()));
CREATE POLICY joined ON enrolment AS RESTRICTIVE FOR INSERT WITH CHECK (shop_id IN (SELECT rc_managed_shops())
  AND programme_id IN (SELECT rc_managed_programmes()));
CREATE POLICY changed ON enrolment AS RESTRICTIVE FOR UPDATE USING (shop_id IN (SELECT rc_managed_shops())
  AND programme_id IN (SELECT rc_managed_programmes()));
-- Whoever changes one, by hand too; `by_id` is NULL for an operator.
CREATE FUNCTION rc_note_programme() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE org bigint := coalesce(NEW.org_id, (SELECT min(e.org_id) FROM enrolment e WHERE e.programme_id = NEW.id));
BEGIN
  IF org IS NOT NULL THEN
    INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after) SELECT org, now(), rc_scope_person(),
      lower(TG_OP), 'programme', NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) - 'version' - 'last_key' END,
      to_jsonb(NEW) - 'version' - 'last_key';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_programme() FROM PUBLIC;
CREATE TRIGGER note_added AFTER INSERT ON programme FOR EACH ROW EXECUTE FUNCTION rc_note_programme();
CREATE TRIGGER note_changed AFTER UPDATE ON programme FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'version' - 'last_key' IS DISTINCT FROM to_jsonb(NEW) - 'version' - 'last_key')
  EXECUTE FUNCTION rc_note_programme();
CREATE FUNCTION rc_note_enrolment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, after) VALUES (NEW.org_id, now(), rc_scope_person(),
    CASE WHEN NEW.active THEN 'joined' ELSE 'left' END, 'programme', NEW.programme_id, to_jsonb(NEW.shop_id));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_enrolment() FROM PUBLIC;
CREATE TRIGGER note_joined AFTER INSERT ON enrolment FOR EACH ROW EXECUTE FUNCTION rc_note_enrolment();
CREATE TRIGGER note_changed AFTER UPDATE ON enrolment FOR EACH ROW WHEN (OLD.active <> NEW.active)
  EXECUTE FUNCTION rc_note_enrolment();
GRANT INSERT ON programme TO rc_web;
GRANT UPDATE (name, names, codes, match_codes, match_names, ageing_days, not_before_delivery, reminder_days,
  throttle_days, alert_at_most, alert_hours, recovery_demanded, questionnaire, active, version, last_key) ON programme TO rc_web;
GRANT INSERT, UPDATE (active) ON enrolment TO rc_web;
"""

# Somebody may stand where an insurer should: a name is kept once three jobs have it, before that a keyed digest alone.
_UNCLAIMED = """
CREATE TABLE unclaimed_insurer (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, name_mac bytea NOT NULL, name text COLLATE "C",
  jobs integer NOT NULL, last_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, name_mac), FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE);
ALTER TABLE unclaimed_insurer ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON unclaimed_insurer
  USING (shop_id = ANY ((SELECT rc_seen_shops())::bigint[])) WITH CHECK (shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON unclaimed_insurer TO rc_web;
"""


def upgrade() -> None:
    run(_PROGRAMMES)
    run(_UNCLAIMED)
