"""Big numbers side by side: the first thing a report says."""

from collections.abc import Iterator

from repaircenter.rendering import palette, values
from repaircenter.rendering.charts.frame import text
from repaircenter.rendering.drawing import Box, LinkArea, Operation
from repaircenter.rendering.fonts import BOLD, REGULAR, face, fitted, wrap
from repaircenter.rendering.tables import star
from repaircenter.wire.document.nodes import Card, Cards

_CARD_MM, _LINE_MM, _GAP, _INNER_MM, _IN_ROW, _MOST = 24.0, 3.4, 4.0, 6.0, 4, 5


def card_rows(node: Cards) -> list[list[Card]]:
    """Four a row; five stay together."""
    if len(node.cards) == _MOST:
        return [node.cards]
    return [node.cards[at : at + _IN_ROW] for at in range(0, len(node.cards), _IN_ROW)]


def row_height(cards: list[Card], width: float) -> float:
    """In millimetres, on a page's `width`: as high as the card that says most."""
    inner = _wide(cards, width) - _INNER_MM
    return _CARD_MM + _LINE_MM * max(len(_said(card, inner)) for card in cards)


def _wide(cards: list[Card], width: float) -> float:
    count = max(len(cards), _IN_ROW)
    return (width - _GAP * (count - 1)) / count


def _said(card: Card, width: float) -> list[str]:
    return [line for sentence in card.said for line in wrap(sentence, REGULAR, 7.5, width)]


def draw_cards(cards: list[Card], x: float, y: float, width: float, language: str) -> Iterator[Operation]:
    """Label, number with its interval, note with n, and what that means."""
    wide, high = _wide(cards, width), row_height(cards, width)
    for index, card in enumerate(cards):
        left = x + index * (wide + _GAP)
        inner = wide - _INNER_MM
        yield Box(left, y, wide, high, palette.BAND)
        yield Box(left, y, 1.0, high, palette.ACCENT)
        yield text(fitted(card.label, REGULAR, 8.0, inner), REGULAR, 8.0, left + 3.5, y + 5.0, palette.SOFT)
        value, interval = values.figure(card.figure, language)
        colour = palette.MUTED if card.figure.muted else palette.INK
        yield text(value, BOLD, 17.0, left + 3.5, y + 13.0, colour)
        after = left + 5.5 + face(BOLD).width_mm(face(BOLD).clean(value), 17.0)
        if card.stars is not None:
            for place in range(5):
                filled = card.stars - place
                centre = after + 2.0 + place * 3.6
                yield star(centre, y + 11.0, 1.6, palette.ACCENT if filled >= 1 else palette.EMPTY_STAR)
                if 0.5 <= filled < 1:
                    yield star(centre, y + 11.0, 1.6, palette.ACCENT, half=True)
        notes = _notes(interval, card.note, inner)
        for place, line in enumerate((*notes, *_said(card, inner))):
            colour = palette.SOFT if place < len(notes) else palette.INK
            yield text(line, REGULAR, 7.5, left + 3.5, y + 18.0 + _LINE_MM * place, colour)
        if card.figure.value is not None:
            yield LinkArea(left, y, wide, high, link=card.link, figure=card.figure, label=card.label)


def _notes(interval: str, note: str, width: float) -> list[str]:
    """Interval and note beside each other where they fit, else below each other."""
    both = "  ".join(part for part in (interval, note) if part)
    if face(REGULAR).width_mm(face(REGULAR).clean(both), 7.5) <= width:
        return [both]
    return [fitted(part, REGULAR, 7.5, width) for part in (interval, note) if part]
