"""Alerts about customers whom nothing reached, and about those who do not answer (A-P8, requirements 6.9)."""

from repaircenter.central.db.migrations.statements import run

revision = "0035"
down_revision = "0034"

# Of an alert about an answer the invitation is the answer's; `answer_id` stays what it is for a service of before.
_ALERTS = """
ALTER TABLE programme ADD COLUMN alert_unreached boolean NOT NULL DEFAULT false,
  ADD COLUMN alert_silent text COLLATE "C" NOT NULL DEFAULT 'nobody'
    CHECK (alert_silent IN ('nobody', 'companies', 'everybody'));
GRANT INSERT (alert_unreached, alert_silent), UPDATE (alert_unreached, alert_silent) ON programme TO rc_web;
ALTER TABLE alert ALTER COLUMN answer_id DROP NOT NULL, ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'low',
  ADD COLUMN invitation_id bigint,
  ADD FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE,
  ADD CHECK ((kind = 'low') = (answer_id IS NOT NULL)), ADD CHECK ((kind = 'low') = (invitation_id IS NULL)),
  ADD UNIQUE (invitation_id, kind);
-- Whom a shop could not reach is its own.
CREATE OR REPLACE VIEW programme_reader.alert WITH (security_barrier) AS
  SELECT org_id, shop_id, id, answer_id, job_id, programme_id, low, opened_at, due_at, state, version,
    NULL::bigint AS owner_id, cause, action, outcome, NULL::bigint AS ended_by, ended_at, kind, invitation_id
  FROM alert WHERE kind = 'low' AND programme_id IN (SELECT p.id FROM programme p
    WHERE p.id = ANY ((SELECT rc_seen_programmes())::bigint[]) AND p.shows_recovery);
"""

# A sample is looked at when its survey ends without a way to its customer (an hour later: another way may be open), when
# its customer has had their time to answer, and whenever something happens to one that has an alert. At the end of the
# transaction: the invitation says then what became of it.
_LOOKS = """
CREATE FUNCTION rc_look_at_sample() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE asked invitation;
BEGIN
  SELECT * INTO asked FROM invitation WHERE sample_id = NEW.id;
  IF asked.id IS NULL THEN RETURN NULL; END IF;
  IF NEW.state = 'unreachable' OR EXISTS (SELECT 1 FROM alert WHERE invitation_id = asked.id AND ended_at IS NULL) THEN
    INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
      SELECT NEW.org_id, NEW.shop_id, 'alert.look', NEW.id, 0, due, due FROM (SELECT CASE WHEN NEW.state = 'unreachable'
        THEN coalesce(asked.bounced_at, (SELECT t.due_at FROM timer t WHERE t.kind = 'survey.expire'
          AND t.subject_id = NEW.id), 'epoch') + interval '1 hour' ELSE 'epoch' END AS due) AS at
      ON CONFLICT (kind, subject_id, occurrence) DO UPDATE SET due_at = excluded.due_at, planned_at = excluded.planned_at,
        state = 'waiting';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER look_at_sample AFTER UPDATE OF state ON sample DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION rc_look_at_sample();

-- As long as whoever is called would have had to answer (surveys.rules.called_after).
CREATE FUNCTION rc_look_at_silence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
    SELECT NEW.org_id, NEW.shop_id, 'alert.look', NEW.sample_id, 1, due, due FROM (SELECT NEW.sent_at
      + interval '1 day' * least(coalesce(nullif(2 * p.reminder_days, 0), 10), 25) AS due FROM programme p
      WHERE p.id = NEW.programme_id AND p.alert_silent <> 'nobody') AS at
    ON CONFLICT (kind, subject_id, occurrence) DO UPDATE SET due_at = excluded.due_at, planned_at = excluded.planned_at,
      state = 'waiting';
  RETURN NULL;
END $$;
CREATE TRIGGER look_at_silence AFTER UPDATE OF sent_at ON invitation FOR EACH ROW
  WHEN (OLD.sent_at IS NULL AND NEW.sent_at IS NOT NULL) EXECUTE FUNCTION rc_look_at_silence();
REVOKE ALL ON FUNCTION rc_look_at_sample(), rc_look_at_silence() FROM PUBLIC;
"""


def upgrade() -> None:
    run(_ALERTS)
    run(_LOOKS)
