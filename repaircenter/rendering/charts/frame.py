"""What all charts draw with: texts that fit, scales with round ticks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import floor, log10

from repaircenter.rendering import palette, values
from repaircenter.rendering.drawing import Line, Text
from repaircenter.rendering.fallbacks import is_right_to_left
from repaircenter.rendering.fonts import BOLD, REGULAR, face, fitted, wrap

TITLE_MM = 8.0
LINE_MM = 3.2
# Every label of a chart has one size, its title another.
SIZE, TITLE_SIZE = 8.0, 10.0
Place = Callable[[float], float]  # a value -> millimetres
DECIMALS = {"nps": 0, "percent": 0, "count": 0, "money": 0}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart stands, in millimetres, and its language."""

    x: float
    y: float
    width: float
    language: str

    @property
    def right(self) -> float:
        return self.x + self.width

    def title(self, words: str) -> Text:
        return text(fitted(words, BOLD, TITLE_SIZE, self.width), BOLD, TITLE_SIZE, self.x, self.y + 4.5, palette.INK)

    def number(self, value: float, decimals: int) -> str:
        return values.number(value, decimals, self.language)


def text(words: str, name: str, size: float, x: float, baseline: float, colour: str, align: str = "left") -> Text:
    """A text whose left edge, middle or right edge is at `x`."""
    clean = face(name).clean(words)
    width = face(name).width_mm(clean, size)
    left = x - (width if align == "right" else width / 2 if align == "center" else 0.0)
    return Text(clean, name, size, left, baseline, width, colour, is_right_to_left(clean))


def row_label(words: str, x: float, middle: float, width: float, colour: str) -> Iterator[Text]:
    """The name of a row, its middle at `middle`: on one line, on two, or cut with dots."""
    lines = two_lines(words, width)
    first = middle + 1.0 - LINE_MM / 2 * (len(lines) - 1)
    for number, line in enumerate(lines):
        yield text(line, REGULAR, SIZE, x, first + LINE_MM * number, colour)


def two_lines(words: str, width: float) -> list[str]:
    """The words on one line or two, the second cut with dots where they are longer."""
    lines = wrap(words, REGULAR, SIZE, width)
    return lines if len(lines) < 3 else [lines[0], fitted(" ".join(lines[1:]), REGULAR, SIZE, width)]


def stroke(x1: float, y1: float, x2: float, y2: float, colour: str, dash: float) -> Iterator[Line]:
    """A line, broken into pieces of `dash` millimetres unless that is 0."""
    if not dash:
        yield Line(x1, y1, x2, y2, 0.5, colour)
        return
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    pieces = max(int(length / dash), 1)
    for piece in range(0, pieces, 2):
        a, b = piece / pieces, min((piece + 1) / pieces, 1.0)
        yield Line(x1 + (x2 - x1) * a, y1 + (y2 - y1) * a, x1 + (x2 - x1) * b, y1 + (y2 - y1) * b, 0.4, colour)


def ticks(low: float, high: float, count: int = 8) -> list[float]:
    """Round values from `low` to `high`, about so many."""
    span = high - low
    if span <= 0:
        return [low]
    raw = span / count
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= raw * 0.999)
    first = -floor(-low / step + 1e-9) * step
    ticks = []
    while first <= high + step * 1e-6:
        ticks.append(round(first, 10))
        first += step
    return ticks


def decimals_of(marks: list[float]) -> int:
    """How many decimals the ticks need to be told apart."""
    return next((d for d in range(4) if all(abs(mark - round(mark, d)) < 1e-9 for mark in marks)), 4)


def horizontal_scale(
    frame: Frame, marks: list[float], place: dict[float, float], top: float, bottom: float
) -> Iterator[Line | Text]:
    """Faint vertical lines with their values below."""
    decimals = decimals_of(marks)
    for mark in marks:
        at = place[mark]
        yield Line(at, top, at, bottom, 0.15, palette.FAINT)
        yield text(frame.number(mark, decimals), REGULAR, SIZE, at, bottom + 4.0, palette.SOFT, "center")
