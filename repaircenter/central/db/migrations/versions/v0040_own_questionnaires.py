"""Organisations change questionnaires of their own; a version that was asked never changes (A-04, issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run("""
-- Without an organisation it is ours or the operator's, and everybody's.
ALTER TABLE questionnaire ADD COLUMN org_id bigint REFERENCES organisation, ADD COLUMN made_by bigint,
  ADD COLUMN made_at timestamptz, ADD COLUMN last_key text COLLATE "C", ADD CONSTRAINT own_is_whole
  CHECK (org_id IS NULL OR coalesce(jsonb_typeof(content -> 'questions') = 'array' AND content ->> 'key' = key
    AND content ->> 'version' = version::text, false));
CREATE FUNCTION rc_scope_organisation() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT coalesce((SELECT org_id FROM person WHERE id = rc_scope_person()),
    (SELECT org_id FROM shop WHERE id = ANY (rc_seen_shops()) LIMIT 1),
    (SELECT org_id FROM invitation WHERE id = ANY (rc_tokens()) LIMIT 1)) $$;
REVOKE ALL ON FUNCTION rc_scope_organisation() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_scope_organisation() TO rc_web, rc_worker;
ALTER POLICY seen ON questionnaire USING ((SELECT rc_is_worker()) OR ((SELECT rc_scope_kind()) IN ('shops', 'token')
  AND (org_id IS NULL OR org_id = (SELECT rc_scope_organisation())
    -- What a programme of another organisation asks that shops in sight joined, or asked their customers.
    OR EXISTS (SELECT 1 FROM programme p WHERE p.org_id = questionnaire.org_id AND (p.questionnaire = questionnaire.key
      OR EXISTS (SELECT 1 FROM invitation i WHERE i.programme_id = p.id AND i.questionnaire_id = questionnaire.id))))));
CREATE POLICY added ON questionnaire FOR INSERT WITH CHECK (org_id = (SELECT rc_own_organisation())
  AND (SELECT rc_manages_all()) AND made_by = (SELECT rc_scope_person())
  AND starts_with(key, 'own_' || (SELECT rc_own_organisation()) || '_'));
GRANT INSERT ON questionnaire TO rc_web;
-- A programme asks what its organisation may ask.
CREATE FUNCTION rc_may_ask(wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT EXISTS (SELECT 1 FROM questionnaire q WHERE q.key = wanted
    AND (q.org_id IS NULL OR q.org_id = rc_scope_organisation())) $$;
REVOKE ALL ON FUNCTION rc_may_ask(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_may_ask(text) TO rc_web, rc_worker;
CREATE POLICY asks_added ON programme AS RESTRICTIVE FOR INSERT WITH CHECK (rc_may_ask(questionnaire));
CREATE POLICY asks_changed ON programme AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (rc_may_ask(questionnaire));
-- What is looked at as a customer would see it, kept or not; whoever has its address sees it for an hour.
CREATE TABLE questionnaire_draft (
  org_id bigint NOT NULL REFERENCES organisation, token_hash bytea PRIMARY KEY, content jsonb NOT NULL,
  shop text COLLATE "C" NOT NULL, language text COLLATE "C" NOT NULL, ends_at timestamptz NOT NULL);
ALTER TABLE questionnaire_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON questionnaire_draft USING (org_id = (SELECT rc_own_organisation()))
  WITH CHECK (org_id = (SELECT rc_own_organisation()));
GRANT SELECT, INSERT, DELETE ON questionnaire_draft TO rc_web;
CREATE FUNCTION rc_questionnaire_draft(token bytea, at timestamptz)
RETURNS TABLE (content jsonb, shop text, language text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT content, shop, language FROM questionnaire_draft WHERE token_hash = token AND ends_at > at $$;
REVOKE ALL ON FUNCTION rc_questionnaire_draft(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_questionnaire_draft(bytea, timestamptz) TO rc_web;
-- Asked by the program before this one, which may still serve.
CREATE OR REPLACE FUNCTION rc_newest_questionnaire(wanted text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS
$$ SELECT content FROM questionnaire WHERE key = wanted AND org_id IS NULL ORDER BY version DESC LIMIT 1 $$;
""")
