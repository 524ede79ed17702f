"""The weekly status of what a shop sent, and the alarm when it sent nothing (A-22 ... A-25, A-N2; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run("""
CREATE TABLE shop_week (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  from_at timestamptz NOT NULL, until_at timestamptz NOT NULL, made_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, until_at), FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE);
CREATE TABLE shop_week_mail (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  week_id bigint NOT NULL REFERENCES shop_week (id) ON DELETE CASCADE, person_id bigint NOT NULL,
  PRIMARY KEY (week_id, person_id));
ALTER TABLE shop_week ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop_week_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_worker ON shop_week USING ((SELECT rc_is_worker())) WITH CHECK ((SELECT rc_is_worker()));
CREATE POLICY by_worker ON shop_week_mail USING ((SELECT rc_is_worker())) WITH CHECK ((SELECT rc_is_worker()));
GRANT SELECT, INSERT ON shop_week, shop_week_mail TO rc_worker;
GRANT SELECT (shop_id, seen_at) ON collecting TO rc_worker;
GRANT SELECT (org_id, shops, revoked_at) ON installation TO rc_worker;

-- Every shop has its weeks from the day it is there; the first look says when they begin.
CREATE FUNCTION rc_begin_weeks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO timer (org_id, shop_id, kind, subject_id, due_at, planned_at)
    VALUES (NEW.org_id, NEW.id, 'alert.week', NEW.id, 'epoch', 'epoch');
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_begin_weeks() FROM PUBLIC;
CREATE TRIGGER begin_weeks AFTER INSERT ON shop FOR EACH ROW EXECUTE FUNCTION rc_begin_weeks();
INSERT INTO timer (org_id, shop_id, kind, subject_id, due_at, planned_at)
  SELECT org_id, id, 'alert.week', id, 'epoch', 'epoch' FROM shop;
""")
