"""Names, hatching, intervals and icons of reports as an owner reads them (issue 15.18a, 15.19)."""

import io
from datetime import UTC, datetime
from itertools import pairwise

import openpyxl
import pytest

from repaircenter.rendering import charts
from repaircenter.rendering.charts.names import Bounds, Names
from repaircenter.rendering.drawing import LETTER, Line, LinkArea, Page, Shape, Text, hatch
from repaircenter.rendering.exports import encode, table_tsv
from repaircenter.rendering.fonts import REGULAR, face
from repaircenter.rendering.pagination import paginate
from repaircenter.rendering.sorting import sorted_parts
from repaircenter.rendering.values import money
from repaircenter.rendering.workbook import write_xlsx
from repaircenter.wire.document.cells import Figure, Icon
from repaircenter.wire.document.charts import (
    Bar,
    BarChart,
    FunnelChart,
    FunnelLimit,
    FunnelPoint,
    LineChart,
    QuadrantChart,
    QuadrantPoint,
    Series,
)
from repaircenter.wire.document.nodes import Card, Cards, Column, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Header, Part


def document(*nodes: Node, language: str = "en") -> list[Part]:
    header = Header(
        report="R-01", title="Title", subtitle="Shop", facts=[], language=language,
        data_as_of=datetime(2026, 11, 2, tzinfo=UTC),
    )  # fmt: skip
    return [Part(number=0, header=header, nodes=list(nodes), last=True)]


def texts(page: Page) -> list[str]:
    return [op.text for op in page.operations if isinstance(op, Text)]


def three_lines(*ends: float) -> list[Text | Line | Shape]:
    series = [Series(name=f"line {n}", values=[1.0, end], dashed=n > 0) for n, end in enumerate(ends)]
    chart = LineChart(title="t", labels=["a", "b"], series=series, minimum=0, maximum=10)
    return [op for op in charts.draw(chart, 0, 0, 180, "en") if isinstance(op, Text | Line | Shape)]


@pytest.mark.parametrize("ends", [(5.0, 5.0, 5.0), (0.0, 0.1, 0.2), (10.0, 9.9, 9.8), (9.0, 5.0, 1.0)])
def test_lines_are_named_at_their_ends_from_the_highest_down(ends: tuple[float, ...]) -> None:
    names = [op for op in three_lines(*ends) if isinstance(op, Text) and op.text.startswith("line ")]
    by_height = sorted(names, key=lambda op: op.baseline)
    assert len(names) == 3 and all(low.baseline - high.baseline > 3.0 for high, low in pairwise(by_height))
    plot_bottom = charts.height(LineChart(title="t", labels=["a"], series=[], minimum=0, maximum=1))
    assert all(0 < op.baseline < plot_bottom and op.x > 140 for op in names)
    order = sorted(range(3), key=lambda n: (-ends[n], n))
    assert [op.text for op in by_height] == [f"line {n}" for n in order]


def test_a_line_alone_needs_no_name_and_takes_the_whole_width() -> None:
    chart = LineChart(title="t", labels=["a", "b"], series=[Series(name="only", values=[1, 2])], minimum=0, maximum=3)
    drawn = list(charts.draw(chart, 0, 0, 180, "en"))
    assert "only" not in [op.text for op in drawn if isinstance(op, Text)]
    assert max(op.x2 for op in drawn if isinstance(op, Line)) > 170


def test_what_is_not_over_is_hatched_and_nothing_else() -> None:
    def slanted(running: bool) -> list[Line]:
        chart = LineChart(
            title="t", labels=["a", "b"], series=[Series(name="x", values=[1, 1])], minimum=0, maximum=3,
            counts=[4, 5], running=running,
        )  # fmt: skip
        drawn = charts.draw(chart, 0, 0, 180, "en")
        return [op for op in drawn if isinstance(op, Line) and abs(abs(op.x2 - op.x1) - abs(op.y2 - op.y1)) < 1e-6]

    assert slanted(False) == []
    assert len(slanted(True)) > 20 and min(op.x1 for op in slanted(True)) > 90, "the last of two periods only"


@pytest.mark.parametrize(("width", "height"), [(10.0, 40.0), (40.0, 10.0), (0.5, 0.5), (7.2, 7.2)])
def test_a_hatch_stays_in_its_rectangle(width: float, height: float) -> None:
    lines = list(hatch(5.0, 6.0, width, height, "000000"))
    for line in lines:
        assert min(line.x1, line.x2) >= 5.0 - 1e-9 and max(line.x1, line.x2) <= 5.0 + width + 1e-9
        assert min(line.y1, line.y2) >= 6.0 - 1e-9 and max(line.y1, line.y2) <= 6.0 + height + 1e-9
    assert lines or min(width, height) < 1.0


