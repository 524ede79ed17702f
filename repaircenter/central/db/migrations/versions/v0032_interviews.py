"""Customers are called, and answer the same questionnaire by telephone (A-20, requirements 6.9; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0032"
down_revision = "0031"

_SEEN = "(SELECT rc_is_worker()) OR shop_id = ANY ((SELECT rc_seen_shops())::bigint[])"


def upgrade() -> None:
    run(f"""
CREATE TABLE interview (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  invitation_id bigint NOT NULL UNIQUE, state text COLLATE "C" NOT NULL, due_at timestamptz NOT NULL,
  is_appointment boolean NOT NULL DEFAULT false, attempts integer NOT NULL DEFAULT 0, outcome text COLLATE "C",
  agent_id bigint, taken_at timestamptz, dialled bytea[] NOT NULL DEFAULT '{{}}', PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE);
CREATE INDEX interview_due ON interview (shop_id, due_at) WHERE state <> 'ended';
CREATE TABLE interview_call (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, interview_id bigint NOT NULL, number integer NOT NULL,
  agent_id bigint NOT NULL, began_at timestamptz NOT NULL, ended_at timestamptz, outcome text COLLATE "C",
  PRIMARY KEY (org_id, shop_id, interview_id, number),
  FOREIGN KEY (org_id, shop_id, interview_id) REFERENCES interview (org_id, shop_id, id) ON DELETE CASCADE);
-- Whoever has answered, or is not asked any more, is not called: however a survey ends.
CREATE FUNCTION rc_end_interview() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  UPDATE interview v SET state = 'ended' FROM invitation i WHERE i.sample_id = NEW.id AND v.invitation_id = i.id
    AND v.state <> 'ended';
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_end_interview() FROM PUBLIC;
CREATE TRIGGER end_interview AFTER UPDATE OF state ON sample FOR EACH ROW
  WHEN (OLD.state = 'invited' AND NEW.state <> 'invited') EXECUTE FUNCTION rc_end_interview();
-- A page that is asked by telephone is looked at by nobody. How an answer was given, where that differs from how the customer
-- was asked.
ALTER TABLE survey_page ALTER COLUMN seconds DROP NOT NULL;
ALTER TABLE answer ADD COLUMN channel text COLLATE "C";
-- Whoever must never be called again is so at the numbers that were dialled, however the survey stands.
CREATE FUNCTION rc_stop_calls(wanted bigint, at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public
  AS $$ INSERT INTO opt_out (org_id, address_mac, at) SELECT v.org_id, mac, $2 FROM interview v, unnest(v.dialled) AS mac
    WHERE v.id = wanted AND v.shop_id = ANY (rc_seen_shops()) ON CONFLICT DO NOTHING $$;
REVOKE ALL ON FUNCTION rc_stop_calls(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_stop_calls(bigint, timestamptz) TO rc_web;
ALTER TABLE interview ENABLE ROW LEVEL SECURITY;
ALTER TABLE interview_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON interview USING ({_SEEN}) WITH CHECK ({_SEEN});
CREATE POLICY by_shop ON interview_call USING ({_SEEN}) WITH CHECK ({_SEEN});
-- Who is called is decided by the worker; agents say what came of it.
GRANT SELECT, INSERT, UPDATE ON interview TO rc_worker;
GRANT SELECT, UPDATE (state, due_at, is_appointment, attempts, outcome, agent_id, taken_at, dialled) ON interview TO rc_web;
GRANT SELECT, INSERT, UPDATE (ended_at, outcome) ON interview_call TO rc_web;
GRANT SELECT ON interview_call TO rc_worker;
""")
