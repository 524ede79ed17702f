"""What customers write beyond the family's letters: symbols, Chinese, Japanese, Korean, Arabic. Measured, wrapped, found, and
taken out of a PDF as it was written."""

from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFile

from repaircenter.reports import fallbacks, symbols
from repaircenter.reports.drawing import Text
from repaircenter.reports.exports import encode
from repaircenter.reports.finding import find
from repaircenter.reports.fonts import BOLD, ITALIC, REGULAR, REPLACEMENT, face, wrap
from repaircenter.reports.pagination import PageSetup, paginate
from repaircenter.wire.document import Column, Header, Paragraph, Part, Table

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
    alone = sum(font.width_mm(piece, 9.0) for piece, _ in fallbacks.runs(text))
    assert font.width_mm(text, 9.0) == pytest.approx(alone)
    own = fallbacks.SYMBOLS
    assert list(fallbacks.runs(text)) == [("Great ", None), ("👍", own), (" service ", None), ("★★", own)]


def test_skin_tones_and_joiners_go_and_scripts_no_font_holds_stay_a_mark() -> None:
    assert face(REGULAR).clean("👍🏽 ❤\ufe0f 好 ਧ") == f"👍 ❤ 好 {REPLACEMENT}"


@pytest.mark.parametrize("name", [REGULAR, BOLD, ITALIC])
def test_no_character_has_two_fonts(name: str) -> None:
    """The family is asked first when a text is measured, the other fonts when it is drawn."""
    both = [char for char in map(chr, face(name)._widths) if fallbacks.is_needed(char)]
    assert both == []


CHINESE = "师傅们服务非常好，修车速度很快。如果能提前打电话通知就更好了（BMW 320i）。「谢谢」你们！" * 6
ARABIC = "خدمة ممتازة وسريعة! شكرا جزيلا للفريق (BMW 320i) على العمل الرائع 100%، لا شيء أفضل ★★★"


def test_chinese_lines_break_between_characters_and_never_before_a_full_stop() -> None:
    lines = wrap(CHINESE, REGULAR, 9.0, 60.0)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert all(face(REGULAR).width_mm(line, 9.0) <= 60.0 for line in lines)
    assert all(face(REGULAR).width_mm(line, 9.0) > 42.0 for line in lines[:-1])
    assert not {line[0] for line in lines} & set("，。）」！")
    assert not {line[-1] for line in lines} & set("（「")


def test_japanese_and_korean_are_drawn() -> None:
    text = "対応が早くて、コーヒーも美味しかった。 친절하고 빠른 서비스"
    assert face(REGULAR).clean(text) == text
    assert {font.name for _, font in fallbacks.runs(text) if font} == {"han"}


def test_arabic_letters_join_and_stand_from_right_to_left() -> None:
    clean = face(REGULAR).clean(ARABIC)
    assert REPLACEMENT not in clean
    assert fallbacks.as_written(clean) == ARABIC
    assert face(REGULAR).clean(clean) == clean, "a line that was wrapped is cleaned again"
    drawn = fallbacks.in_drawing_order(clean)
    assert drawn.startswith("★★★ "), "the end of the sentence is at the left"
    assert "(BMW 320i)" in drawn, "what is in brackets keeps its direction and its brackets"
    assert fallbacks.as_written(drawn[::-1]).startswith("خدمة")
    assert sorted(drawn) == sorted(clean)


def test_arabic_within_another_language_keeps_the_line_from_left_to_right() -> None:
    drawn = fallbacks.in_drawing_order(face(REGULAR).clean("Great service! شكرا (لكم) for everything"))
    assert drawn.startswith("Great service! ")
    assert drawn.endswith(" for everything")
    assert fallbacks.as_written(drawn)[15:25] == "شكرا (لكم)"[::-1].translate(str.maketrans("()", ")("))


def test_an_arabic_comment_stands_at_the_right_and_is_found() -> None:
    header = Header(
        report="R-07", title="t", subtitle="", facts=[], language="en", data_as_of=datetime(2026, 11, 2, tzinfo=UTC)
    )
    table = Table(columns=[Column(title="Comment", width=1.0)], rows=[[ARABIC], ["Great"]])
    setup = PageSetup()
    (page,) = paginate([Part(number=0, header=header, nodes=[Paragraph(text=ARABIC), table], last=True)], setup)
    lines = [op for op in page.operations if isinstance(op, Text) and fallbacks.has_arabic(op.text)]
    assert len(lines) >= 2
    for line in lines:
        assert line.x + line.width == pytest.approx(setup.width - setup.margin, abs=2.0)
    assert len(find([page], "ممتازة")) == 2
    assert len(find([page], "great")) == 1


@pytest.mark.parametrize("text", [CHINESE, "친절하고 빠른 서비스", "対応が早くて"])
def test_words_of_another_script_are_in_the_pdf_where_the_metrics_say(text: str) -> None:
    pdf = _pdf(text)
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    assert text[:12] in found
    assert b"WenQuanYiMicroHei" in pdf


def test_arabic_in_the_pdf_is_embedded_and_read_in_its_order() -> None:
    pdf = _pdf("شكرا لكم")
    assert b"NotoSansArabic" in pdf
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    assert sorted(set(fallbacks.as_written(found)) & set("شكرا لكم")) == sorted(set("شكرا لكم"))


def _pdf(text: str) -> bytes:
    header = Header(
        report="R-07", title="t", subtitle="", facts=[], language="en", data_as_of=datetime(2026, 11, 2, tzinfo=UTC)
    )
    return encode([Part(number=0, header=header, nodes=[Paragraph(text=text)], last=True)], "pdf")  # type: ignore[arg-type]


@given(st.text(st.sampled_from("ab (BMW)«»[]1%☐★好。، خدمةلاشيء👍\n"), max_size=60))
def test_nothing_is_lost_between_writing_and_drawing(text: str) -> None:
    """Whatever is mixed: pieces hold every character once, brackets stay as many, and widths add up."""
    for line in wrap(text, REGULAR, 9.0, 40.0):
        pieces = list(fallbacks.runs(line))
        drawn = "".join(piece for piece, _ in pieces)
        plain = str.maketrans(")]}»", "([{«")
        assert sorted(drawn.translate(plain)) == sorted(line.translate(plain))
        together = sum(face(REGULAR).width_mm(piece, 9.0) for piece, _ in pieces)
        assert together == pytest.approx(face(REGULAR).width_mm(line, 9.0), abs=1e-6)


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
