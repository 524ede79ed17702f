"""Who reads a programme and no shop: an insurer's person, by a grant at the programme (A-02, A-P2; decision 022)."""

from repaircenter.central.db.migrations.statements import run

revision = "0033"
down_revision = "0032"

# A programme is a place of its organisation's tree, below the root: it is granted, listed and audited as any other.
_PLACES = """
ALTER TABLE programme ADD COLUMN shows_contact boolean NOT NULL DEFAULT false,
  ADD COLUMN shows_recovery boolean NOT NULL DEFAULT false;
GRANT INSERT (shows_contact, shows_recovery), UPDATE (shows_contact, shows_recovery) ON programme TO rc_web;

CREATE OR REPLACE FUNCTION rc_node_rank(kind text) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT array_position(ARRAY['network', 'programme', 'country', 'region', 'shop'], kind) $$;
ALTER TABLE node ADD COLUMN programme_id bigint REFERENCES programme ON DELETE CASCADE,
  ADD CHECK ((kind = 'programme') = (programme_id IS NOT NULL));
CREATE UNIQUE INDEX node_programme ON node (org_id, programme_id);
CREATE FUNCTION rc_add_programme_node() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  -- Who read it for the organisation it was of reads it no more.
  DELETE FROM node WHERE programme_id = NEW.id AND org_id IS DISTINCT FROM NEW.org_id;
  INSERT INTO node (org_id, parent_id, kind, programme_id)
    SELECT NEW.org_id, id, 'programme', NEW.id FROM node WHERE org_id = NEW.org_id AND parent_id IS NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER add_node AFTER INSERT OR UPDATE OF org_id ON programme FOR EACH ROW EXECUTE FUNCTION rc_add_programme_node();
INSERT INTO node (org_id, parent_id, kind, programme_id)
  SELECT p.org_id, n.id, 'programme', p.id FROM programme p JOIN node n ON n.org_id = p.org_id AND n.parent_id IS NULL;

-- Who reads a programme works in no shop: one transaction has one kind of scope. Judged at its end, where one grant takes
-- the place of another.
CREATE FUNCTION rc_judge_grant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF (NEW.role = 'insurer') <> ((SELECT kind FROM node WHERE id = NEW.node_id) = 'programme') THEN
    RAISE check_violation USING MESSAGE = 'this role is not held there';
  END IF;
  IF (SELECT count(DISTINCT g.role = 'insurer') FROM person_grant g WHERE g.person_id = NEW.person_id) > 1 THEN
    RAISE check_violation USING MESSAGE = 'an insurer works in no shop';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER judge AFTER INSERT OR UPDATE ON person_grant DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION rc_judge_grant();
"""