def test_a_name_stays_in_the_quadrant_of_its_dot_and_off_every_other() -> None:
    points = [
        QuadrantPoint(label=f"question number {n} of the survey", x=8.0 + n / 50, y=0.5 + n / 90, x_interval=(7.9, 8.4))
        for n in range(-4, 4)
    ]
    chart = QuadrantChart(
        title="t", x_title="x", y_title="y", points=points, cut_x=8.0, cut_y=0.5, corners=["", "", "", ""]
    )
    drawn = list(charts.draw(chart, 0, 0, 186, "en"))
    cross = [op for op in drawn if isinstance(op, Line) and op.width == 0.3]
    cut_x = next(op.x1 for op in cross if op.x1 == op.x2 and 12 < op.x1 < 180)
    cut_y = next(op.y1 for op in cross if op.y1 == op.y2 and op.y1 < max(line.y1 for line in cross) - 1)
    names = {op.text: op for op in drawn if isinstance(op, Text) and op.text.startswith("question")}
    assert len(names) == 8
    for point in points:
        name = names[point.label]
        assert (name.x >= cut_x) == (point.x >= 8.0) and (name.x + name.width <= cut_x) == (point.x < 8.0)
        assert (name.baseline <= cut_y) == (point.y >= 0.5)
    boxes = sorted((op.baseline, op.x, op.x + op.width) for op in names.values())
    for (y1, left1, right1), (y2, left2, right2) in pairwise(boxes):
        assert y2 - y1 > 2.5 or right1 <= left2 or right2 <= left1


def test_a_name_without_room_goes_below_and_is_never_lost() -> None:
    names = Names([(10.0, 10.0)] * 5)
    room = Bounds(0.0, 8.0, 60.0, 14.0)
    placed = [next(op for op in names.put("word", 10.0, 10.0, room, None) if isinstance(op, Text)) for _ in range(5)]
    assert len({(op.x, op.baseline) for op in placed}) == 5


def test_a_name_covers_no_whisker_where_there_is_another_place() -> None:
    whisker = (0.0, 100.0, 10.0)
    names = Names([(20.0, 10.0)], [whisker])
    name = next(op for op in names.put("word", 20.0, 10.0, Bounds(0.0, 0.0, 100.0, 40.0), None) if isinstance(op, Text))
    assert abs(name.baseline - 1.0 - 10.0) > 3.0


def test_a_funnel_names_only_what_lies_outside() -> None:
    points = [FunnelPoint(label="in", n=20, value=1.0), FunnelPoint(label="out", n=30, value=8.0, outside=True)]
    limits = [FunnelLimit(n=n, bounds=[(4.0, 6.0), (3.0, 7.0)]) for n in (10, 20, 30)]
    chart = FunnelChart(
        title="t", x_title="n", points=points, limits=limits, limit_labels=["inner", "outer"], centre=5.0,
        centre_label="5.00", minimum=0.0, maximum=10.0,
    )  # fmt: skip
    drawn = list(charts.draw(chart, 0, 0, 186, "en"))
    written = [op.text for op in drawn if isinstance(op, Text)]
    assert "out" in written and "in" not in written and {"inner", "outer", "5.00"} <= set(written)
    assert "in" in [op.label for op in drawn if isinstance(op, LinkArea)], "read aloud and shown on hovering"


def test_the_lines_across_a_chart_are_all_named() -> None:
    chart = BarChart(
        title="t", bars=[Bar(label="a", value=5.0)], minimum=0, maximum=10, target=5.0, target_label="All shops 5.0",
        marks=[(5.0, "Canada 5.0"), (9.9, "Institute 9.9")],
    )  # fmt: skip
    drawn = list(charts.draw(chart, 0, 0, 186, "en"))
    named = {op.text: op for op in drawn if isinstance(op, Text)}
    heights = [named[words].baseline for words in ("All shops 5.0", "Canada 5.0", "Institute 9.9")]
    assert len(set(heights)) == 3 and named["Institute 9.9"].x + named["Institute 9.9"].width <= 186


def test_every_label_of_every_chart_has_one_size() -> None:
    chart = LineChart(
        title="t", labels=["a", "b"], series=[Series(name="x", values=[1, 1])] * 2, minimum=0, maximum=3, counts=[4, 5],
        marks=[(0, "event")],
    )  # fmt: skip
    bars = BarChart(title="t", bars=[Bar(label="a" * 90, value=1.0, n=3)], minimum=0, maximum=2, marks=[(1.0, "x")])
    for one in (chart, bars):
        sizes = {op.size_points for op in charts.draw(one, 0, 0, 180, "en") if isinstance(op, Text) and op.text != "t"}
        assert sizes == {8.0}


