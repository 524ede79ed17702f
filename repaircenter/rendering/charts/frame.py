"""What all charts draw with: texts that fit, scales with round ticks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import floor, log10

from repaircenter.rendering import palette, values
from repaircenter.rendering.drawing import Line, Text
from repaircenter.rendering.fallbacks import as_written, is_right_to_left
from repaircenter.rendering.fonts import BOLD, REGULAR, face, wrap

TITLE_MM = 8.0
SIZE, SMALL = 8.5, 7.5
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
        return text(fitted(words, BOLD, 10.0, self.width), BOLD, 10.0, self.x, self.y + 4.5, palette.INK)

    def number(self, value: float, decimals: int) -> str:
        return values.number(value, decimals, self.language)


def text(words: str, name: str, size: float, x: float, baseline: float, colour: str, align: str = "left") -> Text:
    """A text whose left edge, middle or right edge is at `x`."""
    clean = face(name).clean(words)
    width = face(name).width_mm(clean, size)
    left = x - (width if align == "right" else width / 2 if align == "center" else 0.0)
    return Text(clean, name, size, left, baseline, width, colour, is_right_to_left(clean))


def fitted(words: str, name: str, size: float, width: float) -> str:
    """The words cut to one line, with dots where something was cut."""
    lines = wrap(words, name, size, width)
    if len(lines) == 1:
        return lines[0]
    cut = as_written(lines[0])
    while cut and face(name).width_mm(face(name).clean(cut + "…"), size) > width:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def row_label(words: str, x: float, middle: float, width: float, colour: str) -> Iterator[Text]:
    """The name of a row: on one line, on two smaller ones, or cut with dots."""
    size, lines = SIZE, wrap(words, REGULAR, SIZE, width)
    if len(lines) > 1:
        size, lines = SMALL, wrap(words, REGULAR, SMALL, width)
    if len(lines) > 2:
        lines = [lines[0], fitted(" ".join(lines[1:]), REGULAR, SMALL, width)]
    if len(lines) == 1:
        yield text(lines[0], REGULAR, size, x, middle + 1.1, colour)
        return
    for line, baseline in zip(lines, (middle - 0.4, middle + 2.5), strict=True):
        yield text(line, REGULAR, size, x, baseline, colour)


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
        yield text(frame.number(mark, decimals), REGULAR, SMALL, at, bottom + 4.0, palette.SOFT, "center")
