"""Finding words on pages: where they stand, in millimetres. Pure, any thread."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from repaircenter.rendering import fallbacks
from repaircenter.rendering.drawing import Page, Text
from repaircenter.rendering.fonts import MM_PER_POINT, REGULAR, face


@dataclass(frozen=True, slots=True)
class Found:
    """A match: page from 0, its rectangle, and the words it stands in."""

    page: int
    x: float
    y: float
    width: float
    height: float
    words: str


def find(
    pages: Sequence[Page], words: str, *, match_case: bool = False, whole_words: bool = False, start: int = 0
) -> list[Found]:
    """All matches from page `start` on, in reading order. Every text of a page is searched by itself."""
    # As it stands on pages: composed accents, Arabic without vowel marks.
    text = fallbacks.as_written(face(REGULAR).clean(words)).strip()
    if not text:
        return []
    pattern = r"\s+".join(re.escape(part) for part in text.split())
    if whole_words:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    search = re.compile(pattern, 0 if match_case else re.IGNORECASE)
    hits: list[Found] = []
    for number in range(start, len(pages)):
        on_page = [hit for op in pages[number].operations if isinstance(op, Text) for hit in _in(op, search, number)]
        hits.extend(sorted(on_page, key=lambda hit: (round(hit.y, 1), hit.x)))
    return hits


def _in(operation: Text, search: re.Pattern[str], number: int) -> list[Found]:
    font, size = face(operation.face), operation.size_points
    high = size * MM_PER_POINT
    # What is written from right to left is marked as a whole line: words of both directions stand across each other.
    whole = fallbacks.has_arabic(operation.text)
    return [
        Found(
            number,
            operation.x + (0.0 if whole else font.width_mm(operation.text[: hit.start()], size)),
            operation.baseline - high * 0.85,
            operation.width if whole else font.width_mm(hit.group(), size),
            high * 1.15,
            fallbacks.as_written(operation.text),
        )
        for hit in search.finditer(fallbacks.as_written(operation.text))
    ]