# The ids of a scope `programme` are programmes; of shops it names none.
_SCOPE = """
CREATE FUNCTION rc_seen_programmes() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN rc_scope_kind() = 'programme' THEN rc_scope_ids() ELSE '{}' END $$;
CREATE FUNCTION rc_programmes_of(wanted bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS $$
  SELECT array_agg(DISTINCT n.programme_id ORDER BY n.programme_id) FROM person_grant g
  JOIN node n ON n.id = g.node_id JOIN person p ON p.id = g.person_id AND p.active
  WHERE g.person_id = wanted AND g.role = 'insurer' AND n.programme_id IS NOT NULL $$;

CREATE OR REPLACE FUNCTION rc_session(hash bytea, at timestamptz)
RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean,
               scope text, roles jsonb, modules text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id, seen.shops, coalesce(o.licence_until > at, true), o.surveys,
     rc_signed(CASE WHEN seen.programmes IS NULL THEN 'shops:' || array_to_string(seen.shops, ',')
               ELSE 'programme:' || array_to_string(seen.programmes, ',') END || ':'
               || CASE WHEN s.kind = 'person' THEN s.subject_id::text ELSE '' END), seen.roles, o.modules
   FROM session s JOIN organisation o ON o.id = s.org_id,
   LATERAL (SELECT i.shops, '{}'::jsonb AS roles, NULL::bigint[] AS programmes FROM installation i
              WHERE s.kind = 'installation' AND i.id = s.subject_id AND i.revoked_at IS NULL
            UNION ALL
            SELECT (SELECT array_agg(DISTINCT shop_id ORDER BY shop_id) FROM rc_rights(s.subject_id)),
              (SELECT jsonb_object_agg(role, shops)
               FROM (SELECT role, array_agg(shop_id ORDER BY shop_id) AS shops FROM rc_rights(s.subject_id) GROUP BY role) AS r),
              NULL WHERE s.kind <> 'installation' AND rc_programmes_of(s.subject_id) IS NULL
            UNION ALL
            SELECT taking.shops, jsonb_build_object('insurer', taking.shops), rc_programmes_of(s.subject_id)
              FROM (SELECT coalesce(array_agg(DISTINCT e.shop_id ORDER BY e.shop_id), '{}') AS shops FROM enrolment e
                    WHERE e.programme_id = ANY (rc_programmes_of(s.subject_id))) AS taking
              WHERE s.kind <> 'installation' AND rc_programmes_of(s.subject_id) IS NOT NULL) AS seen
   WHERE s.token_hash = hash AND s.ends_at > at $$;

-- A PC that collects nothing may be anybody's who has an account: it is an installation of no shop then.
CREATE FUNCTION rc_pair_to_read(person_id bigint, name text, secret bytea, at timestamptz)
RETURNS TABLE (id bigint, scope text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO installation (org_id, device_name, secret_hash, shops, paired_by, created_at)
   SELECT p.org_id, rc_pair_to_read.name, secret, '{}', p.id, at FROM person p WHERE p.id = rc_pair_to_read.person_id AND p.active
   RETURNING id, rc_signed('shops::') $$;
-- Such PCs are seen and revoked by whoever manages all of the organisation.
CREATE OR REPLACE FUNCTION rc_managed_pcs() RETURNS TABLE (id bigint, name text, shops bigint[], wholly boolean,
  paired_by text, paired_at timestamptz, heard_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  WITH managed AS MATERIALIZED (
    SELECT coalesce(array_agg(n.shop_id), '{}') AS shops FROM node n
    WHERE n.shop_id IS NOT NULL AND n.id IN (SELECT rc_managed_nodes()))
  SELECT i.id, i.device_name, ARRAY(SELECT unnest(i.shops) INTERSECT SELECT unnest(m.shops) ORDER BY 1),
    i.shops <@ m.shops, p.name, i.created_at,
    (SELECT max(c.seen_at) FROM collecting c WHERE c.installation_id = i.id), i.revoked_at
  FROM installation i JOIN managed m ON i.shops && m.shops
    OR (i.shops = '{}' AND i.org_id = rc_own_organisation() AND rc_manages_all())
  LEFT JOIN person p ON p.id = i.paired_by $$;
-- A link to a password is mailed on the clocks of a shop: of one they work in, else of one of their organisation.
CREATE OR REPLACE FUNCTION rc_forgot_password(address text, nonce bytea, token bytea, at timestamptz, ends timestamptz,
  invited_ends timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
  WITH made AS (
    INSERT INTO password_link (org_id, person_id, shop_id, nonce, token_hash, made_at, ends_at)
      SELECT p.org_id, p.id, clock.shop_id, nonce, token, at,
        CASE WHEN p.password_hash IS NULL THEN invited_ends ELSE ends END FROM person p,
        LATERAL (SELECT coalesce((SELECT min(r.shop_id) FROM rc_rights(p.id) r),
          CASE WHEN rc_programmes_of(p.id) IS NOT NULL THEN (SELECT min(h.id) FROM shop h WHERE h.org_id = p.org_id) END)
          AS shop_id) AS clock
      WHERE p.email = address AND p.active AND clock.shop_id IS NOT NULL
        AND (SELECT count(*) FROM password_link l WHERE l.person_id = p.id AND l.made_at > at - interval '1 hour') < 3
      RETURNING org_id, shop_id, id)
  INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
    SELECT org_id, shop_id, 'account.link', id, 0, at, at FROM made $$;

REVOKE ALL ON FUNCTION rc_programmes_of(bigint), rc_pair_to_read(bigint, text, bytea, timestamptz), rc_judge_grant(),
  rc_add_programme_node() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_pair_to_read(bigint, text, bytea, timestamptz) TO rc_sign_in;
"""

# Who works in no shop changes their address, too.
_ADDRESS = """
CREATE POLICY own_address ON timer FOR INSERT WITH CHECK (kind = 'account.address' AND EXISTS (
  SELECT 1 FROM address_change c WHERE c.id = subject_id AND c.person_id = (SELECT rc_scope_person())));
"""

# Names and settings of programmes are for the shops that take part and whoever manages them. What is asked is known to
# whoever knows its name: the page that shows a questionnaire has no scope.
_PROGRAMMES = """
ALTER POLICY seen ON programme USING ((SELECT rc_is_worker())
  OR id IN (SELECT e.programme_id FROM enrolment e) OR org_id = (SELECT rc_own_organisation())
  OR ((SELECT rc_scope_kind()) = 'token' AND EXISTS (SELECT 1 FROM sample s WHERE s.programme_id = programme.id)));
ALTER TABLE questionnaire ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON questionnaire FOR SELECT
  USING ((SELECT rc_is_worker()) OR (SELECT rc_scope_kind()) IN ('shops', 'token'));
CREATE FUNCTION rc_newest_questionnaire(wanted text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS
$$ SELECT content FROM questionnaire WHERE key = wanted ORDER BY version DESC LIMIT 1 $$;
-- Which insurers anybody surveys, for a PC that sends jobs: names that no programme claims are told apart from them.
CREATE FUNCTION rc_surveyed_insurers() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT coalesce(array_agg(DISTINCT word), '{}') FROM programme p, unnest(p.match_codes || p.match_names) AS word
   WHERE p.active AND rc_scope_kind() = 'shops' $$;
REVOKE ALL ON FUNCTION rc_newest_questionnaire(text), rc_surveyed_insurers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_newest_questionnaire(text), rc_surveyed_insurers() TO rc_web;
GRANT EXECUTE ON FUNCTION rc_own_organisation() TO rc_worker;
"""

