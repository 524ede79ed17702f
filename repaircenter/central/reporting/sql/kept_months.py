"""What months are kept summed (migration 0043) as a report finds them when it begins."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.periods import bucket_start
from repaircenter.runtime.days import day_in, start_of_day
from repaircenter.wire.surveys.questionnaires import Questionnaire


class Scales(NamedTuple):
    """Of a questionnaire: the questions of each section that a mean is made of, and its others that have values."""

    sections: Mapping[str, frozenset[str]]
    others: frozenset[str]


class Kept:
    """Of some shops (None: of all that are seen), read once when first asked."""

    def __init__(self, connection: Connection, now_utc: datetime, shops: Sequence[int] | None) -> None:
        self._connection = connection
        self._values = {"now": now_utc, "shops": None if shops is None else list(shops)}

    @cached_property
    def changed(self) -> frozenset[tuple[int, date]]:
        """Shops and months that are not as they were summed: something happened in them since, or time went on."""
        noted = self._connection.execute(
            text(
                "SELECT DISTINCT c.shop_id, h.zone, c.at FROM month_change c JOIN shop h ON h.id = c.shop_id "
                f"WHERE {_OF_SHOPS.format('c')}"
            ),
            self._values,
        )
        changed = {(row.shop_id, month_of(row.zone, row.at)) for row in noted}
        old = self._connection.execute(
            text(
                "SELECT m.shop_id, m.month FROM month_sum m WHERE (m.good_until <= :now OR m.as_of > :now) "
                f"AND {_OF_SHOPS.format('m')}"
            ),
            self._values,
        )
        return frozenset(changed.union((row.shop_id, row.month) for row in old))

    @cached_property
    def scales(self) -> Mapping[int, Scales | None]:
        """Of each questionnaire that was answered; None for one that is out of sight."""
        rows = self._connection.execute(
            text(
                "SELECT a.id, q.content FROM (SELECT DISTINCT m.questionnaire_id AS id FROM month_answer m "
                f"WHERE {_OF_SHOPS.format('m')}) AS a LEFT JOIN questionnaire q ON q.id = a.id"
            ),
            self._values,
        )
        return {row.id: None if row.content is None else scales_of(row.content) for row in rows}


_OF_SHOPS = "(CAST(:shops AS bigint[]) IS NULL OR {0}.shop_id = ANY(:shops))"


def scales_of(content: object) -> Scales:
    """The scales of a questionnaire as the database has it."""
    sections: dict[str, set[str]] = {}
    others = set()
    for question in msgspec.convert(content, Questionnaire).questions:
        if question.kind == "scale":
            sections.setdefault(question.section, set()).add(question.key)
        else:
            others.add(question.key)
    return Scales({section: frozenset(keys) for section, keys in sections.items()}, frozenset(others))


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
