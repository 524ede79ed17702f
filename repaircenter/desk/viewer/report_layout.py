"""Lays the shown report out again: on other paper, in another order, with sections folded (V-13, V-14, V-17)."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from repaircenter.desk.kit.operations import Operations, Query
from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.desk.viewer.report_state import ReportState
from repaircenter.rendering.arrangement import Arrangement, sections
from repaircenter.rendering.drawing import Page, PageSetup
from repaircenter.rendering.pagination import paginate
from repaircenter.wire.document.parts import Part


class ReportLayout(QObject):
    """The same numbers on new pages, made in the background; `laid_out` when they are there."""

    laid_out = Signal(object, object)  # list[Page], Place: where one was

    def __init__(
        self, operations: Operations, state: ReportState, view: PageView, setup: Callable[[], PageSetup]
    ) -> None:
        super().__init__()
        self._state, self._view, self._setup = state, view, setup
        self._query = Query(operations, takes_long=True)

    def drop(self) -> None:
        """What is being laid out is not wanted any more."""
        self._query.drop()

    def sort_by(self, table: int, column: int) -> None:
        """Sort a table by a column; once more turns it round, the third time it is as it came."""
        self.arrange(self._state.arrangement.sorted_by(table, column))

    def fold(self, section: int) -> None:
        """Fold a section under its heading, or open it again."""
        self.arrange(self._state.arrangement.folding(section))

    def fold_all(self, *, folded: bool) -> None:
        every = sections(self._state.came) if folded else frozenset()
        self.arrange(Arrangement(self._state.arrangement.order, every))

    def arrange(self, arrangement: Arrangement) -> None:
        if self._state.came:
            self._state.arrangement = arrangement
            self.again()

    def again(self) -> None:
        """At the same place of the same document."""
        state = self._state
        if not state.came:
            return
        came, arrangement, place = list(state.came), state.arrangement, self._view.place()
        setup = state.laid_with = self._setup()

        def work() -> tuple[list[Part], list[Page]]:
            parts = arrangement.ordered(came)
            return parts, list(paginate(parts, setup, arrangement))

        def done(result: tuple[list[Part], list[Page]]) -> None:
            state.parts, pages = result
            self.laid_out.emit(pages, place)

        self._query.ask(work, done)
