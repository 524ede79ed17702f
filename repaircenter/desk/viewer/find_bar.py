"""Find in the pages: words, match case, whole words, the next and the one before, how many (V-04)."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.widgets import button, label
from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.rendering.finding import Found, find

_WAIT_MS = 150


class FindBar(QWidget):
    """Hidden until asked for; Esc closes it. `matches_changed` tells the matches and which of them is looked at."""

    closed = Signal()
    matches_changed = Signal(object, int)  # list[Found]
    list_wanted = Signal()

    def __init__(self, context: DeskContext, view: PageView) -> None:
        super().__init__()
        self._context, self._view = context, view
        self._found: list[Found] = []
        self._now = -1
        self._matches = Query(context.operations, again=self.search)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        self._words = QLineEdit()
        self._words.setClearButtonEnabled(True)
        self._words.setFixedWidth(260)
        self._case, self._whole = QCheckBox(), QCheckBox()
        self._count: QLabel = label("", "soft")
        self._previous: QPushButton = button("", lambda: self.step(-1))
        self._next: QPushButton = button("", lambda: self.step(1))
        self._list: QPushButton = button("", self.list_wanted.emit)
        self._close: QPushButton = button("", self.close_bar)
        for widget in (self._words, self._previous, self._next, self._list, self._case, self._whole, self._count):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._close)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self.search)
        self._words.textChanged.connect(lambda _words: self._wait.start())
        self._words.returnPressed.connect(self._entered)
        self._case.toggled.connect(lambda _on: self.search())
        self._whole.toggled.connect(lambda _on: self.search())
        self.hide()
        bind = self._context.texts.bind
        bind(self._words, name="desk.find.words", hint="desk.find.words")
        bind(self._case, "desk.find.case")
        bind(self._whole, "desk.find.whole")
        bind(self._previous, "desk.find.previous")
        bind(self._next, "desk.find.next")
        bind(self._list, "desk.find.list")
        bind(self._close, "desk.find.close")
        self.retranslate()

    def retranslate(self) -> None:
        self._say()

    def open_bar(self) -> None:
        self.show()
        self._words.setFocus()
        self._words.selectAll()
        self.search()

    def close_bar(self) -> None:
        self.hide()
        self._found, self._now = [], -1
        self._view.mark([], -1)
        self.matches_changed.emit([], -1)
        self._view.setFocus()
        self.closed.emit()

    def forget(self) -> None:
        """What the last person looked for is gone."""
        self._words.clear()
        self.hide()
        self._found, self._now = [], -1
        self.matches_changed.emit([], -1)

    def pages_changed(self) -> None:
        """The pages are other ones, or more: the matches are found again."""
        if self.isVisible():
            self.search()

    def _entered(self) -> None:
        if self._wait.isActive():
            self._wait.stop()
            self.search()
        else:
            self.step(1)

    def search(self) -> None:
        """Find in the background, from the page that is looked at on; matches before it count too.

        At most one search runs; what was asked meanwhile is asked once more after it.
        """
        text = self._words.text()
        if not text.strip():
            self._matches.drop()
            self._show([])
            return
        pages, case, whole = list(self._view.pages), self._case.isChecked(), self._whole.isChecked()

        def came(hits: list[Found]) -> None:
            if self.isVisible() and text == self._words.text():
                self._show(hits)

        self._matches.ask(lambda: find(pages, text, match_case=case, whole_words=whole), came, lambda _: came([]))

    def _show(self, hits: list[Found]) -> None:
        self._found = hits
        page = max(self._view.current - 1, 0)
        self._now = next((index for index, hit in enumerate(hits) if hit.page >= page), 0 if hits else -1)
        self._view.mark(hits, self._now)
        self._say()

    def step(self, by: int) -> None:
        """The next match; after the last one comes the first, and it says so."""
        if self._found:
            self._look_at(self._now + by)

    def go_to(self, place: int) -> None:
        """A match chosen from their list."""
        if place < len(self._found):
            self._look_at(place)

    def _look_at(self, target: int) -> None:
        self._now = target % len(self._found)
        self._view.mark(self._found, self._now)
        self._say(wrapped=target != self._now)

    def _say(self, *, wrapped: bool = False) -> None:
        words = self._context.words
        if not self._words.text().strip():
            self._count.setText("")
        elif not self._found:
            self._count.setText(words("desk.find.nothing"))
        else:
            text = words("desk.find.count", now=self._now + 1, count=len(self._found))
            self._count.setText(text + (" · " + words("desk.find.wrapped") if wrapped else ""))
        self._previous.setEnabled(len(self._found) > 1)
        self._next.setEnabled(len(self._found) > 1)
        self._list.setEnabled(bool(self._found))
        self.matches_changed.emit(self._found, self._now)
