"""What the viewer shows, without any widget: the report that was asked for, its parts, their order, and where one came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from repaircenter.desk.viewer.pages.place import Place
from repaircenter.desk.viewer.report_history import History, Snapshot
from repaircenter.desk.viewer.report_run import KeptResult
from repaircenter.rendering.arrangement import AS_IT_CAME, Arrangement
from repaircenter.rendering.drawing import Page, PageSetup
from repaircenter.rendering.flat import header_of
from repaircenter.wire.document.nodes import Empty
from repaircenter.wire.document.parts import Header, Part
from repaircenter.wire.reports import RunRequest


@dataclass(slots=True)
class ReportState:
    """`came` are the parts as they came, `parts` as they are shown (the `arrangement` says how); `as_of_utc` is set when a
    kept result is shown; `laid_with` is the paper the pages were made for."""

    request: RunRequest | None = None
    kept: KeptResult | None = None
    as_of_utc: datetime | None = None
    came: list[Part] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    arrangement: Arrangement = AS_IT_CAME
    laid_with: PageSetup = field(default_factory=PageSetup)
    history: History = field(default_factory=History)

    def begin(self, request: RunRequest, kept: KeptResult | None) -> None:
        """Another report is asked for; where one came from stays."""
        self.request, self.kept = request, kept
        self.came, self.parts, self.as_of_utc, self.arrangement = [], [], None, AS_IT_CAME

    def take(self, parts: list[Part]) -> None:
        """All parts came; nothing is arranged yet."""
        self.came, self.parts = parts, parts

    def forget(self) -> None:
        self.history.clear()
        self.request, self.kept, self.as_of_utc, self.came, self.parts = None, None, None, [], []
        self.arrangement = AS_IT_CAME

    @property
    def header(self) -> Header | None:
        return next((part.header for part in self.parts if part.header is not None), None)

    @property
    def empty(self) -> Empty | None:
        """Why there is nothing to show, when there is nothing (A-50)."""
        return next((node for part in self.parts for node in part.nodes if isinstance(node, Empty)), None)

    def levels(self) -> list[Header | None]:
        """Return the headers from the report one began with to the one that is shown."""
        return [*(header_of(snapshot.parts) for snapshot in self.history.before), self.header]

    def snapshot(self, pages: Sequence[Page], place: Place) -> Snapshot | None:
        """Return what is shown, to come back to; None while there is nothing whole."""
        if self.request is None or self.header is None:
            return None
        return Snapshot(
            self.request,
            self.came,
            self.parts,
            list(pages),
            place,
            self.laid_with,
            self.arrangement,
            self.kept,
            self.as_of_utc,
        )

    def show(self, snapshot: Snapshot) -> None:
        self.request, self.came, self.parts = snapshot.request, list(snapshot.came), list(snapshot.parts)
        self.laid_with, self.kept, self.as_of_utc = snapshot.setup, snapshot.kept, snapshot.as_of_utc
        self.arrangement = snapshot.arrangement
