"""Which answers or invitations a report is about, as SQL: every filter of requirements 9.1 in this one place.

Periods are half-open days in each shop's own zone. Scores belong to the answer's day by default, response rates always
to the invitation's (requirements 7.5).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.kept_months import Kept
from repaircenter.central.reporting.sql.periods import Period
from repaircenter.central.surveys.rules import ESTIMATOR
from repaircenter.runtime.days import offsets, start_of_day

BASES = ("answer", "invitation", "delivery")
# Upper ends of the repair's total in cents: small, medium, large.
SIZES = {"small": (0, 250_000), "medium": (250_000, 750_000), "large": (750_000, None)}
GROUPS = {"promoters": (9, 10), "passives": (7, 8), "detractors": (0, 6)}
_INSTANTS = {"answer": "a.submitted_at", "invitation": "i.sent_at"}


@dataclass(frozen=True, slots=True)
class Window:
    """The period of some shops in one zone as instants [start, end), and the zone's offsets within it (runtime.days)."""

    zone: str
    shops: Sequence[int]
    start_utc: datetime
    end_utc: datetime
    changes_utc: Sequence[datetime]
    offsets: Sequence[timedelta]


def windows(zones: Mapping[int, str], period: Period) -> tuple[Window, ...]:
    """One window a zone of these shops, so that the database compares with constants and chooses its plan by them."""
    shops: dict[str, list[int]] = {}
    for shop, zone in sorted(zones.items()):
        shops.setdefault(zone, []).append(shop)
    shown = []
    for zone in sorted(shops):
        start, end = start_of_day(zone, period.start), start_of_day(zone, period.end)
        shown.append(Window(zone, tuple(shops[zone]), start, end, *offsets(zone, start, end)))
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a report is about. Empty filters take all; `employees` are names in `role`; `questions` takes those who answered
    any of them, with `score` if there is one; `invited` takes, of jobs, those whose customers a survey reached."""

    windows: Sequence[Window]
    period: Period
    now_utc: datetime
    programme_id: int | None = None
    basis: str = "answer"
    channel: str = ""
    language: str = ""
    size: str = ""
    role: str = ESTIMATOR
    employees: Sequence[str] = ()
    group: str = ""
    stars: int | None = None
    job_key: str = ""
    questions: Sequence[str] = ()
    score: int | None = None
    # The latest day it is in any of the shops' zones.
    today: date | None = None
    invited: bool = False
    # Answers whose contest was upheld count, too.
    with_contested: bool = False
    # Only those answers.
    only_left_out: bool = False
    # What is kept summed; None counts all answer by answer.
    kept: "Kept | None" = None

    @property
    def shop_days(self) -> int:
        """How much it is about."""
        return sum(len(window.shops) * (window.end_utc - window.start_utc).days for window in self.windows)

    def values(self, **more: object) -> dict[str, object]:
        low, high = SIZES.get(self.size, (None, None))
        group = GROUPS.get(self.group, (None, None))
        zones: dict[str, object] = {}
        for number, window in enumerate(self.windows):
            zones[f"shops_{number}"] = list(window.shops)
            zones[f"from_{number}"], zones[f"to_{number}"] = window.start_utc, window.end_utc
            zones[f"changes_{number}"], zones[f"offsets_{number}"] = list(window.changes_utc), list(window.offsets)
        return {
            **zones,
            "start": self.period.start,
            "end": self.period.end,
            "now": self.now_utc,
            "programme": self.programme_id,
            "channel": self.channel,
            "language": self.language,
            "size_from": low,
            "size_to": high,
            "role": self.role,
            "employees": list(self.employees),
            "group_from": group[0],
            "group_to": group[1],
            "stars": self.stars,
            "job_key": self.job_key,
            "today": None if self.basis == "delivery" else self.today,
            "answered_questions": list(self.questions),
            "score": self.score,
            **more,
        }

    def answers(self, *more: str) -> str:
        """FROM and WHERE of the answers: `a`, their shop `h`, and `i`, `s`, `j`, `p` where a filter or `more` needs them."""
        where = [self._within("a", self.basis), "a.visible_from <= :now"]
        if self.only_left_out:
            where.append("a.left_out_at IS NOT NULL")
        elif not self.with_contested:
            where.append("a.left_out_at IS NULL")
        if self.programme_id is not None:
            where.append("a.programme_id = :programme")
        if self.language:
            where.append("a.language = :language")
        where.extend(self._of_invitation())
        if self.group:
            where.append(_answered("recommend", "BETWEEN :group_from AND :group_to"))
        if self.stars is not None:
            where.append(_answered("stars", "= :stars"))
        if self.questions:
            where.append(
                "EXISTS (SELECT 1 FROM answer_value f WHERE f.answer_id = a.id AND f.shop_id = a.shop_id "
                "AND f.question = ANY(:answered_questions) AND (CAST(:score AS integer) IS NULL OR f.value = :score))"
            )
        return f"{self._tables('answer a JOIN shop h ON h.id = a.shop_id', more)} WHERE {' AND '.join(where)}"

    def invitations(self, *more: str) -> str:
        """FROM and WHERE of the invitations that were sent: `i`, its shop `h`, and `s`, `j` where they are needed."""
        basis = "delivery" if self.basis == "delivery" else "invitation"
        where = [self._within("i", basis), "i.sent_at IS NOT NULL"]
        if self.programme_id is not None:
            where.append("i.programme_id = :programme")
        if self.language:
            where.append("i.language = :language")
        where.extend(self._of_invitation())
        return (
            f"{self._tables('invitation i JOIN shop h ON h.id = i.shop_id', more, has='i')} WHERE {' AND '.join(where)}"
        )

    def happened(self, instant: str, shop: str = "shop_id") -> str:
        """The condition that an instant lies in the period, each shop's by its own clocks."""
        zones = [
            f"({shop} = ANY(:shops_{n}) AND {instant} >= :from_{n} AND {instant} < :to_{n})"
            for n in range(len(self.windows))
        ]
        return f"({' OR '.join(zones) or 'false'})"

    def day(self, *, invited: bool = False) -> str:
        """The SQL expression of the day that counts, in each shop's zone."""
        basis = "invitation" if invited and self.basis == "answer" else self.basis
        if basis == "delivery":
            return "j.delivered_on"
        instant, table = _INSTANTS[basis], "i" if invited else "a"
        offsets = [
            f"(CAST(:offsets_{n} AS interval[]))[1 + width_bucket({instant}, CAST(:changes_{n} AS timestamptz[]))]"
            for n in range(len(self.windows))
        ]
        # Whose clocks count is asked of each row where there are several; all rows are within the windows.
        cases = [f"WHEN {table}.shop_id = ANY(:shops_{n}) THEN {offset}" for n, offset in enumerate(offsets)]
        offset = f"CASE {' '.join(cases)} END" if len(cases) > 1 else (*offsets, "interval '0'")[0]
        return f"(({instant} AT TIME ZONE 'UTC') + {offset})::date"

    def _within(self, table: str, basis: str) -> str:
        """Shops and period together: each zone has its own instants."""
        zones = []
        for number in range(len(self.windows)):
            within = f"{table}.shop_id = ANY(:shops_{number})"
            if basis != "delivery":
                instant = _INSTANTS[basis]
                within += f" AND {instant} >= :from_{number} AND {instant} < :to_{number}"
            zones.append(f"({within})")
        days = " AND j.delivered_on >= :start AND j.delivered_on < :end" if basis == "delivery" else ""
        return f"({' OR '.join(zones) or 'false'}){days}"

    def _of_invitation(self) -> list[str]:
        where = []
        if self.job_key:
            where.append("j.job_key = :job_key")
        if self.channel:
            where.append("i.channel = :channel")
        if self.size:
            where.append("j.total_cents >= :size_from")
            if SIZES[self.size][1] is not None:
                where.append("j.total_cents < :size_to")
        if self.employees:
            where.append(
                "EXISTS (SELECT 1 FROM jsonb_array_elements(i.people -> :role) AS e "
                "WHERE rc_known_as(i.shop_id, e ->> 0) = ANY(:employees))"
            )
        return where

    def _tables(self, start: str, more: Sequence[str], has: str = "") -> str:
        needed = set(more)
        if self.size or self.job_key or self.basis == "delivery":
            needed.add("j")
        if self.channel or self.employees or self.basis == "invitation" or "j" in needed:
            needed.add("i")
        joins = [start]
        if "i" in needed and has != "i":
            joins.append("JOIN invitation i ON i.id = a.invitation_id")
        if "j" in needed:
            joins.append("JOIN sample s ON s.id = i.sample_id JOIN job j ON j.id = s.job_id")
        if "p" in needed:
            joins.append("JOIN programme p ON p.id = a.programme_id")
        return "FROM " + " ".join(joins)


def _answered(question: str, condition: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM answer_value f WHERE f.answer_id = a.id AND f.shop_id = a.shop_id "
        f"AND f.question = '{question}' AND f.value {condition})"
    )


@contextmanager
def looked_up(connection: Connection) -> Iterator[None]:
    """Have few rows looked up one by one while this is open, also where a network's year would not be."""
    before = connection.execute(
        text("SELECT current_setting('enable_nestloop'), set_config('enable_nestloop', 'on', true)")
    ).scalar_one()
    yield
    connection.execute(text("SELECT set_config('enable_nestloop', :before, true)"), {"before": before})
