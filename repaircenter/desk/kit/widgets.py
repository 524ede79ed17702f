"""Labels, buttons and rows as every page makes them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


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


def row_of(*widgets: QWidget) -> QWidget:
    """Widgets side by side, as wide as they need to be."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return page
