"""What became of the samples that could be asked: sent, opened, begun, completed, or why not (requirements 7.5, R-20)."""

from dataclasses import dataclass, fields
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.aggregates import OF_JOB, PROGRAMME, SHOP, shops_of
from repaircenter.central.reporting.sql.cohort import Selection


@dataclass(frozen=True, slots=True)
class Funnel:
    """Samples by what became of them; they pool by addition. `due` is all of them; `sent` to `completed` each holds the
    next; the others were not asked, `waiting` not yet."""

    due: int = 0
    throttled: int = 0
    objected: int = 0
    unreachable: int = 0
    withdrawn: int = 0
    sent: int = 0
    bounced: int = 0
    opened: int = 0
    started: int = 0
    completed: int = 0
    unsubscribed: int = 0

    @property
    def waiting(self) -> int:
        return self.due - self.throttled - self.objected - self.unreachable - self.withdrawn - self.sent

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class PageSent(NamedTuple):
    """A page of a questionnaire: how many sent it, and how long half of them looked at it at most."""

    questionnaire_id: int
    page: str
    sent: int
    median_seconds: float


class QuestionAnswered(NamedTuple):
    questionnaire_id: int
    question: str
    answered: int


_UNSENT = "i.sent_at IS NULL"
# In the order of the fields of Funnel.
_COUNTS = (
    "true",
    f"{_UNSENT} AND s.state = 'refused' AND s.reason = 'throttled'",
    f"{_UNSENT} AND s.state = 'refused' AND s.reason IS DISTINCT FROM 'throttled'",
    f"{_UNSENT} AND s.state = 'unreachable'",
    f"{_UNSENT} AND s.state = 'withdrawn'",
    "i.sent_at IS NOT NULL",
    "i.sent_at IS NOT NULL AND i.bounced_at IS NOT NULL",
    "i.sent_at IS NOT NULL AND (i.opened_at IS NOT NULL OR a.id IS NOT NULL)",
    "i.sent_at IS NOT NULL AND (i.started_at IS NOT NULL OR a.id IS NOT NULL)",
    "i.sent_at IS NOT NULL AND a.id IS NOT NULL",
    "i.sent_at IS NOT NULL AND i.unsubscribed_at IS NOT NULL",
)
# By the day on which a customer could first be asked; days to come are none.
_FROM = (
    "FROM sample s JOIN job j ON j.id = s.job_id LEFT JOIN invitation i ON i.sample_id = s.id "
    "LEFT JOIN answer a ON a.invitation_id = i.id AND a.visible_from <= :now "
)
_WHERE = (
    "WHERE s.shop_id = ANY(:all_shops) AND s.callable_on >= :start AND s.callable_on < :end "
    "AND (CAST(:latest AS date) IS NULL OR s.callable_on <= :latest) "
    "AND (CAST(:programme AS bigint) IS NULL OR s.programme_id = :programme) "
    f"AND (:channel = '' OR i.channel = :channel) AND (:language = '' OR i.language = :language) AND {OF_JOB}"
)


def _values(chosen: Selection) -> dict[str, object]:
    return {**chosen.values(), "all_shops": shops_of(chosen), "latest": chosen.today}


def funnels(connection: Connection, chosen: Selection, by: str) -> dict[int, Funnel]:
    """Of each shop or programme."""
    key = {SHOP: "s.shop_id", PROGRAMME: "s.programme_id"}[by]
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _COUNTS)
    rows = connection.execute(text(f"SELECT {key}, {counts} {_FROM} {_WHERE} GROUP BY 1"), _values(chosen))
    return {row[0]: Funnel(*row[1:]) for row in rows}


def pages(connection: Connection, chosen: Selection) -> list[PageSent]:
    """Of each page that was sent."""
    rows = connection.execute(
        text(
            "SELECT i.questionnaire_id, g.page, count(*), "
            # Pages that were asked by telephone have no time.
            "coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY g.seconds), 0) "
            f"{_FROM} JOIN survey_page g ON g.org_id = i.org_id AND g.shop_id = i.shop_id AND g.invitation_id = i.id "
            f"{_WHERE} GROUP BY 1, 2"
        ),
        _values(chosen),
    )
    return [PageSent(*row) for row in rows]


def questions(connection: Connection, chosen: Selection) -> list[QuestionAnswered]:
    """Of each question, in how many answers it was answered."""
    answered: list[QuestionAnswered] = []
    # Several choices are one answer.
    for table, count in (("answer_value", "*"), ("answer_choice", "DISTINCT v.answer_id"), ("answer_text", "*")):
        rows = connection.execute(
            text(
                f"SELECT i.questionnaire_id, v.question, count({count}) {_FROM} JOIN {table} v ON v.org_id = a.org_id "
                f"AND v.shop_id = a.shop_id AND v.answer_id = a.id {_WHERE} GROUP BY 1, 2"
            ),
            _values(chosen),
        )
        answered += [QuestionAnswered(*row) for row in rows]
    return answered


def completed(connection: Connection, chosen: Selection) -> dict[int, tuple[int, int]]:
    """(begun page by page, completed) of each questionnaire; an answer from before pages were kept was not begun so."""
    rows = connection.execute(
        text(
            "SELECT i.questionnaire_id, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM survey_page g WHERE g.org_id = i.org_id "
            "AND g.shop_id = i.shop_id AND g.invitation_id = i.id)), count(a.id) "
            f"{_FROM} {_WHERE} AND i.sent_at IS NOT NULL GROUP BY 1"
        ),
        _values(chosen),
    )
    return {row[0]: (row[1], row[2]) for row in rows}
