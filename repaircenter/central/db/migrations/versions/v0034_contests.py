"""An answer is contested instead of deleted; one that is upheld is left out of figures, and both are shown (A-N6, B-P4)."""

from repaircenter.central.db.migrations.statements import run

revision = "0034"
down_revision = "0033"

_SEEN = "(SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[])"


def upgrade() -> None:
    run(f"""
ALTER TABLE answer ADD COLUMN left_out_at timestamptz;
CREATE TABLE contest (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  answer_id bigint NOT NULL UNIQUE, job_id bigint NOT NULL, programme_id bigint NOT NULL REFERENCES programme,
  reason text COLLATE "C" NOT NULL, evidence text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL,
  version integer NOT NULL DEFAULT 1, last_key text COLLATE "C", made_by bigint NOT NULL, made_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL, decided_by bigint, decided_at timestamptz, note text COLLATE "C",
  PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES answer (org_id, shop_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, shop_id, job_id) REFERENCES job (org_id, shop_id, id) ON DELETE CASCADE);
CREATE INDEX contest_newest ON contest (shop_id, made_at);
CREATE INDEX contest_job ON contest (job_id);
CREATE TABLE contest_mail (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  contest_id bigint NOT NULL, person_id bigint NOT NULL, version integer NOT NULL,
  PRIMARY KEY (org_id, shop_id, id), UNIQUE (contest_id, person_id, version),
  FOREIGN KEY (org_id, shop_id, contest_id) REFERENCES contest (org_id, shop_id, id) ON DELETE CASCADE);

-- What is left out follows what was decided, whoever decides.
CREATE FUNCTION rc_leave_out() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  UPDATE answer SET left_out_at = CASE WHEN NEW.state = 'upheld' THEN NEW.decided_at END
    WHERE org_id = NEW.org_id AND shop_id = NEW.shop_id AND id = NEW.answer_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_leave_out() FROM PUBLIC;
CREATE TRIGGER leave_out AFTER UPDATE OF state ON contest FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION rc_leave_out();

ALTER TABLE contest ENABLE ROW LEVEL SECURITY;
ALTER TABLE contest_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON contest USING ({_SEEN}) WITH CHECK ({_SEEN});
CREATE POLICY own_name ON contest AS RESTRICTIVE FOR INSERT TO rc_web
  WITH CHECK (made_by = (SELECT rc_scope_person()) AND state = 'open');
-- Which state follows which, and by whose hand: nobody judges what they contested themselves, whatever SQL the web role is
-- made to run. A contest nobody can decide any more lapses by whatever ended it.
CREATE FUNCTION rc_judge_contest() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE me bigint := rc_scope_person();
BEGIN
  IF session_user <> 'rc_web' THEN RETURN NEW; END IF;
  IF OLD.state = 'open' AND NEW.state IN ('upheld', 'rejected') AND NEW.made_by = OLD.made_by AND OLD.made_by <> me
     AND EXISTS (SELECT 1 FROM rc_rights(me) r WHERE r.shop_id = OLD.shop_id AND r.role = 'shop_admin') THEN RETURN NEW; END IF;
  IF OLD.state = 'open' AND NEW.state = 'withdrawn' AND OLD.made_by = me AND NEW.made_by = me THEN RETURN NEW; END IF;
  IF OLD.state = 'withdrawn' AND NEW.state = 'open' AND NEW.made_by = me THEN RETURN NEW; END IF;
  IF OLD.state = 'open' AND NEW.state = 'lapsed' AND NEW.made_by = OLD.made_by THEN RETURN NEW; END IF;
  RAISE insufficient_privilege USING MESSAGE = 'that does not follow';
END $$;
REVOKE ALL ON FUNCTION rc_judge_contest() FROM PUBLIC;
CREATE TRIGGER judge BEFORE UPDATE ON contest FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.made_by <> NEW.made_by) EXECUTE FUNCTION rc_judge_contest();
-- The page of a customer makes an answer, and erasing blanks its words; nobody but a contest leaves one out.
REVOKE INSERT, UPDATE ON answer FROM rc_web;
GRANT INSERT (org_id, shop_id, invitation_id, programme_id, submitted_at, visible_from, comment, language, channel),
  UPDATE (comment) ON answer TO rc_web;
CREATE POLICY by_worker ON contest_mail USING ((SELECT rc_is_worker())) WITH CHECK ((SELECT rc_is_worker()));
GRANT SELECT, INSERT, UPDATE (reason, evidence, state, version, last_key, made_by, made_at, ends_at, decided_by, decided_at,
  note) ON contest TO rc_web;
GRANT SELECT, UPDATE ON contest TO rc_worker;
GRANT SELECT, INSERT ON contest_mail TO rc_worker;

CREATE OR REPLACE VIEW programme_reader.answer WITH (security_barrier) AS
  SELECT * FROM answer WHERE programme_id = ANY ((SELECT rc_seen_programmes())::bigint[]);
CREATE VIEW programme_reader.contest WITH (security_barrier) AS
  SELECT org_id, shop_id, id, answer_id, programme_id, NULL::text COLLATE "C" AS reason, state, made_at, decided_at,
    NULL::bigint AS made_by, NULL::bigint AS decided_by, NULL::text COLLATE "C" AS evidence, NULL::text COLLATE "C" AS note
  FROM contest WHERE programme_id = ANY ((SELECT rc_seen_programmes())::bigint[]);
GRANT SELECT ON programme_reader.contest TO rc_web;
""")
