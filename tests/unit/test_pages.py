"""Pages: headers repeated, nothing lost, words wrapped, the same operations for everyone (issue 2 e)."""

from dataclasses import replace as replace_setup
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pypdf
import pytest
from msgspec.structs import replace

from repaircenter.rendering import exports, fonts
from repaircenter.rendering.drawing import A4, LETTER, PageNumber, PageSetup, Text, landscape
from repaircenter.rendering.pagination import paginate
from repaircenter.rendering.pdf import write_pdf
from repaircenter.rendering.tables import SIZE, star
from repaircenter.rendering.workbook import write_xlsx
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked, Stars
from repaircenter.wire.document.charts import Bar, BarChart
from repaircenter.wire.document.nodes import Column, Empty, Heading, Node, Table, Unknown
from repaircenter.wire.document.parts import Header, Part, decode_part

HEADER = Header(
    report="R-07",
    title="Commentaires",
    subtitle="Carrosserie Modèle",
    facts=[("Période", "2026-11-01 – 2026-11-30")],
    language="fr",
    data_as_of=datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
    run_by="Éloïse",
    zone="America/Toronto",
)
COLUMNS = [
    Column(title="Date", kind="date"),
    Column(title="Client"),
    Column(title="Étoiles"),
    Column(title="Moyenne", align="right", kind="number"),
    Column(title="Commentaire", width=3),
]


def row(number: int, comment: str = "Très bien") -> list[Cell]:
    figure = Figure(value=8.5, low=8.0, high=9.0, n=20, formula="mean-t")
    return [Day(value=date(2026, 11, 1)), f"Client {number}", Stars(value=4.5), figure, comment]


def document(rows: list[list[Cell]]) -> list[Part]:
    return [
        Part(number=0, header=HEADER, nodes=[Heading(text="Réponses"), Table(columns=COLUMNS, rows=rows)], last=True)
    ]