@pytest.mark.parametrize(("language", "title"), [("en", "NPS [95%]"), ("fr", "NPS [95\xa0%]"), ("es", "NPS [95%]")])
def test_a_column_says_that_it_shows_intervals(language: str, title: str) -> None:
    """On a page and in HTML; an export has columns of its own for the bounds."""
    columns = [Column(title="Shop"), Column(title="NPS", kind="number"), Column(title="Rest", kind="number")]
    rows = [["a", Figure(value=1.0, low=0.5, high=2.0), Figure(value=2.0, low=1.0, high=3.0, brief=True)]]
    parts = document(Table(columns=columns, rows=rows), language=language)  # type: ignore[arg-type]
    (page,) = paginate(parts)
    assert title in texts(page) and "Rest" in texts(page)
    assert f">{title}<" in encode(parts, "html").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(parts))).active
    assert "NPS" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_an_icon_is_drawn_on_the_page_and_a_word_elsewhere() -> None:
    table = Table(columns=[Column(title="Channel")], rows=[[Icon(symbol="✉", words="e-mail")]])
    parts = document(table)
    (page,) = paginate(parts)
    assert "e-mail" not in texts(page) and any("✉" in text for text in texts(page))
    assert "e-mail" in [op.label for op in page.operations if isinstance(op, LinkArea)]
    assert "e-mail" in table_tsv(parts) and "e-mail" in encode(parts, "html").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(parts))).active
    assert "e-mail" in [cell.value for row in sheet.iter_rows() for cell in row]
    several = document(
        Table(
            columns=[Column(title="C")], rows=[[Icon(symbol="a", words=word)] for word in ("text", "e-mail", "phone")]
        )
    )
    (found,) = sorted_parts(several, 0, 0, descending=False)
    (node,) = found.nodes
    assert isinstance(node, Table)
    assert [row[0].words for row in node.rows if isinstance(row[0], Icon)] == ["e-mail", "phone", "text"]


def test_what_is_cut_stands_on_one_line_with_dots() -> None:
    name = "Carrosserie de la Rive-Sud et de la Montérégie, succursale de Saint-Jean-sur-Richelieu"
    columns = [Column(title="Shop", cut=True), *(Column(title=f"Column {n}") for n in range(5))]
    (page,) = paginate(document(Table(columns=columns, rows=[[name, "a", "b", "c", "d", "e"]])))
    (cut,) = [text for text in texts(page) if text.startswith("Carrosserie")]
    assert cut.endswith("…") and len(cut) > 12
    short = [Column(title="Shop", cut=True), Column(title="Other")]
    (page,) = paginate(document(Table(columns=short, rows=[["Carrosserie Sud", "x" * 30]])))
    assert "Carrosserie Sud" in texts(page), "room goes to what must stand on one line"


@pytest.mark.parametrize(
    ("currency", "language", "shown"),
    [
        ("CAD", "en", "$1,234.50"),
        ("USD", "en", "US$1,234.50"),
        ("CAD", "fr", "1\xa0234,50\xa0$"),
        ("USD", "es", "$1,234.50"),
    ],
)
def test_money_is_written_with_its_currency(currency: str, language: str, shown: str) -> None:
    assert money(1234.5, currency, language) == shown
    rows = [[Figure(value=1234.5, unit="money", currency=currency)]]
    parts = document(Table(columns=[Column(title="Total", kind="number")], rows=rows), language=language)  # type: ignore[arg-type]
    (page,) = paginate(parts)
    assert shown in texts(page)
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(parts))).active
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == 1234.5]
    assert currency in cell.number_format


@pytest.mark.parametrize("filled", range(140, 246, 5))
def test_a_heading_never_stands_alone_at_the_foot_of_a_page(filled: int) -> None:
    """Above a chart that may not be torn, cards, a table, a paragraph (issue 15.19, seen in R-05)."""
    follows: list[Node] = [
        BarChart(title="chart", bars=[Bar(label=f"b{n}", value=1.0) for n in range(7)], minimum=0, maximum=2),
        LineChart(title="chart", labels=["a"], series=[Series(name="x", values=[1])], minimum=0, maximum=3),
        Cards(cards=[Card(label="card", figure=Figure(value=1.0))]),
        Table(columns=[Column(title="column")], rows=[["cell"]] * 9, title="table"),
        Paragraph(text="paragraph " * 60),
    ]
    for node in follows:
        lines = [Paragraph(text="x") for _ in range(int(filled / 6.6))]
        for page in paginate(document(*lines, Heading(text="HEADING"), node), LETTER):
            shown = texts(page)
            if "HEADING" in shown:
                below = shown[shown.index("HEADING") + 1 :]
                assert any(word.split(" ")[0] in ("chart", "card", "table", "paragraph") for word in below), filled


def test_what_a_card_says_is_wrapped_and_its_row_grows() -> None:
    sentence = "About as good as in the period before this one, and a little below the target"
    plain = Cards(cards=[Card(label="a", figure=Figure(value=1.0))])
    saying = Cards(cards=[Card(label="a", figure=Figure(value=1.0), said=[sentence])])
    (first,), (second,) = paginate(document(plain, Heading(text="H"))), paginate(document(saying, Heading(text="H")))
    shown = " ".join(texts(second))
    assert all(word in shown for word in sentence.split())

    def baseline(page: Page) -> float:
        return next(op.baseline for op in page.operations if isinstance(op, Text) and op.text == "H")

    assert baseline(second) > baseline(first) + 6.0
    assert all(
        face(REGULAR).width_mm(op.text, 7.5) < 45
        for op in second.operations
        if isinstance(op, Text) and op.size_points == 7.5
    )
