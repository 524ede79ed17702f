"""Answers of every kind, page by page; what was promised; who opened a survey (A-04, A-N7, A-P10, B-N2; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0027"
down_revision = "0026"

_SEEN = "shop_id = ANY ((SELECT rc_seen_shops())::bigint[])"
_STAFF = f"(SELECT rc_is_worker()) OR {_SEEN}"
_MINE = "invitation_id = ANY ((SELECT rc_tokens())::bigint[])"
_OF_ANSWER = (
    "(SELECT rc_scope_kind()) = 'token' AND EXISTS (SELECT 1 FROM answer a WHERE a.id = answer_id "
    "AND a.invitation_id = ANY ((SELECT rc_tokens())::bigint[]))"
)
_OF_ANSWERS, _OF_INVITATIONS = ("answer_choice", "answer_text"), ("partial_answer", "survey_page", "survey_probe")
_TABLES = """
-- Opened by a person: said by the page after it was looked at, or by the first page that was sent. A link that was merely
-- read, by whatever program, is a probe.
ALTER TABLE invitation ADD COLUMN opened_at timestamptz;
UPDATE invitation SET opened_at = started_at WHERE started_at IS NOT NULL;
CREATE TABLE survey_probe (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, invitation_id bigint NOT NULL, times integer NOT NULL,
  last_at timestamptz NOT NULL, PRIMARY KEY (org_id, shop_id, invitation_id),
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE);

CREATE TABLE answer_choice (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, answer_id bigint NOT NULL,
  question text COLLATE "C" NOT NULL, choice text COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, shop_id, answer_id, question, choice),
  FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES answer (org_id, shop_id, id) ON DELETE CASCADE);
CREATE TABLE answer_text (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, answer_id bigint NOT NULL,
  question text COLLATE "C" NOT NULL, words text COLLATE "C",
  PRIMARY KEY (org_id, shop_id, answer_id, question),
  FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES answer (org_id, shop_id, id) ON DELETE CASCADE);
-- What was answered of a survey that is not sent yet; gone once it is, or has ended.
CREATE TABLE partial_answer (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, invitation_id bigint NOT NULL, given jsonb NOT NULL,
  changed_at timestamptz NOT NULL, PRIMARY KEY (org_id, shop_id, invitation_id),
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE);
CREATE FUNCTION rc_drop_partial() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  DELETE FROM partial_answer t USING invitation i WHERE i.sample_id = NEW.id AND t.org_id = i.org_id
    AND t.shop_id = i.shop_id AND t.invitation_id = i.id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_drop_partial() FROM PUBLIC;
CREATE TRIGGER drop_partial AFTER UPDATE OF state ON sample FOR EACH ROW
  WHEN (OLD.state = 'invited' AND NEW.state <> 'invited') EXECUTE FUNCTION rc_drop_partial();
-- Each page that was sent, and how long it was looked at: where people stop (R-20).
CREATE TABLE survey_page (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, invitation_id bigint NOT NULL, page text COLLATE "C" NOT NULL,
  seconds integer NOT NULL, sent_at timestamptz NOT NULL, PRIMARY KEY (org_id, shop_id, invitation_id, page),
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id) ON DELETE CASCADE);
-- The days a customer was promised before the one that holds now, in their order (A-N7).
CREATE TABLE earlier_promise (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE, job_id bigint NOT NULL,
  promised_on date NOT NULL, PRIMARY KEY (org_id, shop_id, job_id, promised_on),
  FOREIGN KEY (org_id, shop_id, job_id) REFERENCES job (org_id, shop_id, id) ON DELETE CASCADE);
CREATE FUNCTION rc_note_promise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO earlier_promise (org_id, shop_id, job_id, promised_on)
    VALUES (NEW.org_id, NEW.shop_id, NEW.id, OLD.promised_on) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_promise() FROM PUBLIC;
CREATE TRIGGER note_promise AFTER UPDATE OF promised_on ON job FOR EACH ROW
  WHEN (OLD.promised_on IS NOT NULL AND OLD.promised_on IS DISTINCT FROM NEW.promised_on) EXECUTE FUNCTION rc_note_promise();
"""


def upgrade() -> None:
    run(_TABLES)
    for table in (*_OF_ANSWERS, *_OF_INVITATIONS, "earlier_promise"):
        run(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
            f"CREATE POLICY by_shop ON {table} USING ({_STAFF}) WITH CHECK ({_STAFF})"
        )
    for table in _OF_ANSWERS:
        run(f"CREATE POLICY by_token ON {table} USING ({_OF_ANSWER}) WITH CHECK ({_OF_ANSWER})")
        run(f"GRANT SELECT, INSERT, UPDATE ON {table} TO rc_web, rc_worker")
    for table in _OF_INVITATIONS:
        run(f"CREATE POLICY by_token ON {table} USING ({_MINE}) WITH CHECK ({_MINE})")
        run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO rc_web, rc_worker")
    run(
        "CREATE POLICY by_token ON earlier_promise FOR SELECT USING ((SELECT rc_scope_kind()) = 'token' "
        "AND EXISTS (SELECT 1 FROM job j WHERE j.id = job_id)); GRANT SELECT ON earlier_promise TO rc_web, rc_worker"
    )
