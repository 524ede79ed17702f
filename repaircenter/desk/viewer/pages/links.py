"""What can be clicked on the pages, and which of it was reached by keyboard. No Qt here."""

from repaircenter.rendering.drawing import LinkArea, Page


class PageLinks:
    """`focus` is (page from 0, place of the area on it), None while nothing was reached."""

    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._areas: dict[int, list[LinkArea]] = {}
        self.focus: tuple[int, int] | None = None

    def show(self, pages: list[Page]) -> None:
        """Other pages, to which more may be added."""
        self._pages, self._areas, self.focus = pages, {}, None

    def areas(self, number: int) -> list[LinkArea]:
        """Return what can be clicked on a page (from 0)."""
        areas = self._areas.get(number)
        if areas is None:
            areas = [op for op in self._pages[number].operations if isinstance(op, LinkArea)]
            self._areas[number] = areas
        return areas

    def at(self, number: int, x_mm: float, y_mm: float) -> LinkArea | None:
        """Return what lies at a point of a page; what leads somewhere before a mere figure."""
        hits = [
            area
            for area in self.areas(number)
            if area.x <= x_mm < area.x + area.width and area.y <= y_mm < area.y + area.height
        ]
        return next((area for area in hits if area.link is not None), hits[0] if hits else None)

    def step(self, page: int, forwards: bool) -> LinkArea | None:
        """Go on to the next area of a page, or the one before; None behind the last and before the first."""
        count = len(self.areas(page)) if self._pages else 0
        if self.focus is None or self.focus[0] != page:
            place = 0 if forwards else count - 1
        else:
            place = self.focus[1] + (1 if forwards else -1)
        self.focus = (page, place) if 0 <= place < count else None
        return self.chosen

    @property
    def chosen(self) -> LinkArea | None:
        """What was reached by keyboard."""
        if self.focus is None or self.focus[0] >= len(self._pages):
            return None
        areas = self.areas(self.focus[0])
        return areas[self.focus[1]] if self.focus[1] < len(areas) else None
