"""The state of the connection in one sentence with its next step: one place for every screen (UI.md)."""

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.shop.model.state import ConnectionState


def connection_sentence(context: DeskContext, state: ConnectionState) -> str:
    """What is, why, and what a person can do about it."""
    words = context.words
    sentences = [
        words(
            f"desk.status.{state.name}",
            until=context.time(state.until_utc),
            since=context.instant(state.since_utc) or context.time(context.clock.now_utc()),
        )
        + "."
    ]
    reason = f"desk.connection.reason.{state.reason}"
    if state.reason is not None and words.has(reason):
        sentences.append(words(reason))
    else:
        sentences.append(words(f"desk.status.{state.name}_tip"))
    if state.retry_utc is not None:
        sentences.append(words("desk.connection.retry", time=context.time(state.retry_utc)))
    return " ".join(sentences)
