"""One run of a report in the background: parts come from the service, pages go to the screen as they are full."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from repaircenter.desk.kit.bridge import Background
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

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._stop = threading.Event()
        self._number = 0
        self.is_running = False

    def start(self, link: PersonLink, request: RunRequest, setup: PageSetup, kept: KeptResult | None = None) -> None:
        self.forget()
        self._stop = threading.Event()
        self.is_running = True
        stop, number = self._stop, self._number

        def pause(seconds: float) -> None:
            stop.wait(seconds)

        def work() -> None:
            last: LastResult | None = None
            begun = "" if kept is None else kept.results.begin()
            try:
                if kept is not None and kept.only:
                    raise NothingKept("no_last_result")
                parts = self._send_pages(number, run_parts(link, request, pause, stop.is_set), setup)
            except (Unreachable, NothingKept):
                last = None if kept is None else kept.find()
                if last is None:
                    raise
                self._background.report(partial(self._fell_back, number), last.made_at_utc)
                parts = self._send_pages(number, iter(last.parts), setup)
            self._background.report(partial(self._ended, number), parts)
            if kept is not None and last is None and parts and parts[-1].last:
                kept.keep(parts, begun)

        self._background.run(work, lambda _none: None, partial(self._failed, number), takes_long=True)

    def _send_pages(self, number: int, arriving: Iterator[Part], setup: PageSetup) -> list[Part]:
        """Lay out parts as they come and send full pages to the screen; gives the parts."""
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
                self._background.report(partial(self._arrived, number), batch)
                batch, shown_at = [], time.monotonic()
        self._background.report(partial(self._arrived, number), batch)
        return parts

    def forget(self) -> None:
        """Stop at once on the screen; the service's query is cancelled by the thread that polls it (A-46)."""
        self._stop.set()
        self._number += 1
        self.is_running = False

    def _fell_back(self, number: int, made_at_utc: datetime) -> None:
        if number == self._number:
            self.fell_back.emit(made_at_utc)

    def _arrived(self, number: int, pages: list[Page]) -> None:
        if number == self._number and pages:
            self.pages_arrived.emit(pages)

    def _ended(self, number: int, parts: list[Part]) -> None:
        if number == self._number:
            self.is_running = False
            self.ended.emit(parts)

    def _failed(self, number: int, sentence: str) -> None:
        if number == self._number:
            self.is_running = False
            self.failed.emit(sentence)
