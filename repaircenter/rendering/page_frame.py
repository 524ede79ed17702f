"""What stands on every page: title and facts above, who made it when and the page's number below (requirements 9.1)."""

from collections.abc import Iterator

from repaircenter.rendering import palette, values
from repaircenter.rendering.drawing import Line, Operation, PageNumber, PageSetup, Picture, Text
from repaircenter.rendering.fallbacks import is_right_to_left
from repaircenter.rendering.fonts import BOLD, REGULAR, face, fitted, wrap
from repaircenter.runtime.text import Texts
from repaircenter.wire.document.parts import Header

TITLE, SUBTITLE, SMALL = 16.0, 10.0, 8.0
_FOOTER_MM = 9.0
_LOGO_WIDE_MM, _LOGO_HIGH_MM = 44.0, 15.0


def text_line(
    text: str, name: str, size: float, x: float, baseline: float, colour: str, *, right_to_left: bool = False
) -> Iterator[Text]:
    """A text whose left edge is at `x`; nothing where nothing is left to draw."""
    clean = face(name).clean(text)
    if clean:
        width = face(name).width_mm(clean, size)
        yield Text(clean, name, size, x, baseline, width, colour, right_to_left or is_right_to_left(clean))


class PageFrame:
    """`above` and `below` give what is drawn; `bottom` is where a page's content ends."""

    def __init__(self, header: Header, setup: PageSetup) -> None:
        self._header, self._setup = header, setup
        self._words = Texts(header.language)

    @property
    def bottom(self) -> float:
        return self._setup.height - self._setup.margin - (_FOOTER_MM if self._setup.footer else 0.0)

    def above(self, number: int) -> tuple[list[Operation], float]:
        """What stands above the content of a page (from 1), and where the content begins."""
        margin, width = self._setup.margin, self._setup.content_width
        if number > 1 and not self._setup.header:
            return [], margin
        operations: list[Operation] = []
        y = self._title(operations) if number == 1 else self._short_title(operations)
        operations.append(Line(margin, y, margin + width, y, 0.4, palette.RULE))
        return operations, y + 5.0

    def _title(self, operations: list[Operation]) -> float:
        """On the first page: everything a reader must know of the figures."""
        header, margin, width = self._header, self._setup.margin, self._setup.content_width
        beside = _logo(header.logo, margin + width, margin)
        operations.extend(beside)
        room = width - sum(picture.width + 6.0 for picture in beside)
        shown_title = fitted(header.title, BOLD, TITLE, room)
        operations.extend(text_line(shown_title, BOLD, TITLE, margin, margin + 5.5, palette.INK))
        y = margin + 11.0
        for shown in wrap(header.subtitle, REGULAR, SUBTITLE, room):
            operations.extend(text_line(shown, REGULAR, SUBTITLE, margin, y, palette.SOFT))
            y += 4.6
        y += 0.6
        formulas = self._words("report.fact.formulas")
        facts = [fact for fact in header.facts if fact[0] != formulas]
        facts.append((self._words("report.fact.data_as_of"), self._when()))
        for shown in _fact_lines([values.labelled(*fact, header.language) for fact in facts], width):
            operations.extend(text_line(shown, REGULAR, SMALL, margin, y, palette.SOFT))
            y += 3.7
        for shown in (part for notice in header.notices for part in wrap(notice, BOLD, SMALL, width)):
            operations.extend(text_line(shown, BOLD, SMALL, margin, y, palette.BAD))
            y += 3.7
        return max([y, *(picture.y + picture.height + 2.0 for picture in beside)])

    def _short_title(self, operations: list[Operation]) -> float:
        """From the second page on: what it is and of when."""
        header, margin, width = self._header, self._setup.margin, self._setup.content_width
        y = margin + 3.5
        operations.extend(text_line(header.title, BOLD, SUBTITLE, margin, y, palette.INK))
        period = face(REGULAR).clean(dict(header.facts).get(self._words("report.fact.period"), ""))
        period_width = face(REGULAR).width_mm(period, SMALL)
        operations.extend(text_line(period, REGULAR, SMALL, margin + width - period_width, y, palette.SOFT))
        title_width = face(BOLD).width_mm(header.title, SUBTITLE) + 4.0
        shops = wrap(header.subtitle, REGULAR, SMALL, width - title_width - period_width - 4.0)[0]
        operations.extend(text_line(shops, REGULAR, SMALL, margin + title_width, y, palette.SOFT))
        return y + 2.6

    def below(self) -> Iterator[Operation]:
        """What stands below the content of every page."""
        setup = self._setup
        if not setup.footer:
            return
        y = setup.height - setup.margin - _FOOTER_MM + 3.0
        yield Line(setup.margin, y, setup.width - setup.margin, y, 0.2, palette.RULE)
        produced = self._words("report.page.produced", when=self._when())
        if self._header.run_by:
            produced += f" · {self._words('report.fact.run_by')} {self._header.run_by}"
        yield from text_line(produced, REGULAR, SMALL, setup.margin, y + 4.2, palette.SOFT)
        template = self._words("report.page.number", page="{page}", pages="{pages}")
        yield PageNumber(template, REGULAR, SMALL, setup.width - setup.margin, y + 4.2, palette.SOFT)

    def _when(self) -> str:
        return values.instant_in_zone(self._header.data_as_of, self._header.zone, self._header.language)


def _logo(image: bytes, right: float, top: float) -> list[Picture]:
    """The logo in the upper right corner, in its own shape; one that cannot be read is left out."""
    size = _pixels(image)
    if size is None:
        return []
    scale = min(_LOGO_WIDE_MM / size[0], _LOGO_HIGH_MM / size[1])
    wide, high = size[0] * scale, size[1] * scale
    return [Picture(right - wide, top, wide, high, image)]


def _pixels(image: bytes) -> tuple[int, int] | None:
    """Width and height as a PNG's first chunk says them; None for anything else."""
    if len(image) < 24 or not image.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    wide, high = int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
    return (wide, high) if wide and high else None


def _fact_lines(facts: list[str], width: float) -> list[str]:
    """Facts beside each other; a line is broken between them, within one only where it is longer than a line."""
    lines: list[str] = []
    for fact in facts:
        longer = f"{lines[-1]}   ·   {fact}" if lines else fact
        if lines and face(REGULAR).width_mm(face(REGULAR).clean(longer), SMALL) <= width:
            lines[-1] = longer
        else:
            lines.extend(wrap(fact, REGULAR, SMALL, width))
    return lines
