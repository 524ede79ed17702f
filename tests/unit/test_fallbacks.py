"""What customers write beyond the family's letters: symbols, Chinese, Japanese, Korean, Arabic. Measured, wrapped, found, and
taken out of a PDF as it was written."""

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFile

from repaircenter.rendering import fallbacks, fonts, symbols
from repaircenter.rendering.charts import frame
from repaircenter.rendering.drawing import Text
from repaircenter.rendering.exports import encode
from repaircenter.rendering.finding import find
from repaircenter.rendering.fonts import BOLD, ITALIC, REGULAR, REPLACEMENT, face, wrap
from repaircenter.rendering.pagination import PageSetup, paginate  # type: ignore[attr-defined]
from repaircenter.wire.document.nodes import Column, Paragraph, Table
from repaircenter.wire.document.parts import Header, Part

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
    assert not {line[-1] for line in lines} & set("（「(")


def test_chinese_with_the_marks_of_another_keyboard_breaks_as_well() -> None:
    for line in wrap("他们修得非常快,价格也非常合理!非常感谢(很好),下次还来." * 3, REGULAR, 9.0, 30.0):
        assert line[0] not in ",!)." and line[-1] != "(", line


def test_japanese_and_korean_are_drawn() -> None:
    text = "対応が早くて、コーヒーも美味しかった。 친절하고 빠른 서비스"
    assert face(REGULAR).clean(text) == text
    assert {font.name for _, font in fallbacks.runs(text) if font} == {"han"}


def drawn(text: str) -> str:
    """The line as it is seen, its letters as they are written."""
    clean = face(REGULAR).clean(text)
    right_to_left = fallbacks.is_right_to_left(clean)
    return fallbacks.as_written(fallbacks.in_drawing_order(clean, right_to_left=right_to_left))


def test_arabic_letters_join_and_stand_from_right_to_left() -> None:
    clean = face(REGULAR).clean(ARABIC)
    assert REPLACEMENT not in clean
    assert fallbacks.as_written(clean) == ARABIC
    assert face(REGULAR).clean(clean) == clean, "a line that was wrapped is cleaned again"
    assert drawn(ARABIC).startswith("★★★ "), "the end of the sentence is at the left"
    assert drawn(ARABIC)[::-1].startswith("خدمة")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Great :) شكرا", "Great :) اركش"),
        ("1) oil 2) brakes شكرا", "1) oil 2) brakes اركش"),
        ("Toyota (شكرا) 2020 :)", "Toyota (اركش) 2020 :)"),
        ("خدمة (BMW 320i) شكرا", "اركش (BMW 320i) ةمدخ"),
        ("(شكرا خدمة", "ةمدخ اركش)"),
        ("شكرا خدمة)", "(ةمدخ اركش"),
        ("«شكرا»", "«اركش»"),
        ("شكرا :(", "): اركش"),
    ],
)
def test_brackets_open_where_they_are_seen_first(written: str, seen: str) -> None:
    assert drawn(written) == seen


def test_a_line_runs_as_its_paragraph_does() -> None:
    line = face(REGULAR).clean("Toyota Corolla شكرا")
    assert fallbacks.as_written(fallbacks.in_drawing_order(line, right_to_left=True)) == "اركش Toyota Corolla"


def test_what_is_cut_ends_with_its_dots_where_reading_ends() -> None:
    label = fonts.fitted("خدمة ممتازة وسريعة جدا من البداية إلى النهاية", REGULAR, 9.0, 20.0)
    op = frame.text(label, REGULAR, 9.0, 0.0, 10.0, "000000")
    assert op.right_to_left and op.width <= 20.0
    assert fallbacks.in_drawing_order(op.text, right_to_left=True).startswith("…")


# Fonts are made with the first text that needs them: two documents at once, in a process that has none yet.
_TWO_AT_ONCE = """
import threading
from datetime import UTC, datetime
from repaircenter.rendering.exports import encode
from repaircenter.wire.document.nodes import Paragraph
from repaircenter.wire.document.parts import Header, Part
header = Header(report="R", title="t", subtitle="", facts=[], language="en", data_as_of=datetime(2026, 11, 2, tzinfo=UTC))
words = "".join(map(chr, range(0x4E00, 0x4E80))) + " شكرا جزيلا ★👍❤ "
parts = [Part(number=0, header=header, nodes=[Paragraph(text=words)] * 60, last=True)]
done, gate = [], threading.Barrier(2)
def write():
    gate.wait()
    done.append(encode(parts, "pdf"))
threads = [threading.Thread(target=write) for _ in range(2)]
[one.start() for one in threads]
[one.join() for one in threads]
assert len(done) == 2
"""


def test_two_documents_at_once_share_their_fonts() -> None:
    done = subprocess.run([sys.executable, "-c", _TWO_AT_ONCE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_telephones_put_into_arabic_leaves_no_marks() -> None:
    for text in ("می\u200cشود", "السلام\u200f عليكم", "\u202bشكرا\u202c", "شكراً", "مُحَمَّد"):
        assert REPLACEMENT not in face(REGULAR).clean(text), text
    assert face(REGULAR).clean("a\u061cb\u2067c") == "abc"


def test_letters_of_two_characters_are_one() -> None:
    """As some systems write them: accents and Korean syllables in pieces."""
    assert face(REGULAR).clean("tre\u0300s \u1112\u1161\u11ab") == "très 한"


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
    assert len(find([page], "شكراً")) == 2, "with the vowel mark that is not drawn"


@pytest.mark.parametrize("text", [CHINESE, "친절하고 빠른 서비스", "対応が早くて"])
def test_words_of_another_script_are_in_the_pdf_where_the_metrics_say(text: str) -> None:
    pdf = _pdf(text)
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    assert text[:12] in found
    assert b"DroidSansFallback" in pdf


def test_arabic_in_the_pdf_is_embedded_and_read_in_its_order() -> None:
    pdf = _pdf("لا شكرا")
    assert b"NotoSansArabic" in pdf
    found = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    assert "شكرا" in found


def _pdf(text: str) -> bytes:
    header = Header(
        report="R-07", title="t", subtitle="", facts=[], language="en", data_as_of=datetime(2026, 11, 2, tzinfo=UTC)
    )
    return encode([Part(number=0, header=header, nodes=[Paragraph(text=text)], last=True)], "pdf")


@given(st.text(st.sampled_from("ab (BMW)«»[]1%☐★好。، خدمةلاشيء👍\n"), max_size=60), st.booleans())
def test_nothing_is_lost_between_writing_and_drawing(text: str, right_to_left: bool) -> None:
    """Whatever is mixed: pieces hold every character once, brackets stay as many, and widths add up."""
    for line in wrap(text, REGULAR, 9.0, 40.0):
        pieces = list(fallbacks.runs(line, right_to_left=right_to_left))
        seen = "".join(piece for piece, _ in pieces)
        plain = str.maketrans(")]}»", "([{«")
        assert sorted(seen.translate(plain)) == sorted(line.translate(plain))
        if not right_to_left and not fallbacks.has_arabic(line):
            assert seen == line
        together = sum(face(REGULAR).width_mm(piece, 9.0) for piece, _ in pieces)
        assert together == pytest.approx(face(REGULAR).width_mm(line, 9.0), abs=1e-6)
