"""Files a person gives the desk: dropped on the window, opened with the program, or chosen in a dialog (issue 16)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.desk_context import DeskContext


class OpenedFiles(QObject):
    """Keeps the paths until `is_open` says that jobs may be shown, and then gives them to `give`."""

    def __init__(
        self, window: QWidget, context: DeskContext, is_open: Callable[[], bool], give: Callable[[list[str]], None]
    ) -> None:
        super().__init__(window)
        self._window, self._context, self._is_open, self._give = window, context, is_open, give
        self._waiting: list[str] = []
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def take(self, paths: Sequence[str]) -> None:
        self._waiting += paths
        self.give_waiting()

    def give_waiting(self) -> None:
        """Jobs may be shown now, perhaps."""
        if self._waiting and self._is_open():
            paths, self._waiting = self._waiting, []
            self._give(paths)

    def choose(self) -> None:
        """Have a person choose files of sets."""
        if not self._is_open():
            return
        words = self._context.words
        kinds = f"{words('desk.opened.kind')} (*.env *.ENV *.zip *.ZIP);;{words('desk.opened.every')} (*)"
        title = without_mark(words("desk.more.open"))
        paths, _kind = QFileDialog.getOpenFileNames(self._window, title, "", kinds)
        self.take(paths)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            assert isinstance(event, QDropEvent)
            paths = _paths(event.mimeData())
            if not paths or not self._is_open() or not event.possibleActions() & Qt.DropAction.CopyAction:
                event.ignore()
                return True
            # Never a move, whatever key is held: the file manager would take the export out of its folder.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if event.type() == QEvent.Type.Drop:
                self.take(paths)
            return True
        return False


def _paths(dropped: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in dropped.urls() if url.isLocalFile()]
