"""A page that is one card in the middle: signing in, first run, the recovery code."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

_EDGE, _GAP = 24, 12


def card_on(page: QWidget, width: int) -> QVBoxLayout:
    """Put a card of a width in pixels in the middle of a page; return the column of what stands on it."""
    outer = QVBoxLayout(page)
    outer.setAlignment(Qt.AlignmentFlag.AlignCenter)
    card = QFrame()
    card.setProperty("role", "card")
    card.setFixedWidth(width)
    outer.addWidget(card)
    column = QVBoxLayout(card)
    column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
    column.setSpacing(_GAP)
    return column
