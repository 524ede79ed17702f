"""Symbols of customers' comments, drawn from the icon font: seen, measured, and taken out of a PDF as they were written."""

from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from repaircenter.reports import symbols
from repaircenter.reports.exports import encode
from repaircenter.reports.fonts import REGULAR, REPLACEMENT, face
from repaircenter.wire.document import Header, Paragraph, Part

KNOWN = sorted(symbols._BY_CHAR)


def test_every_symbol_is_in_the_font_and_as_wide_as_high() -> None:
    font = TTFontFile(str(symbols.font_file()))
    for char in KNOWN:
        assert font.charWidths[ord(symbols.glyph(char))] == pytest.approx(symbols.WIDTH, abs=0.5), char
        assert ord(char) not in face(REGULAR)._widths, f"{char} is in the family itself"


def test_a_text_with_symbols_is_as_wide_as_its_pieces() -> None:
    font = face(REGULAR)
    text = "Great 👍 service ★★"
    assert font.clean(text) == text
    alone = sum(font.width_mm(piece, 9.0) for piece, _ in symbols.runs(text))
    assert font.width_mm(text, 9.0) == pytest.approx(alone)
    assert list(symbols.runs(text)) == [("Great ", False), ("👍", True), (" service ", False), ("★★", True)]


def test_skin_tones_and_joiners_go_and_other_scripts_stay_a_mark() -> None:
    assert face(REGULAR).clean("👍🏽 ❤\ufe0f 好") == f"👍 ❤ {REPLACEMENT}"


def test_the_pdf_holds_the_words_as_they_were_written() -> None:
    header = Header(
        report="R-07", title="★", subtitle="", facts=[], language="en", data_as_of=datetime(2026, 11, 2, tzinfo=UTC)
    )
    wanted = [" ".join(KNOWN[start : start + 20]) for start in range(0, len(KNOWN), 20)]
    nodes = [Paragraph(text=line) for line in wanted]
    pdf = encode([Part(number=0, header=header, nodes=nodes, last=True)], "pdf")  # type: ignore[arg-type]
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    for line in wanted:
        assert line in found
