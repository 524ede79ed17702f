"""What is painted over a page: matches, what is selected, what was reached by keyboard, the arrows of sections."""

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from repaircenter.desk.kit.theme import Theme
from repaircenter.desk.viewer.pages.layout import Placed
from repaircenter.desk.viewer.pages.links import PageLinks
from repaircenter.desk.viewer.pages.selection import Selection
from repaircenter.rendering.finding import Found

# Multiplied with what is there: words stay as dark as they are.
_MARK, _MARK_NOW = QColor(255, 236, 160), QColor(255, 186, 90)
_ARROW_MM, _BESIDE_MM = 1.1, 3.2


class PageMarks:
    """`folded` are the numbers of the sections that are not shown."""

    def __init__(self, theme: Theme, links: PageLinks) -> None:
        self._theme, self._links = theme, links
        self.found: list[Found] = []
        self.found_now = -1
        self.selection: Selection | None = None
        self.folded: frozenset[int] = frozenset()

    def forget(self) -> None:
        self.found, self.found_now, self.selection = [], -1, None

    def paint(self, painter: QPainter, placed: Placed, corner: QPoint, scale: float, *, focused: bool) -> None:
        """Over the picture of a page whose upper left corner is at `corner`."""

        def area(x: float, y: float, width: float, height: float) -> QRectF:
            return QRectF(QPointF(corner.x() + x * scale, corner.y() + y * scale), QPointF(
                corner.x() + (x + width) * scale, corner.y() + (y + height) * scale))  # fmt: skip

        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for index, hit in enumerate(self.found):
            if hit.page == placed.number:
                colour = _MARK_NOW if index == self.found_now else _MARK
                painter.fillRect(area(hit.x, hit.y, hit.width, hit.height), colour)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self.selection is not None and self.selection.page == placed.number:
            colour = QColor(self._theme.colour("accent"))
            painter.setPen(QPen(colour, 1))
            colour.setAlpha(40)
            painter.fillRect(area(*self.selection.box), colour)
            painter.drawRect(area(*self.selection.box))
        for link in self._links.areas(placed.number):
            if link.fold is not None:
                self._arrow(painter, area(link.x - _BESIDE_MM, link.y, _BESIDE_MM, link.height), link.fold, scale)
        chosen, focus = self._links.chosen, self._links.focus
        if chosen is not None and focus is not None and focus[0] == placed.number and focused:
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(area(chosen.x, chosen.y, chosen.width, chosen.height))

    def _arrow(self, painter: QPainter, room: QRectF, section: int, scale: float) -> None:
        """In the margin beside a heading, on the screen only: down when its section is shown, right when it is folded."""
        middle, size = QPointF(room.center()), _ARROW_MM * scale
        if section in self.folded:
            corners = ((-0.6, -1.0), (0.8, 0.0), (-0.6, 1.0))
        else:
            corners = ((-1.0, -0.6), (1.0, -0.6), (0.0, 0.8))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("#7d8996"), 0))
        painter.setBrush(QColor("#7d8996"))
        painter.drawPolygon(QPolygonF([middle + QPointF(x * size, y * size) for x, y in corners]))
        painter.restore()
