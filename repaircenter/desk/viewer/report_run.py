"""One run of a report in the background: parts come from the service, pages go to the screen as they are full."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from repaircenter.desk.kit.operations import Operations, Query, Tell
from repaircenter.rendering.drawing import Page, PageSetup
from repaircenter.rendering.pagination import paginate
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.controls import LastResultsControl
from repaircenter.shop.ports import PersonLink, Unreachable
from repaircenter.shop.service.last_results import LastResult
from repaircenter.shop.service.report_run import run_parts
from repaircenter.wire.document.parts import Part
from repaircenter.wire.reports import Favourite, RunRequest

_SHOW_EVERY_SECONDS = 0.2


class NothingKept(KnownError):
    """The service is away and no result of this favourite lies on this PC."""


@dataclass(frozen=True, slots=True)
class KeptResult:
    """Where the last result of a favourite is kept; with `only` the service is not asked at all."""

    results: LastResultsControl
    email: str
    favourite: Favourite
    only: bool = False

    def find(self) -> LastResult | None:
        return self.results.find(self.email, self.favourite)

    def keep(self, parts: Sequence[Part], begun: str) -> None:
        self.results.keep(self.email, self.favourite, parts, begun)


class ReportRun(QObject):
    """At most one run is wanted at a time; what an earlier one still says is not heard."""

    pages_arrived = Signal(object)  # list[Page]
    fell_back = Signal(object)  # datetime: the last result of then comes instead of everything before
    ended = Signal(object)  # list[Part]
    failed = Signal(str)

    def __init__(self, operations: Operations) -> None:
        super().__init__()
        self._query = Query(operations, takes_long=True)
        self._stop = threading.Event()

    @property
    def is_running(self) -> bool:
        return self._query.is_asking

    def start(self, link: PersonLink, request: RunRequest, setup: PageSetup, kept: KeptResult | None = None) -> None:
        self.forget()
        self._stop = threading.Event()
        stop = self._stop

        def pause(seconds: float) -> None:
            stop.wait(seconds)

        def work(tell: Tell) -> None:
            last: LastResult | None = None
            begun = "" if kept is None else kept.results.begin()
            try:
                if kept is not None and kept.only:
                    raise NothingKept("no_last_result")
                parts = self._send_pages(tell, run_parts(link, request, pause, stop.is_set), setup)
            except (Unreachable, NothingKept):
                last = None if kept is None else kept.find()
                if last is None:
                    raise
                tell(self.fell_back.emit, last.made_at_utc)
                parts = self._send_pages(tell, iter(last.parts), setup)
            tell(self._end, parts)
            if kept is not None and last is None and parts and parts[-1].last:
                kept.keep(parts, begun)

        self._query.stream(work, lambda _none: None, self.failed.emit)

    def _send_pages(self, tell: Tell, arriving: Iterator[Part], setup: PageSetup) -> list[Part]:
        """Lay out parts as they come and send full pages to the screen; return the parts."""
        parts: list[Part] = []

        def remembered() -> Iterator[Part]:
            for part in arriving:
                parts.append(part)
                yield part

        batch: list[Page] = []
        shown_at = 0.0
        for page in paginate(remembered(), setup):
            batch.append(page)
            if time.monotonic() - shown_at > _SHOW_EVERY_SECONDS:
                tell(self._arrived, batch)
                batch, shown_at = [], time.monotonic()
        tell(self._arrived, batch)
        return parts

    def forget(self) -> None:
        """Stop at once on the screen; the service's query is cancelled by the thread that polls it (A-46)."""
        self._stop.set()
        self._query.drop()

    def _arrived(self, pages: list[Page]) -> None:
        if pages:
            self.pages_arrived.emit(pages)

    def _end(self, parts: list[Part]) -> None:
        """Everything is there; keeping it for another day goes on in the background and is nobody's business."""
        self._query.drop()
        self.ended.emit(parts)
