"""One run of a report in the background: parts come from the service, pages go to the screen as they are full."""

import threading
import time
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal

from repaircenter.desk.bridge import Background
from repaircenter.reports.drawing import Page, PageSetup
from repaircenter.reports.pagination import paginate
from repaircenter.shop.ports import PersonLink
from repaircenter.shop.running import run_parts
from repaircenter.wire.document import Part
from repaircenter.wire.messages import RunRequest

_SHOW_EVERY_SECONDS = 0.2


class ReportRun(QObject):
    """At most one run is wanted at a time; what an earlier one still says is not heard."""

    pages_arrived = Signal(object)  # list[Page]
    ended = Signal(object)  # list[Part]
    failed = Signal(str)

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._stop = threading.Event()
        self._number = 0
        self.is_running = False

    def start(self, link: PersonLink, request: RunRequest, setup: PageSetup) -> None:
        self.forget()
        self._stop = threading.Event()
        self.is_running = True
        stop, number, report = self._stop, self._number, self._background.report

        def pause(seconds: float) -> None:
            stop.wait(seconds)

        def work() -> None:
            parts: list[Part] = []

            def arriving() -> Iterator[Part]:
                for part in run_parts(link, request, pause, stop.is_set):
                    parts.append(part)
                    yield part

            batch: list[Page] = []
            shown_at = 0.0
            for page in paginate(arriving(), setup):
                batch.append(page)
                if time.monotonic() - shown_at > _SHOW_EVERY_SECONDS:
                    report(partial(self._arrived, number), batch)
                    batch, shown_at = [], time.monotonic()
            report(partial(self._arrived, number), batch)
            report(partial(self._ended, number), parts)

        self._background.run(work, lambda _none: None, partial(self._failed, number), takes_long=True)

    def forget(self) -> None:
        """Stop at once on the screen; the service's query is cancelled by the thread that polls it (A-46)."""
        self._stop.set()
        self._number += 1
        self.is_running = False

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