def texts(page: object) -> list[str]:
    return [op.text for op in page.operations if isinstance(op, Text)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("setup", [LETTER, A4, landscape(A4)])
def test_five_hundred_rows_keep_their_header_and_none_is_lost(setup: PageSetup) -> None:
    pages = list(paginate(document([row(n) for n in range(500)]), setup))
    found = [text for page in pages for text in texts(page) if text.startswith("Client ")]
    assert found == [f"Client {n}" for n in range(500)]
    for page in pages:
        assert {"Date", "Client", "Commentaire"} <= set(texts(page))
        assert any(isinstance(op, PageNumber) for op in page.operations)
        assert any(text.startswith("RepairCenter · 2026-11-21 10:00") for text in texts(page))


def test_nothing_leaves_the_page() -> None:
    nasty = "x" * 400 + " ★ 😀 日本語 مرحبا " + "mot " * 60
    for page in paginate(document([row(n, nasty) for n in range(30)])):
        for op in page.operations:
            if isinstance(op, Text):
                assert op.x >= 0 and op.x + op.width <= page.width + 0.01 and 0 < op.baseline < page.height


def test_a_wide_table_fits_the_width_or_keeps_its_type() -> None:
    """Issue 15.15, V-17: smaller type, or the usual type on more lines; nothing leaves the page either way."""
    columns = [Column(title=f"Wide column {number}") for number in range(14)]
    name = "Responsable des estimations du soir"
    wide = [Table(columns=columns, rows=[[name] * 14])]
    parts = [Part(number=0, header=HEADER, nodes=list[Node](wide), last=True)]
    drawn = {}
    for fit in (True, False):
        (page,) = paginate(parts, replace_setup(LETTER, automatic=False, fit=fit))
        drawn[fit] = [op for op in page.operations if isinstance(op, Text) and op.text in name]
        assert "".join(op.text for op in drawn[fit]).replace(" ", "") == name.replace(" ", "") * 14
        assert all(op.x + op.width <= 215.9 - 14.9 for op in drawn[fit])
    assert {op.size_points for op in drawn[False]} == {SIZE}
    assert max(op.size_points for op in drawn[True]) < SIZE


def test_a_row_higher_than_a_page_goes_on_over_pages() -> None:
    words = " ".join(f"mot{n}" for n in range(4000))
    pages = list(paginate(document([row(0, words)])))
    joined = " ".join(text for page in pages for text in texts(page))
    assert len(pages) > 2 and all(f"mot{n}" in joined for n in (0, 1999, 3999))


def test_parts_that_continue_a_table_make_one_table() -> None:
    first, rest = document([row(0)]), [Part(number=1, nodes=[Table(columns=COLUMNS, rows=[row(1)], continued=True)])]
    (page,) = paginate([*first, *rest])
    assert texts(page).count("Commentaire") == 1 and "Client 1" in texts(page)


def test_the_first_page_comes_before_the_last_part() -> None:
    def parts() -> object:
        yield from document([row(n) for n in range(300)])
        raise AssertionError("asked for more than the first page needs")

    assert texts(next(paginate(parts())))  # type: ignore[arg-type]


def test_the_pdf_holds_the_words_title_and_language() -> None:
    pages = list(paginate(document([row(n, "Déçue, à l'été") for n in range(60)])))
    reader = pypdf.PdfReader(BytesIO(write_pdf(pages, "Commentaires", "fr")))
    assert len(reader.pages) == len(pages) and reader.metadata is not None and reader.metadata.title == "Commentaires"
    text = reader.pages[0].extract_text()
    assert "Déçue, à l'été" in text and f"Page 1 sur {len(pages)}" in text
    assert reader.trailer["/Root"]["/Lang"] == "fr" and len(reader.outline) == 1  # type: ignore[index]


def test_a_link_to_a_section_works_in_the_pdf() -> None:
    rows: list[list[Cell]] = [
        [Linked(value="Nord", link=Link(report="R-01", shops=[1]))],
        [Linked(value="Elsewhere", link=Link(report="R-07"))],
    ]
    nodes: list[Node] = [Table(columns=[Column(title="Shop")], rows=rows), Heading(text="Nord", new_page=True)]
    parts = [Part(number=0, header=document([])[0].header, nodes=nodes, last=True)]
    reader = pypdf.PdfReader(BytesIO(exports.encode(parts, "pdf")))
    (link,) = reader.pages[0]["/Annots"]  # type: ignore[misc]
    assert link.get_object()["/Dest"][0].idnum == reader.pages[1].indirect_reference.idnum  # type: ignore[has-type]


def test_a_chart_shows_its_bars_whiskers_and_numbers() -> None:
    chart = BarChart(
        title="Moyennes", minimum=1, maximum=10, bars=[Bar(label="Qualité", value=8.25, low=8, high=8.5, n=40)]
    )
    (page,) = paginate([Part(number=0, header=HEADER, nodes=[chart])])
    assert {"Moyennes", "Qualité", "8,25", "n = 40"} <= set(texts(page))


def test_an_empty_report_says_why() -> None:
    (page,) = paginate(
        [
            Part(
                number=0,
                header=HEADER,
                nodes=[Empty(text="Aucun sondage", suggestions=[("last_month", "Le mois dernier")])],
            )
        ]
    )
    assert "Aucun sondage" in texts(page) and "– Le mois dernier" in texts(page)


def test_a_node_of_a_newer_service_is_named() -> None:
    part = decode_part(b'{"number":0,"nodes":[{"type":"hologram","x":1},{"type":"heading","text":"ok"}]}')
    assert part.nodes == [Unknown(kind="hologram"), Heading(text="ok")]


def test_words_wrap_at_blanks_and_after_hyphens_and_long_ones_are_cut() -> None:
    lines = fonts.wrap("Jean-François Lévesque-Montmorency", "regular", 9, 22)
    assert lines == ["Jean-François", "Lévesque-", "Montmorency"]
    assert "".join(fonts.wrap("y" * 300, "regular", 9, 30)) == "y" * 300


def test_half_a_star_is_half_as_wide() -> None:
    whole, half = star(0, 0, 10, "000000"), star(0, 0, 10, "000000", half=True)
    assert max(x for x, _ in half.points) < 0.01 < max(x for x, _ in whole.points)


def test_the_workbook_has_real_numbers_days_and_no_formulas() -> None:
    data = write_xlsx(document([row(1, "=1+1"), row(2, "@cmd"), row(3, "+3")]))
    sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    assert (
        sheet.freeze_panes == "A3"
        and "Période\xa0: 2026-11-01" in sheet["A1"].value
        and "Carrosserie Modèle" in sheet["A1"].value
    )
    assert str(next(iter(sheet.merged_cells.ranges))) == "A1:G1", (
        "above all columns, so that it prints at a readable size"
    )
    header = [cell.value for cell in sheet[2]]
    assert header == ["Date", "Client", "Étoiles", "Moyenne", "Moyenne, de", "Moyenne, à", "Commentaire"]
    values = [cell.value for cell in sheet[3]]
    assert values[0].date() == date(2026, 11, 1) and values[2:] == [4.5, 8.5, 8, 9, "=1+1"]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_the_csv_speaks_the_locale_and_defuses_formulas() -> None:
    text = exports.write_csv(document([row(1, "=cmd|' /C calc'!A0")])).decode("utf-8-sig")
    assert (
        "Date;Client;Étoiles;Moyenne;Moyenne, de;Moyenne, à;Commentaire" in text
        and ";8,5;8;9;" in text
        and "'=cmd" in text
    )


@pytest.mark.parametrize("count", [3, 40, 41, 42, 43, 44, 45, 200])
def test_the_names_of_formulas_stand_below_everything_and_begin_no_page(count: int) -> None:
    """Issue 15.19: an owner reads figures first; the footnote never takes a page of its own."""
    rows = [row(number) for number in range(count)]
    bare = list(paginate(document(rows)))
    parts = document(rows)
    header = replace(HEADER, facts=[*HEADER.facts, ("Formules", "mean-t, wilson")])
    parts[0] = replace(parts[0], header=header)
    pages = list(paginate(parts))
    assert len(pages) == len(bare)
    named = [number for number, page in enumerate(pages) if any("mean-t" in text for text in texts(page))]
    assert named == [len(pages) - 1]
    (line,) = [op for op in pages[-1].operations if isinstance(op, Text) and "mean-t" in op.text]
    others = [
        op.baseline for op in pages[-1].operations if isinstance(op, Text) and op.baseline < 262.0 and op is not line
    ]
    assert line.baseline > max(others) and line.baseline < pages[-1].height - LETTER.margin


def test_the_author_of_a_pdf_is_the_shop() -> None:
    """Issue 15.18a: a file on a disk says whose report it is."""
    data = exports.encode(document([row(1)]), "pdf")
    meta = pypdf.PdfReader(BytesIO(data)).metadata
    assert meta is not None and meta.author == "Carrosserie Modèle"
