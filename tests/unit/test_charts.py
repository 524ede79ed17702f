"""Charts of nothing, one, five and three hundred things stay on their page; HTML, sorting and finding (13, V-04, V-14)."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

import openpyxl
import pytest
from msgspec.structs import replace

from repaircenter.rendering import charts, palette
from repaircenter.rendering.charts.frame import decimals_of, ticks
from repaircenter.rendering.charts.pieces import pieces
from repaircenter.rendering.drawing import (
    A4,
    LETTER,
    Box,
    Line,
    LinkArea,
    Page,
    PageNumber,
    PageSetup,
    Shape,
    Text,
    landscape,
)
from repaircenter.rendering.exports import encode, table_tsv
from repaircenter.rendering.finding import find
from repaircenter.rendering.pagination import paginate
from repaircenter.rendering.sorting import sorted_parts
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked, Stars
from repaircenter.wire.document.charts import (
    Bar,
    BarChart,
    Chart,
    ColumnChart,
    CountColumn,
    FunnelChart,
    FunnelLimit,
    FunnelPoint,
    HeatMap,
    LineChart,
    QuadrantChart,
    QuadrantPoint,
    Series,
    StackedChart,
    StackedRow,
)
from repaircenter.wire.document.nodes import Card, Cards, Column, Empty, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Header, Part

LONG = (
    "Façon dont vous avez été tenu informé de l'avancement des travaux et de la date de remise 👍 好 مرحبا ★ "
    + "x" * 400
)
SIZES = (0, 1, 5, 300)


def bars(n: int, style: str = "bars") -> Chart:
    marks = [(9.9, LONG[:40]), (-1.0, "x")]
    found = [Bar(label=LONG, value=None if k % 7 == 3 else k % 11 - 1.0, low=-2.0, high=12.0, n=k) for k in range(n)]
    return BarChart(
        title=LONG, bars=found, minimum=-1, maximum=10, style=style, target=4.4, target_label=LONG[:60], marks=marks
    )


def lines(n: int) -> Chart:
    values = [None if k % 5 == 2 else 100.0 * (-1) ** k for k in range(n)]
    series = [Series(name=name, values=values, low=values, high=values, dashed=name != "a") for name in ("a", "b", "c")]
    labels = [f"2026-{k:04}" for k in range(n)]
    marks = [(0, LONG), (n - 1, LONG), (n + 5, "outside")]
    return LineChart(
        title=LONG, labels=labels, series=series, minimum=-100, maximum=100, unit="nps", counts=list(range(n)),
        marks=marks, links=[Link(report="R-07")] * n, running=n > 1, small=n == 5,
    )  # fmt: skip


def columns(n: int) -> Chart:
    return ColumnChart(title=LONG, columns=[CountColumn(label=LONG, value=k, tone="bad") for k in range(min(n, 60))])


def stacked(n: int) -> Chart:
    rows = [StackedRow(label=LONG, values=[k, 0, k % 3], links=[Link(report="R-07"), None]) for k in range(n)]
    return StackedChart(title=LONG, segments=["a", "b", "c"], tones=["good", "middle", "bad"], rows=rows)


def quadrant(n: int) -> Chart:
    points = [
        QuadrantPoint(
            label=LONG, x=8.5 + k / 100, y=0.5, clear=bool(k % 2), x_interval=(1.0, 10.0), y_interval=(0.0, 1.0)
        )
        for k in range(min(n, 40))
    ]
    corners = ["Area to improve", "Strength", "Secondary strength", "Weakness to watch"]
    return QuadrantChart(title=LONG, x_title="x", y_title="y", points=points, cut_x=8.5, cut_y=0.5, corners=corners)


def funnel(n: int) -> Chart:
    points = [FunnelPoint(label=LONG, n=k, value=k % 9 - 4.0, outside=k % 3 == 0) for k in range(1, min(n, 60) + 1)]
    limits = [FunnelLimit(n=k, bounds=[(-3.0 / k, 3.0 / k), (-6.0 / k, 6.0 / k)]) for k in range(1, min(n, 60) + 1)]
    return FunnelChart(
        title=LONG, x_title="n", points=points, limits=limits, limit_labels=["95%", "99.8%"], centre=0.0,
        centre_label="0.0", minimum=-5.0, maximum=5.0, unit="nps",
    )  # fmt: skip


def heat(n: int) -> Chart:
    grid = [[None if (r + c) % 4 == 0 else float(r * c) for c in range(24)] for r in range(n)]
    return HeatMap(title=LONG, rows=[LONG] * n, columns=[str(c) for c in range(24)], values=grid)


KINDS = {"bars": bars, "dots": lambda n: bars(n, "dots"), "lines": lines, "columns": columns, "stacked": stacked,
         "quadrant": quadrant, "funnel": funnel, "heat": heat}  # fmt: skip


def header(**more: object) -> Header:
    given: dict[str, object] = {
        "report": "R-01", "title": "Title", "subtitle": LONG, "facts": [("Period", "2026")], "language": "fr",
        "data_as_of": datetime(2026, 11, 2, tzinfo=UTC),
    }  # fmt: skip
    return Header(**{**given, **more})  # type: ignore[arg-type]


def document(*nodes: Node, **more: object) -> list[Part]:
    return [Part(number=0, header=header(**more), nodes=list(nodes), last=True)]


def assert_on_page(page: Page, setup: PageSetup) -> None:
    """Nothing sticks out of the margins by more than a hair."""
    slack = 0.6
    left, right = setup.margin - slack, page.width - setup.margin + slack
    for op in page.operations:
        if isinstance(op, Text):
            assert left <= op.x and op.x + op.width <= right, op
            assert 0 < op.baseline < page.height, op
        elif isinstance(op, Box | LinkArea):
            assert left <= op.x and op.x + op.width <= right and op.y >= 0 and op.y + op.height <= page.height, op
            assert op.width >= 0 and op.height >= 0, op
        elif isinstance(op, Line):
            assert left <= min(op.x1, op.x2) and max(op.x1, op.x2) <= right, op
        elif isinstance(op, Shape):
            assert all(left <= x <= right and 0 < y < page.height for x, y in op.points), op
        else:
            assert isinstance(op, PageNumber)


@pytest.mark.parametrize(
    "setup", [LETTER, A4, landscape(A4), PageSetup(margin=24)], ids=["letter", "a4", "wide", "margins"]
)
@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_stays_on_its_page(kind: str, count: int, setup: PageSetup) -> None:
    for page in paginate(document(KINDS[kind](count)), setup):
        assert_on_page(page, setup)


@pytest.mark.parametrize("kind", ["bars", "stacked", "heat"])
def test_a_chart_of_many_rows_is_cut_between_rows(kind: str) -> None:
    def rows(found: list[Chart]) -> list[int]:
        return [len(piece.bars if isinstance(piece, BarChart) else piece.rows) for piece in found]

    found = list(pieces(KINDS[kind](300), 200.0, 200.0))
    assert len(found) > 5 and all(charts.height(piece) <= 200.0 for piece in found)
    assert sum(rows(found)) == 300
    half = list(pieces(KINDS[kind](12), 75.0, 200.0))
    assert len(half) == 2 and charts.height(half[0]) <= 75.0 and sum(rows(half)) == 12, "fills what is left"
    assert min(rows(half)) >= 4, "no row or two alone"
    assert rows(list(pieces(KINDS[kind](12), 20.0, 200.0))) == [12], "too little is left: all of it goes on the next"
    assert rows(list(pieces(KINDS[kind](6), 50.0, 200.0))) == [6], "nor is a chart of a few rows torn"


@pytest.mark.parametrize(("low", "high", "count"), [(0, 10, 10), (-100, 100, 8), (8.48, 8.55, 6), (0, 0, 5), (1, 5, 6)])
def test_ticks_are_round_and_within(low: float, high: float, count: int) -> None:
    found = ticks(low, high, count)
    assert found and all(low - 1e-9 <= mark <= high + 1e-9 for mark in found) and len(found) <= 2 * count + 1
    places = decimals_of(found)
    assert len({f"{mark:.{places}f}" for mark in found}) == len(found), "told apart"


CELLS: list[list[Cell]] = [
    ["Élan", 3, Figure(value=2.5, low=1.0, high=4.0, n=4), Day(value=date(2026, 2, 1)), Stars(value=4.5)],
    ["abricot", None, Figure(value=None), Day(value=None), Stars(value=None)],
    [Linked(value="Zèbre", link=Link(report="R-07")), 12, Linked(value=Figure(value=-1.0, muted=True), link=Link()), Day(value=date(2025, 2, 1)), Stars(value=2)],
    ["=SUM(A1)", 7, Figure(value=9.0, unit="nps_change", direction="up"), Day(value=date(2026, 1, 1)), Stars(value=5)],
]  # fmt: skip
COLUMNS = [Column(title=name) for name in ("Name", "n", "Mean", "Day", "Stars")]


def order(parts: list[Part]) -> list[str]:
    rows = [row for part in parts for node in part.nodes if isinstance(node, Table) for row in node.rows]
    return [str(cell.value if isinstance(cell := row[0], Linked) else cell) for row in rows]


@pytest.mark.parametrize(
    ("column", "up"),
    [
        (0, ["=SUM(A1)", "abricot", "Élan", "Zèbre"]),
        (1, ["Élan", "=SUM(A1)", "Zèbre", "abricot"]),
        (2, ["Zèbre", "Élan", "=SUM(A1)", "abricot"]),
        (3, ["Zèbre", "=SUM(A1)", "Élan", "abricot"]),
        (4, ["Zèbre", "Élan", "=SUM(A1)", "abricot"]),
    ],
)
def test_rows_are_sorted_by_any_column_over_all_parts(column: int, up: list[str]) -> None:
    """Texts without case and accents, numbers and days as such; rows without a value stay last either way."""
    parts = [
        Part(number=0, header=header(), nodes=[Heading(text="h"), Table(columns=COLUMNS, rows=CELLS[:3])]),
        Part(
            number=1,
            nodes=[Table(columns=COLUMNS, rows=CELLS[3:], continued=True), Table(columns=COLUMNS, rows=CELLS)],
            last=True,
        ),
    ]
    rising = sorted_parts(parts, 0, column, descending=False)
    assert order(rising)[:4] == up and order(rising)[4:] == order(parts)[4:], "the other table stays"
    falling = order(sorted_parts(parts, 0, column, descending=True))[:4]
    with_value = [name for name in up if column == 0 or name != "abricot"]
    assert falling == [*reversed(with_value), *(["abricot"] if column else [])]


class _Reader(HTMLParser):
    """Counts elements and says whether they are well nested."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag == "svg":
            assert dict(attrs)["aria-label"], "a chart in words"
        if tag not in ("meta", "line", "rect", "polygon"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_one_whole_page_with_everything_in_it() -> None:
    evil = "<script>alert(1)</script>"
    nodes: list[Node] = [
        Heading(text=evil),
        Cards(cards=[Card(label="NPS", figure=Figure(value=45.0, unit="nps", low=8.4, high=69.8), note="n = 20")]),
        Paragraph(text="Note", style="note"),
        Table(columns=COLUMNS, rows=CELLS, title="One", total=["Total", 22]),
        *(KINDS[kind](5) for kind in KINDS),
    ]
    parts = document(*nodes)
    parts.append(
        Part(number=1, nodes=[Table(columns=COLUMNS, rows=CELLS), Table(columns=COLUMNS, rows=CELLS, continued=True)])
    )
    data = encode(parts, "html")
    reader = _Reader()
    reader.feed(data.decode())
    assert reader.open == [] and evil in reader.text and reader.seen.get("script", 0) == 0
    assert reader.seen["table"] == 2 and reader.seen["svg"] == len(KINDS) and reader.seen["tr"] == 1 + 4 + 1 + 1 + 8
    assert "http://www.w3.org" not in reader.text and b'lang="fr"' in data and b"src=" not in data


def test_copied_tables_are_lines_and_tabs() -> None:
    text = table_tsv(document(Heading(text="h"), Table(columns=COLUMNS, rows=[*CELLS, ["a\tb\nc"]])))
    assert text.splitlines()[:3] == [
        "h",
        "Name\tn\tMean\tMean, de\tMean, à\tDay\tStars",
        "Élan\t3\t2,5\t1\t4\t2026-02-01\t4,5",
    ]
    assert text.splitlines()[-1].rstrip("\t") == "a b c"


def test_words_are_found_where_they_stand() -> None:
    pages = list(paginate(document(Paragraph(text="The bumper of the Bumper Car"), Paragraph(text="bumpers"))))
    assert len(find(pages, "bumper")) == 3
    assert len(find(pages, "Bumper", match_case=True)) == 1
    assert len(find(pages, "bumper", whole_words=True)) == 2
    assert find(pages, "  ") == [] and find(pages, "(") == []
    (hit,) = find(pages, "the  bumper")[:1] or [None]  # type: ignore[list-item]
    assert hit is not None and hit.page == 0 and hit.width > 10


def test_a_paragraph_is_not_torn_and_a_table_not_left_alone() -> None:
    """Over many fillings of the page: never one line alone at its head or foot, never a title without rows (V-26)."""
    for filled in range(20, 60):
        nodes: list[Node] = [Table(columns=[Column(title="a")], rows=[[str(n)] for n in range(filled)])]
        nodes += [Paragraph(text="word " * 60), Table(columns=[Column(title="b")], rows=[["x"]] * 3, title="Named")]
        pages = list(paginate(document(*nodes, subtitle="s")))
        for page in pages:
            texts = [op for op in page.operations if isinstance(op, Text)]
            torn = [op for op in texts if op.text.startswith("word")]
            assert len(torn) != 1
            if any(op.text == "Named" for op in texts):
                assert sum(op.text == "x" for op in texts) >= 1


def test_exports_say_what_the_page_says() -> None:
    """Shops, who ran it, late data, totals; numbers another program can add; nothing that becomes a formula."""
    rows: list[list[Cell]] = [["\n=1+1", 1234, Figure(value=-12345.5)], [' =HYPERLINK("x")', 5, Figure(value=0.25)]]
    columns = [Column(title=" =T()"), Column(title="n"), Column(title="Mean")]
    table = Table(columns=columns, rows=rows, total=["Total", 1239, None])
    for language, thousands, negative in (
        ("fr", "1234", "-12345,5"),
        ("en", "1234", "-12345.5"),
        ("es", "1234", "-12345.5"),
    ):
        parts = document(table, language=language, notices=["Late."], run_by="Ada", subtitle="North")
        text = encode(parts, "csv").decode("utf-8-sig")
        assert thousands in text and negative in text and "1239" in text
        assert "North" in text and "Late." in text and "Ada" in text
        pasted = table_tsv(parts)
        assert not any(cell.lstrip().startswith("=") for line in pasted.splitlines() for cell in line.split("\t"))
    page = encode(parts, "html").decode()
    assert "<strong>Late.</strong>" in page and "mso-number-format" in page and "1,239" in page


def test_shared_ranks_are_sorted_as_numbers() -> None:
    cells: list[list[Cell]] = [[rank] for rank in (4, "1–2", "5–12", 3, None, "1–9", "5–6")]
    found = sorted_parts(
        [Part(number=0, nodes=[Table(columns=[Column(title="Rank")], rows=cells)])], 0, 0, descending=False
    )
    assert order(found) == ["1–2", "1–9", "3", "4", "5–6", "5–12", "None"]


def test_words_and_numbers_of_a_table_stay_whole() -> None:
    names = ["Hernández Villanueva", "Mercedes-Benz", "Trois-Rivières", "Mississauga"]
    rows: list[list[Cell]] = [[name, name, "x " * 40, 4952.25, Figure(value=4952.0, unit="count")] for name in names]
    columns = [Column(title=t, width=w) for t, w in (("a", 0.2), ("b", 0.2), ("c", 9.0), ("d", 0.2), ("e", 0.2))]
    table = Table(
        columns=columns, rows=rows, total=["Total", None, None, 19_809.0, Figure(value=19_808.0, unit="count")]
    )
    (page,) = paginate(document(table, language="en"))
    shown = {op.text for op in page.operations if isinstance(op, Text)}
    assert {"Hernández", "Villanueva", "Mississauga", "4,952.25", "19,809.00", "19,808"} <= shown
    assert not shown & {"Hernánde", "Mississaug", "19,808.", "19,80"}


def test_a_number_in_a_column_that_cannot_hold_it_is_smaller_never_cut() -> None:
    cells: list[Cell] = [Figure(value=123_456_789.25, unit="money", n=3)] * 24
    (page,) = paginate(document(Table(columns=[Column(title="x")] * 24, rows=[cells], title="t"), language="en"))
    shown = [op for op in page.operations if isinstance(op, Text) and op.text.startswith("123")]
    assert len(shown) == 24 and {op.text for op in shown} == {"123,456,789.25"}
    assert all(one.x + one.width <= other.x + 0.1 for one, other in pairwise(shown))


@pytest.mark.parametrize("filled", range(30, 48))
def test_a_total_and_its_note_stay_with_the_last_rows(filled: int) -> None:
    rows: list[list[Cell]] = [[f"row {n}", n] for n in range(filled)]
    table = Table(columns=[Column(title="a"), Column(title="n")], rows=rows, total=["Total", 5])
    pages = list(paginate(document(table, Paragraph(text="A note " * 30, style="note"))))
    words = [{op.text for op in page.operations if isinstance(op, Text)} for page in pages]
    (at,) = [number for number, shown in enumerate(words) if "Total" in shown]
    assert f"row {filled - 1}" in words[at], "never alone"
    assert any(text.startswith("A note") for text in words[at])


def test_facts_break_between_each_other() -> None:
    facts = [(f"Fact number {n}", "2026-11-01 – 2026-11-30") for n in range(9)]
    part = document(Paragraph(text="x"))[0]
    assert part.header is not None
    (page,) = paginate([replace(part, header=replace(part.header, facts=facts))])
    lines = [op.text for op in page.operations if isinstance(op, Text) and "Fact number" in op.text]
    assert len(lines) > 2 and all(line.startswith("Fact number") and line.endswith("30") for line in lines[:-1])


def test_five_cards_stand_in_one_row_and_hide_nothing() -> None:
    cards = [
        Card(label=f"Card {n}", figure=Figure(value=40.6, unit="percent", low=39.2, high=42.0), note="2,012 of 4,952")
        for n in range(5)
    ]
    (page,) = paginate(document(Cards(cards=cards), language="en"))
    shown = [op for op in page.operations if isinstance(op, Text)]
    assert len({op.baseline for op in shown if op.text.startswith("Card ")}) == 1
    assert sum(op.text == "2,012 of 4,952" for op in shown) == 5 and sum(op.text == "[39.2; 42.0]" for op in shown) == 5


def test_lines_stay_apart_without_colour() -> None:
    """A whole line with dots, long dashes, short dashes with rings; a lone value is seen."""
    series = [Series(name=str(n), values=[1.0, 2.0, 3.0], dashed=n > 0) for n in range(3)]
    chart = LineChart(title="t", labels=["a", "b", "c"], series=series, minimum=0, maximum=4)
    drawn = list(charts.draw(chart, 0, 0, 180, "en"))
    lengths = []
    for colour in palette.SERIES[:3]:
        strokes = [op for op in drawn if isinstance(op, Line) and op.colour == colour]
        lengths.append(max(((op.x2 - op.x1) ** 2 + (op.y2 - op.y1) ** 2) ** 0.5 for op in strokes))
    assert lengths[0] > 20 > 2.5 > lengths[1] > 1.2 > lengths[2]
    alone = replace(chart, series=[Series(name="r", values=[None, 2.0, None], dashed=True)])
    assert [op for op in charts.draw(alone, 0, 0, 180, "en") if isinstance(op, Shape)]


def test_close_questions_are_not_blown_up() -> None:
    points = [QuadrantPoint(label=f"q{n}", x=7.8 + n / 1000, y=0.7 + n / 1000, clear=False) for n in range(4)]
    chart = QuadrantChart(title="t", x_title="x", y_title="y", points=points, cut_x=7.8, cut_y=0.7, corners=[])
    rings = [op for op in charts.draw(chart, 0, 0, 180, "en") if isinstance(op, Shape)]
    middles = [sum(x for x, _ in op.points) / len(op.points) for op in rings]
    assert max(middles) - min(middles) < 2.0, "3 thousandths of a point are no distance"


def test_html_says_what_is_grey_and_which_way() -> None:
    row: list[Cell] = [Figure(value=1.5, unit="change", direction="up"), Figure(value=2.0, muted=True), Day(value=None)]
    columns = [Column(title="c", align="right"), Column(title="m"), Column(title="d", kind="date")]
    page = encode(document(Table(columns=columns, rows=[row]), language="en"), "html").decode()
    assert '<td class="r">▲ +1.50</td><td class="muted">2.00</td><td class="d"></td>' in page


def test_an_empty_export_says_why() -> None:
    parts = document(Empty(text="Nothing here.", suggestions=[("last_month", "Last month")]))
    text = encode(parts, "csv").decode("utf-8-sig")
    assert "Nothing here." in text and "Last month" in text
    sheet = openpyxl.load_workbook(BytesIO(encode(parts, "xlsx"))).worksheets[0]
    assert [sheet["A3"].value, sheet["A4"].value] == ["Nothing here.", "Last month"]


@pytest.mark.parametrize("rows", [0, 1, 200])
def test_a_table_wider_than_its_page_is_laid_out(rows: int) -> None:
    columns = [Column(title=f"Title {n}", kind="date") for n in range(30)]
    cells: list[Cell] = [None] * 30
    assert list(paginate(document(Table(columns=columns, rows=[cells] * rows))))


@pytest.mark.parametrize("filled", range(36, 52))
def test_a_header_never_stands_alone(filled: int) -> None:
    before = Table(columns=[Column(title="a")], rows=[[str(n)] for n in range(filled)])
    table = Table(columns=[Column(title="Only here")], rows=[["one"], ["two"]], total=["Total"])
    for page in paginate(document(before, table, Paragraph(text="note", style="note"))):
        words = {op.text for op in page.operations if isinstance(op, Text)}
        assert ("Only here" in words) == ("one" in words)
