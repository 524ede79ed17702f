"""Sums of a shop's months, so that reports over a network's year go through months and not answers (MODULES 5; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0043"
down_revision = "0042"

_TABLES = ("month_sum", "month_answer", "month_mean", "month_score")
_SCORES = ", ".join(f"s{value} integer NOT NULL" for value in range(11))
# Zones differ by quarters of an hour: what happened within one lies in one month of each of them.
_BIN = "date_bin('15 minutes', {at}, 'epoch')"
_KEY = "org_id bigint NOT NULL, shop_id bigint NOT NULL, month date NOT NULL, programme_id bigint NOT NULL"
_SHOP = "FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE"


def _noted(rows: str, instant: str, *sides: str) -> str:
    """The statement that says of rows which months changed, on each of the `sides` (the names of rows before and after)."""
    listed = ", ".join(f"({side}.org_id, {side}.shop_id, {side}.programme_id, {side}.{instant})" for side in sides)
    return (
        "INSERT INTO month_change (org_id, shop_id, programme_id, at) "
        f"SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, {_BIN.format(at='t.at')} FROM {rows} "
        f"CROSS JOIN LATERAL (VALUES {listed}) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL"
    )


def _all_noted(table: str, instant: str, condition: str = "") -> str:
    """The statement that says of all rows which months they are in. Whatever the zone, those of a UTC month are in the
    months of its first, its last and its middle instant."""
    return (
        "INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT n.org_id, n.shop_id, n.programme_id, t.at FROM ("
        f"SELECT org_id, shop_id, programme_id, min({instant}) AS first, max({instant}) AS last, "
        f"date_trunc('month', {instant}, 'UTC') + interval '14 days' AS middle FROM {table} WHERE {instant} IS NOT NULL "
        f"{condition} GROUP BY 1, 2, 3, 6) AS n CROSS JOIN LATERAL (VALUES (n.first), (n.last), (n.middle)) AS t(at)"
    )


def _trigger(table: str, instant: str, counted: str) -> str:
    """The triggers of a table whose rows belong to the month of `instant`; `counted` are the columns that sums depend on."""
    new, old = (", ".join(f"{row}.{column}" for column in counted.split()) for row in "no")
    events = (("INSERT", "NEW TABLE AS new_rows"), ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"))
    triggers = "".join(
        f"CREATE TRIGGER note_month_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION rc_note_{table}();\n"
        for event, rows in (*events, ("DELETE", "OLD TABLE AS old_rows"))
    )
    changed = f"new_rows n JOIN old_rows o ON o.id = n.id AND ROW({new}) IS DISTINCT FROM ROW({old})"
    return f"""
CREATE FUNCTION rc_note_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {_noted("new_rows n", instant, "n")};
  ELSIF TG_OP = 'UPDATE' THEN {_noted(changed, instant, "n", "o")};
  ELSE {_noted("old_rows n", instant, "n")};
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_{table}() FROM PUBLIC;
{triggers}"""


def upgrade() -> None:
    run(f"""
-- What a report of a thousand shops looks up by itself: invitations of some days, comments, answers left out, the newest job.
CREATE INDEX invitation_sent ON invitation (shop_id, sent_at);
CREATE INDEX answer_commented ON answer (shop_id, submitted_at) WHERE comment IS NOT NULL;
CREATE INDEX answer_left_out ON answer (shop_id) WHERE left_out_at IS NOT NULL;
CREATE INDEX job_shop ON job (shop_id, received_at);
-- What changed and is not summed again yet: a report counts such months itself. No foreign keys: it is written with every
-- answer, and what belongs to no shop any more is dropped.
CREATE TABLE month_change (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  programme_id bigint NOT NULL, at timestamptz NOT NULL);
CREATE INDEX month_change_shop ON month_change (shop_id, at);
-- A month of a shop and programme as it was at `as_of`; before `good_until` nothing in it changes by time alone. `made_by`
-- is the version of the rules and of the zones it was summed by. A month that is neither here nor in month_change has nothing.
CREATE TABLE month_sum (
  {_KEY}, sent integer NOT NULL, bounced integer NOT NULL, completed integer NOT NULL, open integer NOT NULL,
  as_of timestamptz NOT NULL, good_until timestamptz NOT NULL, made_by text COLLATE "C" NOT NULL,
  PRIMARY KEY (shop_id, month, programme_id), {_SHOP});
CREATE INDEX month_sum_good ON month_sum (good_until);
-- How many answers there are, and the first of them, by questionnaire.
CREATE TABLE month_answer (
  {_KEY}, questionnaire_id bigint NOT NULL, n integer NOT NULL, first_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, month, programme_id, questionnaire_id), {_SHOP});
-- Of each respondent's own mean over the scales of a section: how many, their sum and the sum of their squares.
CREATE TABLE month_mean (
  {_KEY}, questionnaire_id bigint NOT NULL, section text COLLATE "C" NOT NULL, n integer NOT NULL, total float8 NOT NULL,
  squares float8 NOT NULL, PRIMARY KEY (shop_id, month, programme_id, questionnaire_id, section), {_SHOP});
-- How often each value was given.
CREATE TABLE month_score (
  {_KEY}, question text COLLATE "C" NOT NULL, {_SCORES},
  PRIMARY KEY (shop_id, month, programme_id, question), {_SHOP});
""")
    for table in ("month_change", *_TABLES):
        run(f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_shop ON {table}
  USING ((SELECT rc_is_worker()) OR shop_id IN (SELECT unnest((SELECT rc_seen_shops())::bigint[])))
  WITH CHECK ((SELECT rc_is_worker()));
GRANT SELECT ON {table} TO rc_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO rc_worker;
CREATE VIEW programme_reader.{table} WITH (security_barrier) AS
  SELECT * FROM {table} WHERE programme_id = ANY ((SELECT rc_seen_programmes())::bigint[]);
GRANT SELECT ON programme_reader.{table} TO rc_web;
""")
    run(_trigger("answer", "submitted_at", "shop_id programme_id submitted_at visible_from left_out_at"))
    run(_trigger("invitation", "sent_at", "shop_id programme_id sent_at bounced_at answered_at shown_at"))
    run(f"""
-- Values come with their answer; whoever changes them later changes its month.
CREATE FUNCTION rc_note_answer_value() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  {_noted("answer n JOIN old_rows o ON o.answer_id = n.id AND o.shop_id = n.shop_id", "submitted_at", "n")};
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_answer_value() FROM PUBLIC;
CREATE TRIGGER note_month_update AFTER UPDATE ON answer_value REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION rc_note_answer_value();
CREATE TRIGGER note_month_delete AFTER DELETE ON answer_value REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION rc_note_answer_value();
-- All months of a shop, when they begin at other instants: those that had something, and those that have. Whoever sums
-- waits, so that nothing is kept by the clocks of before.
CREATE FUNCTION rc_note_months() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('month sums'));
  INSERT INTO month_change (org_id, shop_id, programme_id, at)
    SELECT org_id, shop_id, programme_id, month + interval '14 days' FROM month_sum WHERE shop_id = NEW.id;
  {_all_noted("answer", "submitted_at", "AND shop_id = NEW.id")};
  {_all_noted("invitation", "sent_at", "AND shop_id = NEW.id")};
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION rc_note_months() FROM PUBLIC;
CREATE TRIGGER note_months AFTER UPDATE OF zone ON shop FOR EACH ROW
  WHEN (OLD.zone IS DISTINCT FROM NEW.zone) EXECUTE FUNCTION rc_note_months();
{_all_noted("answer", "submitted_at")};
{_all_noted("invitation", "sent_at")};
""")
