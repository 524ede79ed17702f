"""Which jobs of the list are shown: their state on the way to an answer, the filters, what the chips say. No Qt here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from repaircenter.desk.kit.lists.rows import Rows, sort_rows
from repaircenter.shop.model.job import JobLine
from repaircenter.wire.vocabulary import SURVEY_STATES

STATES = ("opportunity", "repair_order", "delivered")
# Marks that narrow the list, besides the states.
MARKED = ("problem", "not_sent", "low_rating", "no_email", "unreachable")
PERIODS = ("any", "7", "30", "90", "365")
# Survey states in which a job needs someone's eyes.
_TROUBLED = frozenset(("no_shop", "unsure", "unreachable", "incomplete"))


def survey_state(line: JobLine) -> str:
    """One word for where a job stands on its way to an answer; the first thing that stops it wins."""
    if line.gone is not None:
        return line.gone
    if line.unsure:
        return "unsure"
    if line.excluded:
        return "excluded"
    if line.service_state is not None and line.service_state != "erased":
        return line.service_state if line.service_state in SURVEY else "unknown"
    if line.shop_id is None:
        return "no_shop"
    if line.sent:
        return "to_send"
    return "none" if line.complete else "incomplete"


# Stars out of five: up to the first somebody should call the customer, up to the second look into it.
POOR, MIDDLING = 2, 3


def survey_mark(line: JobLine) -> str:
    """The state, and for an answer how good it is: two stars are no green tick (issue 15.9)."""
    state = survey_state(line)
    return answer_mark(line.service_stars) if state == "answered" else state


def answer_mark(stars: int | None) -> str:
    """Return the key of MARKS for an answer of that many stars."""
    if stars is None or stars > MIDDLING:
        return "answered"
    return "answered_poor" if stars <= POOR else "answered_middling"


def lacks_email(line: JobLine) -> bool:
    """A customer who cannot be surveyed until somebody adds an address: neither answered, nor excluded, nor gone."""
    is_over = line.gone is not None or line.excluded or line.do_not_contact or line.service_state == "answered"
    return not line.has_email and not is_over


def is_low(line: JobLine) -> bool:
    """An answer somebody should look into."""
    stars = line.service_stars
    return stars is not None and stars <= MIDDLING and survey_state(line) == "answered"


# State -> (icon, colour of desk/kit/theme.py): what this PC knows of a job, then what the service says of its survey.
SURVEY: Final = {
    "none": ("circle-outline", "unknown"),
    "to_send": ("tray-arrow-up", "attention"),
    **{word: (state.mark, state.tone) for word, state in SURVEY_STATES.items()},
    "no_shop": ("store-alert-outline", "attention"),
    "incomplete": ("file-alert-outline", "attention"),
    "unsure": ("help-circle-outline", "attention"),
    "excluded": ("minus-circle-outline", "unknown"),
    "unknown": ("help-network-outline", "unknown"),
}
MARKS: Final = {
    **SURVEY,
    "answered_poor": ("star-outline", "problem"),
    "answered_middling": ("star-half-full", "attention"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the chips say. Empty `states` means all; `days` counts back from today on the day of receipt."""

    states: frozenset[str] = frozenset()
    insurer: str | None = None
    days: int | None = None
    problem: bool = False
    not_sent: bool = False
    unreachable: bool = False
    no_email: bool = False
    low_rating: bool = False
    shop_id: int | None = None

    @property
    def is_set(self) -> bool:
        return self != Filters()

    def passes(self, line: JobLine, since_utc: datetime | None) -> bool:
        """Whether a line is wanted; `since_utc` is when the first of the `days` begins at the shop."""
        if self.shop_id is not None and line.shop_id not in (None, self.shop_id):
            return False
        if self.states and line.state not in self.states:
            return False
        if self.insurer is not None and line.insurer_key != self.insurer:
            return False
        if since_utc is not None and (line.received_at_utc is None or line.received_at_utc < since_utc):
            return False
        if self.problem and not (survey_state(line) in _TROUBLED or not line.complete):
            return False
        if self.low_rating and not is_low(line):
            return False
        if self.no_email and not lacks_email(line):
            return False
        if self.not_sent and (line.sent or line.gone is not None):
            return False
        return not (self.unreachable and (line.reachable or line.gone is not None))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of the list: lines in their order, and what the chips need to know."""

    lines: list[JobLine]
    insurers: list[tuple[str, str]]
    unreachable: int
    no_email: int
    low_rating: int
    changed: frozenset[int]


class JobList(Rows[JobLine]):
    """The jobs as they were read; merged ones go out of the list."""

    def __init__(self) -> None:
        super().__init__(attrgetter("id"), lambda line: line.gone == "merged")

    def show(
        self,
        filters: Filters,
        since_utc: datetime | None,
        order: tuple[str, bool],
        keys: Mapping[str, Callable[[JobLine], Any]],
        changed: frozenset[int] = frozenset(),
    ) -> Shown:
        """The lines that pass, sorted by a column (True: downwards)."""
        if filters == Filters():
            lines = list(self.every)
        else:
            lines = [line for line in self.every if filters.passes(line, since_utc)]
        sort_rows(lines, order, keys, attrgetter("id"))
        insurers = {line.insurer_key: line.insurer for line in self.every if line.insurer}
        unreachable = sum(not line.reachable and line.gone is None for line in self.every)
        low_rating = sum(is_low(line) for line in self.every)
        no_email = sum(map(lacks_email, self.every))
        return Shown(lines, sorted(insurers.items()), unreachable, no_email, low_rating, changed)
