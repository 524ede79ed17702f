"""A silent stage in plain words: which, since when, what is usual, and the likely cause (A-N2)."""

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.shop.model.state import Silence


def silence_sentence(context: DeskContext, silence: Silence) -> str:
    words = context.words
    sentence = words(f"desk.silence.{silence.stage}", since=context.instant(silence.since_utc))
    if silence.usual_a_week:
        sentence += " " + words("desk.silence.usual", n=f"{silence.usual_a_week:.0f}")
    detail = silence.detail
    if words.has(f"desk.reason.{detail}"):
        detail = words(f"desk.reason.{detail}")
    elif words.has(f"desk.rule.{detail}"):
        detail = words(f"desk.rule.{detail}")
    cause = f"desk.silence.cause.{silence.cause}"
    return f"{sentence} {words(cause if words.has(cause) else 'desk.silence.cause.unknown', detail=detail)}"
