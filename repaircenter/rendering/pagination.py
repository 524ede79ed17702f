"""Parts of a document -> pages, one after the other as the parts come in (DESIGN 3.12). Pure, any thread."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec.structs import replace

from repaircenter.rendering import charts, palette, values
from repaircenter.rendering.arrangement import AS_IT_CAME, Arrangement
from repaircenter.rendering.cards import card_rows, draw_cards, row_height
from repaircenter.rendering.charts.pieces import least_height, pieces
from repaircenter.rendering.drawing import LETTER, LinkArea, Operation, Page, PageSetup, landscape
from repaircenter.rendering.fallbacks import is_right_to_left
from repaircenter.rendering.fonts import BOLD, ITALIC, MM_PER_POINT, REGULAR, face, wrap
from repaircenter.rendering.page_frame import SMALL, PageFrame, text_line
from repaircenter.rendering.tables import Row, TableLayout
from repaircenter.runtime.text import Texts
from repaircenter.wire.document.charts import Chart
from repaircenter.wire.document.nodes import Cards, Empty, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Header, Part

_BODY = 9.5
# Between the last line of a page and the rule of its footer.
_ABOVE_FOOTER_MM = 2.2
_WHOLE_LINES = 8
_AT_ONCE = 200
_TOGETHER = 2
# The least that stands below a heading: of itself, of a table, of lines.
_HEADING_MM, _TABLE_MM, _LINES_MM = 12.0, 33.0, 18.0


class Paginator:
    """Fills page after page; finished ones are taken with `take`."""

    def __init__(self, header: Header, setup: PageSetup = LETTER, arrangement: Arrangement = AS_IT_CAME) -> None:
        self._header = header
        # A report of many columns turns the page, unless a person chose how it lies.
        self._setup = landscape(setup) if header.landscape and setup.automatic else setup
        self._words = Texts(header.language)
        self._frame = PageFrame(header, self._setup)
        self._language = header.language
        self._finished: list[Page] = []
        self._operations: list[Operation] = []
        self._outline: list[tuple[int, str]] = []
        self._table: TableLayout | None = None
        self._number = 0
        self._tables = 0
        self._arrangement = arrangement
        self._headings = 0
        # The level of the heading whose section is folded; what stands below it is not shown.
        self._folded_at: int | None = None
        self._after_folded = False
        self._y = 0.0
        self._begin_page()

    def take(self) -> list[Page]:
        """The pages finished since the last call."""
        finished, self._finished = self._finished, []
        return finished

    def finish(self) -> list[Page]:
        self._put_formulas()
        self._end_page()
        return self.take()

    def _put_formulas(self) -> None:
        """The names of the formulas stand below everything (issue 15.19); they never begin a page of their own."""
        label = self._words("report.fact.formulas")
        names = dict(self._header.facts).get(label)
        if not names:
            return
        margin, width = self._setup.margin, self._setup.content_width
        for line in wrap(values.labelled(label, names, self._language), REGULAR, SMALL, width):
            baseline = min(self._y + 3.0, self._bottom + _ABOVE_FOOTER_MM)
            self._put(line, REGULAR, SMALL, margin, baseline, palette.SOFT)
            self._y += 3.7

    def add(self, node: Node, following: Node | None = None) -> None:
        """Lay out one node; a note that follows a table stays with its last rows, a heading with what it is above."""
        if self._is_folded(node):
            return
        if not (isinstance(node, Table) and node.continued):
            self._table = None
        if isinstance(node, Heading):
            self._heading(node, following)
        elif isinstance(node, Paragraph):
            face_name = ITALIC if node.style == "quote" else REGULAR
            self._paragraph(node.text, face_name, SMALL if node.style == "note" else _BODY, node.style == "note")
        elif isinstance(node, Table):
            self._add_table(node, self._note_height(following))
        elif isinstance(node, Cards):
            self._add_cards(node)
        elif isinstance(node, Chart):
            self._add_chart(node)
        elif isinstance(node, Empty):
            self._paragraph(node.text, BOLD, 11.0, False)
            for _, suggestion in node.suggestions:
                self._paragraph("– " + suggestion, REGULAR, _BODY, False)
        else:
            self._paragraph(self._words("common.newer_desk", kind=node.kind), ITALIC, SMALL, True)

    def _is_folded(self, node: Node) -> bool:
        """Whether a node stands in a folded section; headings and tables are counted all the same."""
        if isinstance(node, Heading):
            number, self._headings = self._headings, self._headings + 1
            if self._folded_at is not None and node.level > self._folded_at:
                return True
            self._after_folded = self._folded_at is not None
            self._folded_at = node.level if number in self._arrangement.folded else None
            return False
        if self._folded_at is not None:
            self._tables += isinstance(node, Table) and not node.continued
            return True
        return False

    @property
    def _bottom(self) -> float:
        return self._frame.bottom

    def _need(self, height: float) -> None:
        """Begin a new page unless `height` still fits on this one."""
        if self._y + height > self._bottom and self._y > self._top + 0.1:
            self._end_page()
            self._begin_page()

    def _begin_page(self) -> None:
        self._outline = []
        self._number += 1
        self._operations, self._top = self._frame.above(self._number)
        self._y = self._top

    def _end_page(self) -> None:
        setup = self._setup
        self._operations.extend(self._frame.below())
        self._finished.append(Page(setup.width, setup.height, tuple(self._operations), tuple(self._outline)))

    def _put(
        self, text: str, name: str, size: float, x: float, baseline: float, colour: str, *, right_to_left: bool = False
    ) -> None:
        self._operations.extend(text_line(text, name, size, x, baseline, colour, right_to_left=right_to_left))

    def _heading(self, node: Heading, following: Node | None) -> None:
        """A heading never stands alone at the foot of a page: what follows begins below it."""
        size = 13.0 if node.level == 1 else 11.0
        beginning = min(_HEADING_MM + self._beginning(following), (self._bottom - self._top) / 2)
        # Folded sections stand below each other.
        self._need(self._bottom if node.new_page and not self._after_folded else beginning)
        if self._y > self._top + 0.1:
            self._y += 3.0
        self._outline.append((node.level, node.text))
        start = self._y
        for line in wrap(node.text, BOLD, size, self._setup.content_width):
            self._put(line, BOLD, size, self._setup.margin, self._y + size * MM_PER_POINT * 0.8, palette.INK)
            self._y += size * MM_PER_POINT * 1.25
        area = (self._setup.margin, start, self._setup.content_width, self._y - start)
        self._operations.append(LinkArea(*area, label=node.text, fold=self._headings - 1))
        self._y += 2.0

    def _paragraph(self, text: str, name: str, size: float, soft: bool) -> None:
        leading = size * MM_PER_POINT * 1.35
        setup = self._setup
        lines = wrap(text, name, size, setup.content_width)
        right_to_left = is_right_to_left(text)
        self._need(leading * min(len(lines), _WHOLE_LINES))
        for number, line in enumerate(lines):
            # Never one line alone at the foot or the head of a page.
            self._need(leading * (2 if number == 0 or number == len(lines) - 2 else 1) if len(lines) > 1 else leading)
            colour = palette.SOFT if soft else palette.INK
            left = setup.width - setup.margin - face(name).width_mm(line, size) if right_to_left else setup.margin
            baseline = self._y + size * MM_PER_POINT * 0.9
            self._put(line, name, size, left, baseline, colour, right_to_left=right_to_left)
            self._y += leading
        self._y += 2.0

    def _add_chart(self, node: Chart) -> None:
        """A chart of rows may be cut between them; any other that is higher than the room begins a page."""
        for piece in pieces(node, self._bottom - self._y, self._bottom - self._top):
            self._need(charts.height(piece) + 2.0)
            self._operations.extend(
                charts.draw(piece, self._setup.margin, self._y, self._setup.content_width, self._language)
            )
            self._y += charts.height(piece) + 4.0

    def _beginning(self, node: Node | None) -> float:
        """How much of a node never stands on the page after its heading."""
        if isinstance(node, Chart):
            return least_height(node, self._bottom - self._top) + 2.0
        if isinstance(node, Cards):
            return row_height(card_rows(node)[0], self._setup.content_width)
        if isinstance(node, Paragraph):
            size = SMALL if node.style == "note" else _BODY
            lines = len(wrap(node.text, REGULAR, size, self._setup.content_width))
            return max(_LINES_MM, size * MM_PER_POINT * 1.35 * min(lines, _WHOLE_LINES))
        return _TABLE_MM if isinstance(node, Table) else _LINES_MM

    def _add_cards(self, node: Cards) -> None:
        for row in card_rows(node):
            high = row_height(row, self._setup.content_width) + 3.0
            self._need(high)
            self._operations.extend(
                draw_cards(row, self._setup.margin, self._y, self._setup.content_width, self._language)
            )
            self._y += high
        self._y += 2.0

    def _note_height(self, node: Node | None) -> float:
        if not isinstance(node, Paragraph) or node.style != "note":
            return 0.0
        lines = wrap(node.text, REGULAR, SMALL, self._setup.content_width)
        return 7.0 + len(lines) * SMALL * MM_PER_POINT * 1.35 if len(lines) <= _WHOLE_LINES else 0.0

    def _add_table(self, node: Table, note_mm: float = 0.0) -> None:
        begins = self._table is None or not node.continued
        if begins:
            self._tables += 1
            self._table = TableLayout(
                node,
                self._setup.margin,
                self._setup.content_width,
                self._language,
                self._tables - 1,
                self._arrangement.order,
                fit=self._setup.fit,
            )
        layout = self._table
        assert layout is not None
        last = max(len(node.rows) - _TOGETHER, 0) if node.total is not None or note_mm else len(node.rows)
        ending = [layout.row(cells) for cells in node.rows[last:]]
        if node.total is not None:
            ending.append(layout.row(node.total, BOLD))
        together = sum(row.height for row in ending) + note_mm
        if begins:
            self._begin_table(layout, node.title, layout.row(node.rows[0]).height if last else together)
        for cells in node.rows[:last]:
            self._add_row(layout, layout.row(cells))
        self._keep_together(layout, together)
        for row in ending:
            self._add_row(layout, row)
        if not node.continued:
            self._y += 5.0 if not _long(node) else 0.0

    def _begin_table(self, layout: TableLayout, title: str | None, follows: float) -> None:
        """Title and header never stand alone: `follows` is the height of what comes next, as far as half a page."""
        named = 6.0 if title else 0.0
        least = 18.0 if title else 3 * layout.line_mm
        half = (self._bottom - self._top - layout.header.height) / 2
        self._need(named + layout.header.height + max(min(follows, half), least))
        if title:
            self._put(title, BOLD, 10.0, self._setup.margin, self._y + 3.2, palette.INK)
            self._y += named
        self._table_header(layout)

    def _keep_together(self, layout: TableLayout, height: float) -> None:
        """The last rows, their total and the note below go on a new page together, where one holds them."""
        room = self._bottom - self._top - layout.header.height
        if self._y + height > self._bottom and height <= room / 2 and self._y > self._top + layout.header.height + 0.1:
            self._new_table_page(layout)

    def _table_header(self, layout: TableLayout) -> None:
        self._operations.extend(layout.draw_header(self._y))
        self._y += layout.header.height

    def _new_table_page(self, layout: TableLayout) -> None:
        self._end_page()
        self._begin_page()
        self._table_header(layout)

    def _add_row(self, layout: TableLayout, row: Row) -> None:
        """Rows stay whole unless one is higher than a page; the header is repeated on each page."""
        if self._y + row.height <= self._bottom:
            self._operations.extend(layout.draw(row, self._y))
            self._y += row.height
            return
        room = self._bottom - self._top - layout.header.height
        if row.height <= room:
            self._new_table_page(layout)
            self._operations.extend(layout.draw(row, self._y))
            self._y += row.height
            return
        first = 0
        while first < row.lines:
            fitting = int((self._bottom - self._y - 2.5) / layout.line_mm)
            if fitting < 1:
                self._new_table_page(layout)
                continue
            last = min(first + fitting, row.lines)
            self._operations.extend(layout.draw(row, self._y, first, last))
            self._y += (last - first) * layout.line_mm + 2.2
            first = last


def _pieces(node: Node) -> Iterator[Node]:
    """A long table goes in by and by, so that its first page is there before its last row was looked at."""
    if not isinstance(node, Table) or len(node.rows) <= _AT_ONCE:
        yield node
        return
    for start in range(0, len(node.rows), _AT_ONCE):
        rest = start + _AT_ONCE >= len(node.rows)
        yield replace(
            node,
            rows=node.rows[start : start + _AT_ONCE],
            continued=node.continued or start > 0,
            total=node.total if rest else None,
        )


def _long(node: Table) -> bool:
    """A table that later parts may continue leaves no gap after itself."""
    return len(node.rows) >= 200


def paginate(parts: Iterable[Part], setup: PageSetup = LETTER, arrangement: Arrangement = AS_IT_CAME) -> Iterator[Page]:
    """Pages as soon as they are full. The first part carries the header; raises ValueError without one.

    The rows stand in their order already; the `arrangement` says which column shows it, and what is folded.
    """
    paginator: Paginator | None = None
    for part in parts:
        if part.header is not None:
            paginator = Paginator(part.header, setup, arrangement)
        if paginator is None:
            raise ValueError("the first part has no header")
        nodes = [piece for whole in part.nodes for piece in _pieces(whole)]
        for node, following in pairwise([*nodes, None]):
            assert node is not None
            paginator.add(node, following)
            yield from paginator.take()
    if paginator is not None:
        yield from paginator.finish()
