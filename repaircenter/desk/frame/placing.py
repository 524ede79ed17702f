"""Where the window stands: within the work area of a screen that is there (issue 15.8). Pure: rectangles in and out."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QRect

# What the title bar and the frame take around the contents, in pixels; a little more than any desktop needs.
FRAME = QMargins(8, 32, 8, 8)


def fitted(wanted: QRect, areas: Sequence[QRect]) -> QRect:
    """Return the wanted rectangle of the window's contents, moved and made smaller so that it lies in one work area.

    `areas` are the work areas of the screens, the first screen first; that one counts which holds most of the window, the
    first where none holds any of it (its monitor went away).
    """
    if not areas:
        return wanted
    best = max(areas, key=lambda area: _size(area & wanted))
    area = best - FRAME
    fit = QRect(wanted)
    fit.setWidth(min(wanted.width(), area.width()))
    fit.setHeight(min(wanted.height(), area.height()))
    fit.moveLeft(min(max(fit.left(), area.left()), area.right() - fit.width() + 1))
    fit.moveTop(min(max(fit.top(), area.top()), area.bottom() - fit.height() + 1))
    return fit


def centred(width: int, height: int, area: QRect) -> QRect:
    """Return a rectangle of that size in the middle of a work area."""
    rect = QRect(0, 0, width, height)
    rect.moveCenter(area.center())
    return rect


def _size(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
