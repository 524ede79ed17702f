"""Labels, buttons and rows as every page makes them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QDate, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QDateEdit, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSpinBox, QWidget

# Pixels: a name, an address, an e-mail.
INPUT_WIDTH = 420
# A style sheet gives no room before a number with arrows.
_INDENT = 7
_FIRST_DAY = QDate(2000, 1, 1)
Box = TypeVar("Box", bound=QWidget)


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A text label; `role` is title, soft or problem."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if role:
        widget.setProperty("role", role)
    return widget


def button(text: str, pressed: Callable[[], object], *, primary: bool = False) -> QPushButton:
    widget = QPushButton(text)
    widget.setAccessibleName(text.replace("&", ""))
    widget.clicked.connect(lambda _checked=False: pressed())
    if primary:
        widget.setProperty("primary", True)
    return widget


def scrolled(page: QWidget) -> QScrollArea:
    """A page that never squeezes its parts: where there is no room for it, it scrolls."""
    area = _Scrolled()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class _Scrolled(QScrollArea):
    """Never narrower than its page: it scrolls up and down only."""

    def minimumSizeHint(self) -> QSize:
        page = self.widget()
        wide = 0 if page is None else page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(wide, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class _Unrolled(QObject):
    """The wheel turns the page, and a value only where the keyboard stands: nobody changes a rule in passing."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def unrolled(box: Box) -> Box:
    """Return an input that the wheel changes only while the keyboard stands in it."""
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(_Unrolled(box))
    return box


def number_box(low: int, high: int) -> QSpinBox:
    """A whole number with its two small arrows."""
    box = unrolled(QSpinBox())
    box.setRange(low, high)
    box.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
    return box


def day_box(day: QDate = _FIRST_DAY) -> QDateEdit:
    """A day, typed or chosen from a calendar."""
    box = QDateEdit(day)
    box.setCalendarPopup(True)
    box.setDisplayFormat("yyyy-MM-dd")
    return box


def align(captions: Sequence[QWidget]) -> None:
    """Give captions in several forms below each other one width: their fields begin in one column."""
    widest = max((caption.sizeHint().width() for caption in captions), default=0)
    for caption in captions:
        caption.setMinimumWidth(widest)


def ensure_visible(widget: QWidget) -> None:
    """Scroll the page that a widget stands on until it is seen, once it has its place."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None:
        QTimer.singleShot(0, area, partial(area.ensureWidgetVisible, widget))


def bounded(widget: QWidget, width: int = INPUT_WIDTH) -> QWidget:
    """An input that grows with its page, but not beyond what stands in it."""
    widget.setMaximumWidth(width)
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return page


def row_of(*widgets: QWidget) -> QWidget:
    """Widgets side by side, as wide as they need to be."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return page
