"""What months are kept summed (migration 0043) as a report finds them when it begins."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.periods import bucket_start
from repaircenter.runtime.days import day_in, start_of_day
from repaircenter.wire.surveys.questionnaires import Questionnaire

# Of a questionnaire: the questions of each section that a mean is made of.
Scales = Mapping[str, frozenset[str]]


class Kept:
    """Read once, when first asked: what changes afterwards is the next report's."""

    def __init__(self, connection: Connection, now_utc: datetime) -> None:
        self._connection, self._now_utc = connection, now_utc

    @cached_property
    def changed(self) -> frozenset[tuple[int, date]]:
        """Shops and months that are not as they were summed: something happened in them since, or time went on."""
        noted = self._connection.execute(
            text("SELECT DISTINCT c.shop_id, h.zone, c.at FROM month_change c JOIN shop h ON h.id = c.shop_id")
        )
        changed = {(row.shop_id, month_of(row.zone, row.at)) for row in noted}
        old = self._connection.execute(
            text("SELECT shop_id, month FROM month_sum WHERE good_until <= :now OR as_of > :now"), {"now": self._now_utc}
        )
        return frozenset(changed.union((row.shop_id, row.month) for row in old))

    @cached_property
    def scales(self) -> Mapping[int, Scales | None]:
        """Of each questionnaire that was answered; None for one that is out of sight."""
        rows = self._connection.execute(
            text(
                "SELECT a.id, q.content FROM (SELECT DISTINCT questionnaire_id AS id FROM month_answer) AS a "
                "LEFT JOIN questionnaire q ON q.id = a.id"
            )
        )
        return {row.id: None if row.content is None else scales_of(row.content) for row in rows}


def scales_of(content: object) -> Scales:
    """The scales of a questionnaire as the database has it."""
    sections: dict[str, set[str]] = {}
    for question in msgspec.convert(content, Questionnaire).questions:
        if question.kind == "scale":
            sections.setdefault(question.section, set()).add(question.key)
    return {section: frozenset(keys) for section, keys in sections.items()}


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


@cache
def bounds(zone: str, month: date) -> tuple[datetime, datetime]:
    """The instants [start, end) of a month in a zone."""
    return start_of_day(zone, month), start_of_day(zone, following(month))


def month_of(zone: str, instant_utc: datetime) -> date:
    """The month within whose bounds an instant lies."""
    month = day_in(zone, instant_utc).replace(day=1)
    start, end = bounds(zone, month)
    if instant_utc < start:  # clocks that went back over midnight
        return bucket_start(date.fromordinal(month.toordinal() - 1), "month")
    return month if instant_utc < end else following(month)
