"""The jobs of the list as they were read: kept by id, brought up to date with what changed, filtered. No Qt here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from repaircenter.runtime.text import sort_key
from repaircenter.shop.model import JobLine

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
        return line.service_state if line.service_state in KNOWN else "unknown"
    if line.shop_id is None:
        return "no_shop"
    if line.sent:
        return "to_send"
    return "none" if line.complete else "incomplete"


KNOWN = frozenset(
    (
        "none",
        "to_send",
        "received",
        "ageing",
        "callable",
        "invited",
        "answered",
        "filtered",
        "withdrawn",
        "refused",
        "unreachable",
        "no_shop",
        "incomplete",
        "unsure",
        "excluded",
        "erased",
        "unknown",
    )
)


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
        return self != Filters(shop_id=self.shop_id)

    def passes(self, line: JobLine, today: date) -> bool:
        if self.shop_id is not None and line.shop_id not in (None, self.shop_id):
            return False
        if self.states and line.state not in self.states:
            return False
        if self.insurer is not None and sort_key(line.insurer or "") != self.insurer:
            return False
        if self.days is not None:
            day = None if line.received_at_utc is None else line.received_at_utc.astimezone().date()
            if day is None or day < today - timedelta(days=self.days):
                return False
        if self.problem and not (survey_state(line) in _TROUBLED or not line.complete):
            return False
        if self.not_sent and (line.sent or line.gone is not None):
            return False
        return not (self.unreachable and (line.reachable or line.gone is not None))


class JobList:
    """`revision` is what the lines are of; 0 while nothing was read."""

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

    def chosen(self, filters: Filters, today: date) -> list[JobLine]:
        return [line for line in self._lines.values() if filters.passes(line, today)]

    def insurers(self) -> list[tuple[str, str]]:
        """(sort key, name) of every insurer in the list, in their order."""
        found = {sort_key(line.insurer): line.insurer for line in self._lines.values() if line.insurer}
        return sorted(found.items())

    def count_unreachable(self) -> int:
        return sum(not line.reachable and line.gone is None for line in self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)