# What a programme's reader sees has the names of the tables, in a schema of its own that such a transaction looks into
# first: reports are the same statements. The tables themselves show that scope no row. Nothing here names another
# programme, an employee, or, where the programme does not say so, a customer. Types and collations are the tables' own: a
# prepared statement may be asked of either.
_SEEN = "ANY ((SELECT rc_seen_programmes())::bigint[])"
_NO_TEXT = 'NULL::text COLLATE "C"'
_ANSWERED = (
    "EXISTS (SELECT 1 FROM sample t JOIN invitation v ON v.sample_id = t.id JOIN answer r ON r.invitation_id = v.id "
    f"WHERE t.job_id = j.id AND r.programme_id = {_SEEN})"
)
_VIEWS = {
    "enrolment": f"SELECT * FROM enrolment WHERE programme_id = {_SEEN}",
    "programme": "SELECT id, name, kind, match_codes, match_names, ageing_days, questionnaire, active, targets, "
    "shows_recovery FROM programme "
    f"WHERE id = {_SEEN}",
    "questionnaire": "SELECT * FROM questionnaire q "
    f"WHERE EXISTS (SELECT 1 FROM programme p WHERE p.id = {_SEEN} AND p.questionnaire = q.key)"
    f" OR EXISTS (SELECT 1 FROM invitation i WHERE i.programme_id = {_SEEN} AND i.questionnaire_id = q.id)",
    "shop": f"SELECT org_id, id, name, sort_key, zone, language, {_NO_TEXT} AS tax_id, {_NO_TEXT} AS licence, phone FROM shop "
    f"WHERE id IN (SELECT e.shop_id FROM enrolment e WHERE e.programme_id = {_SEEN})",
    "sample": f"SELECT org_id, shop_id, id, job_id, programme_id, state, {_NO_TEXT} AS reason, received_on, callable_on "
    f"FROM sample WHERE programme_id = {_SEEN}",
    "invitation": "SELECT org_id, shop_id, id, sample_id, questionnaire_id, programme_id, channel, language, "
    "'{}'::jsonb AS people, created_at, sent_at, bounced_at, started_at, answered_at, unsubscribed_at, reminded_at, "
    f"opened_at, shown_at, delivered_at FROM invitation WHERE programme_id = {_SEEN}",
    "answer": f"SELECT * FROM answer WHERE programme_id = {_SEEN}",
    **{
        table: f"SELECT * FROM {table} WHERE answer_id IN (SELECT a.id FROM answer a WHERE a.programme_id = {_SEEN})"
        for table in ("answer_value", "answer_choice", "answer_text")
    },
    # Of a customer who has not answered no more than what rates are reckoned with: days and the repair's total.
    "job": f"SELECT j.org_id, j.shop_id, j.id, j.job_key, NULL::bigint AS programme_id, CASE WHEN {_ANSWERED} THEN j.ro_number "
    "END AS ro_number, "
    + ", ".join(
        f"CASE WHEN of.shows AND {_ANSWERED} THEN j.{name} END AS {name}"
        for name in ("first_name", "last_name", "company", "sort_key")
    )
    + f", CASE WHEN {_ANSWERED} THEN j.vehicle END AS vehicle, {_NO_TEXT} AS insurer_name, {_NO_TEXT} AS estimator, "
    f"{_NO_TEXT} AS appraiser, j.created_on, j.arrived_on, j.promised_on, j.delivered_on, j.total_cents, j.currency, "
    "j.received_at, j.withdrawn_at, j.erased_at FROM job j, "
    "LATERAL (SELECT bool_or(p.shows_contact) AS shows FROM sample s JOIN programme p ON p.id = s.programme_id "
    f"WHERE s.job_id = j.id AND s.programme_id = {_SEEN}) AS of WHERE of.shows IS NOT NULL",
    "alert": "SELECT org_id, shop_id, id, answer_id, job_id, programme_id, low, opened_at, due_at, state, version, "
    "NULL::bigint AS owner_id, cause, action, outcome, NULL::bigint AS ended_by, ended_at FROM alert WHERE programme_id IN "
    f"(SELECT p.id FROM programme p WHERE p.id = {_SEEN} AND p.shows_recovery)",
}


def upgrade() -> None:
    run(_PLACES)
    run(_SCOPE)
    run(_ADDRESS)
    run(_PROGRAMMES)
    run("CREATE INDEX invitation_programme ON invitation (programme_id, questionnaire_id);")
    run("CREATE INDEX answer_programme ON answer (programme_id);")
    run("CREATE SCHEMA programme_reader; GRANT USAGE ON SCHEMA programme_reader TO rc_web;")
    for name, rows in _VIEWS.items():
        run(f"CREATE VIEW programme_reader.{name} WITH (security_barrier) AS {rows};")
        run(f"GRANT SELECT ON programme_reader.{name} TO rc_web;")
