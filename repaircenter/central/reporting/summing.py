"""Sums up months that changed (migration 0043), in the background of every worker; one at a time, and all or nothing.

A month is counted again from its answers and invitations, never added to: whoever dies in between leaves nothing behind.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.reporting.sql.kept_months import bounds, month_of, scales_of
from repaircenter.central.reporting.sql.month_sums import VALUES
from repaircenter.central.surveys.rules import SURVEY_LIFE
from repaircenter.runtime.days import zones_version

# Between two looks; changes and months of one look.
LOOK_SECONDS = 10.0
_MOST_CHANGES, _MOST_MONTHS = 2_000, 500
# Until when a month stays good that time alone does not change.
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
# Zones whose rules changed and rules of ours have months summed again; the newer program does it, not the older one.
_RULES = 1
MADE_BY = f"{zones_version()}/{_RULES}"


class Month(NamedTuple):
    """A month of a shop and programme."""

    zone: str
    month: date
    shop_id: int
    programme_id: int


def sum_up(service: Service) -> float:
    """Sum up what changed; return the seconds until it is looked again."""
    with service.worker.scoped(WORKER) as connection:
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(hashtext('month sums'))")).scalar_one():
            return LOOK_SECONDS
        are_left = sum_changed(connection, service.clock.now_utc())
    return 0.0 if are_left else LOOK_SECONDS


def sum_changed(connection: Connection, now: datetime) -> bool:
    """Sum so many months that changed; return whether others are left."""
    write(connection, take_changed(connection, now), now)
    return is_anything_left(connection, now)


def take_changed(connection: Connection, now: datetime) -> set[Month]:
    """Take the months that changed off the list, and those whose sums are good no longer."""
    # Of one shop together: a month that many things changed is counted once.
    changes = connection.execute(
        text(
            "DELETE FROM month_change WHERE id IN (SELECT id FROM month_change ORDER BY shop_id, at LIMIT :most) "
            "RETURNING shop_id, programme_id, at"
        ),
        {"most": _MOST_CHANGES},
    ).all()
    # Read after what it is looked up for: a shop may have come just now.
    zones: dict[int, str] = {row.id: row.zone for row in connection.execute(text("SELECT id, zone FROM shop"))}
    # Of a shop that is gone nothing is left to sum.
    months = {
        Month(zones[row.shop_id], month_of(zones[row.shop_id], row.at), row.shop_id, row.programme_id)
        for row in changes
        if row.shop_id in zones
    }
    old = connection.execute(
        text(
            "SELECT month, shop_id, programme_id FROM month_sum WHERE good_until <= :now OR made_by < :made_by "
            "ORDER BY good_until LIMIT :most"
        ),
        {"now": now, "made_by": MADE_BY, "most": _MOST_MONTHS},
    )
    months.update(Month(zones[row.shop_id], *row) for row in old)
    return months


def is_anything_left(connection: Connection, now: datetime) -> bool:
    """Whether months wait to be summed."""
    waits = text(
        "SELECT EXISTS (SELECT 1 FROM month_change) OR EXISTS (SELECT 1 FROM month_sum WHERE good_until <= :now "
        "OR made_by < :made_by)"
    )
    return bool(connection.execute(waits, {"now": now, "made_by": MADE_BY}).scalar_one())


def write(connection: Connection, months: Iterable[Month], now: datetime) -> None:
    """Count months anew."""
    counted = sorted(months)
    if not counted:
        return
    limits = [bounds(month.zone, month.month) for month in counted]
    values = {
        "shops": [month.shop_id for month in counted],
        "programmes": [month.programme_id for month in counted],
        "months": [month.month for month in counted],
        "starts": [start for start, _ in limits],
        "ends": [end for _, end in limits],
        "now": now,
        "life": SURVEY_LIFE,
        "made_by": MADE_BY,
        "never": _NEVER,
        **_sections(connection),
    }
    connection.execute(text("SET LOCAL jit = off"))
    for statement in _STATEMENTS:
        connection.execute(statement, values)


def _sections(connection: Connection) -> dict[str, list[int] | list[str]]:
    """What means are made of, as three lists beside each other."""
    rows = connection.execute(text("SELECT id, content FROM questionnaire ORDER BY id"))
    listed = [
        (row.id, section, key)
        for row in rows
        for section, keys in scales_of(row.content).sections.items()
        for key in keys
    ]
    return {
        "asked": [number for number, _, _ in listed],
        "sections": [section for _, section, _ in listed],
        "keys": [key for _, _, key in listed],
    }


_MONTHS = (
    "(SELECT * FROM unnest(CAST(:shops AS bigint[]), CAST(:programmes AS bigint[]), CAST(:months AS date[]), "
    "CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))) AS w(shop_id, programme_id, month, start_at, end_at)"
)
_ANSWERED = (
    "a.shop_id = w.shop_id AND a.programme_id = w.programme_id "
    "AND a.submitted_at >= w.start_at AND a.submitted_at < w.end_at"
)
_ANSWERS = (
    f"FROM {_MONTHS} JOIN answer a ON {_ANSWERED} JOIN invitation i ON i.id = a.invitation_id AND i.shop_id = a.shop_id {{more}}"
    "WHERE a.visible_from <= :now AND a.left_out_at IS NULL"
)
_VALUES = "JOIN answer_value v ON v.answer_id = a.id AND v.shop_id = a.shop_id "
_KEY = "a.org_id, a.shop_id, w.month, a.programme_id"
_OPEN = "i.answered_at IS NULL AND i.bounced_at IS NULL AND i.sent_at + CAST(:life AS interval) > :now"
_SCORES = ", ".join(f"count(*) FILTER (WHERE v.value = {value})" for value in VALUES)
_COLUMNS = ", ".join(f"s{value}" for value in VALUES)
_STATEMENTS = (
    *(
        text(
            f"DELETE FROM {table} m USING {_MONTHS} "
            "WHERE m.shop_id = w.shop_id AND m.month = w.month AND m.programme_id = w.programme_id"
        )
        for table in ("month_sum", "month_answer", "month_mean", "month_score")
    ),
    text(
        "INSERT INTO month_answer (org_id, shop_id, month, programme_id, questionnaire_id, n, first_at) "
        f"SELECT {_KEY}, i.questionnaire_id, count(*), min(a.submitted_at) {_ANSWERS.format(more='')} GROUP BY 1, 2, 3, 4, 5"
    ),
    text(
        f"INSERT INTO month_score (org_id, shop_id, month, programme_id, question, {_COLUMNS}) "
        f"SELECT {_KEY}, v.question, {_SCORES} {_ANSWERS.format(more=_VALUES)} GROUP BY 1, 2, 3, 4, 5"
    ),
    text(
        "INSERT INTO month_mean (org_id, shop_id, month, programme_id, questionnaire_id, section, n, total, squares) "
        "SELECT org_id, shop_id, month, programme_id, questionnaire_id, section, count(*), sum(own), sum(own * own) FROM ("
        f"SELECT {_KEY}, i.questionnaire_id, k.section, a.id, avg(v.value)::float8 AS own "
        + _ANSWERS.format(
            more=_VALUES + "JOIN (SELECT * FROM unnest(CAST(:asked AS bigint[]), CAST(:sections AS text[]), "
            "CAST(:keys AS text[]))) AS k(asked, section, key) ON k.asked = i.questionnaire_id AND k.key = v.question "
        )
        + " GROUP BY 1, 2, 3, 4, 5, 6, 7) AS each GROUP BY 1, 2, 3, 4, 5, 6"
    ),
    # Time alone changes a month when an answer is shown and when nobody can answer an invitation any more.
    text(
        "INSERT INTO month_sum (org_id, shop_id, month, programme_id, sent, bounced, completed, open, as_of, made_by, "
        "good_until) "
        "SELECT h.org_id, h.id, w.month, w.programme_id, count(i.id), count(i.bounced_at), "
        "count(*) FILTER (WHERE i.shown_at <= :now AND i.bounced_at IS NULL), "
        f"count(*) FILTER (WHERE {_OPEN}), CAST(:now AS timestamptz), CAST(:made_by AS text), least("
        f"min(i.sent_at + CAST(:life AS interval)) FILTER (WHERE {_OPEN}), min(i.shown_at) FILTER (WHERE i.shown_at > :now), "
        f"(SELECT min(a.visible_from) FROM answer a WHERE {_ANSWERED} AND a.visible_from > :now), CAST(:never AS timestamptz)) "
        f"FROM {_MONTHS} JOIN shop h ON h.id = w.shop_id LEFT JOIN invitation i ON i.shop_id = w.shop_id AND i.programme_id = "
        "w.programme_id AND i.sent_at >= w.start_at AND i.sent_at < w.end_at "
        "GROUP BY h.org_id, h.id, w.shop_id, w.month, w.programme_id, w.start_at, w.end_at"
    ),
)
