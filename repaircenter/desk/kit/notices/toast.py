"""What went well, said once at the bottom of the window for eight seconds, with Undo where it can be taken back (UI.md)."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QPushButton, QWidget

from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.widgets import button, label

SHOWN_MS = 8000
_GAP, _WIDEST, _AIR = 16, 640, 24


class Toast(QFrame):
    """Stands over `host`, one message at a time. It waits while the mouse or the keyboard is on it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setProperty("role", "toast")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._over)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 12, 8)
        self._text = label("", wrap=True)
        self._row.addWidget(self._text, 1)
        # Kept from message to message: a new button takes its style from the whole sheet, 10 ms of the window's time.
        self._buttons: list[QPushButton] = []
        self._calls: list[Callable[[], object]] = []
        host.installEventFilter(self)
        self.hide()

    def say(self, text: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """Say something in the place of what was said before; an action closes it."""
        self._text.setText(text)
        self._calls = [call for _, call in actions]
        while len(self._buttons) < len(actions):
            another = button("", partial(self._press, len(self._buttons)))
            self._buttons.append(another)
            self._row.addWidget(another)
        for number, offered in enumerate(self._buttons):
            offered.setVisible(number < len(actions))
            if number < len(actions):
                offered.setText(without_mark(actions[number][0]))
        self.show()
        self._place()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def close_now(self) -> None:
        """Somebody has signed out, or the page is another one: nothing is undone any more."""
        self._timer.stop()
        self._calls = []
        self.hide()

    def _press(self, number: int) -> None:
        call = self._calls[number]
        self.close_now()
        call()

    def _over(self) -> None:
        if self.underMouse() or any(offered.hasFocus() for offered in self._buttons):
            self._timer.start()
        else:
            self.close_now()

    def _place(self) -> None:
        host = self._host
        beside = sum(offered.sizeHint().width() + self._row.spacing() for offered in self._buttons[: len(self._calls)])
        margins = self._row.contentsMargins()
        needed = self._text.fontMetrics().horizontalAdvance(self._text.text()) + beside
        wide = min(needed + margins.left() + margins.right() + _AIR, host.width() - 2 * _GAP, _WIDEST)
        self.setFixedWidth(wide)
        self.adjustSize()
        self.move((host.width() - wide) // 2, host.height() - self.height() - _GAP - self._below())

    def _below(self) -> int:
        """The height of the status bar: what it says stays readable."""
        status = self._host.statusBar() if isinstance(self._host, QMainWindow) else None
        return 0 if status is None else status.height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
