"""The jobs of the list as they were read: kept by id, brought up to date with what changed, filtered. No Qt here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Final

from repaircenter.shop.model.job import JobLine
from repaircenter.wire.vocabulary import SURVEY_STATES

STATES = ("opportunity", "repair_order", "delivered")
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


@dataclass(frozen=True, slots=True)
class Filters:
    """What the chips say. Empty `states` means all; `days` counts back from today on the day of receipt."""

    states: frozenset[str] = frozenset()
    insurer: str | None = None
    days: int | None = None
    problem: bool = False
    not_sent: bool = False
    unreachable: bool = False
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
        if self.not_sent and (line.sent or line.gone is not None):
            return False
        return not (self.unreachable and (line.reachable or line.gone is not None))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of the list: lines in their order, and what the chips need to know."""

    lines: list[JobLine]
    insurers: list[tuple[str, str]]
    unreachable: int
    changed: frozenset[int]


class JobList:
    """The jobs by id and the revision they are of; 0 while nothing was read. One thread at a time works on it."""

    def __init__(self) -> None:
        self._lines: dict[int, JobLine] = {}
        self.revision = 0

    def replace(self, lines: Iterable[JobLine], revision: int) -> None:
        """Everything was read anew."""
        self._lines = {line.id: line for line in lines}
        self.revision = revision

    def update(self, lines: Iterable[JobLine], revision: int) -> None:
        """What changed since `revision`; merged jobs go out of the list."""
        for line in lines:
            if line.gone == "merged":
                self._lines.pop(line.id, None)
            else:
                self._lines[line.id] = line
        self.revision = revision

    def show(
        self,
        filters: Filters,
        since_utc: datetime | None,
        order: tuple[str, bool],
        changed: frozenset[int] = frozenset(),
    ) -> Shown:
        """The lines that pass, sorted by a column (True: downwards)."""
        every = self._lines.values()
        if filters == Filters():
            lines = list(every)
        else:
            lines = [line for line in every if filters.passes(line, since_utc)]
        sort_lines(lines, order)
        insurers = {line.insurer_key: line.insurer for line in every if line.insurer}
        unreachable = sum(not line.reachable and line.gone is None for line in every)
        return Shown(lines, sorted(insurers.items()), unreachable, changed)

    def __len__(self) -> int:
        return len(self._lines)


_NEVER, _NO_DAY = datetime(1, 1, 1, tzinfo=UTC), date.min
ORDER: Final[dict[str, Callable[[JobLine], Any]]] = {
    "ro": lambda line: line.ro_number or "",
    "customer": attrgetter("customer_key"),
    "vehicle": attrgetter("vehicle_key"),
    "insurer": attrgetter("insurer_key"),
    "version": attrgetter("version_order"),
    "total": lambda line: line.total_cents or 0,
    "received": lambda line: line.received_at_utc or _NEVER,
    "delivered": lambda line: line.delivered_on or _NO_DAY,
    "survey": survey_state,
    "rating": lambda line: line.service_stars or 0,
}


def sort_lines(lines: list[JobLine], order: tuple[str, bool]) -> None:
    """By a column; jobs that are equal there by their age."""
    column, descending = order
    lines.sort(key=attrgetter("id"), reverse=descending)
    lines.sort(key=ORDER[column], reverse=descending)
