"""When a message is tried again, and when it has failed (issue 13.7). Pure."""

from datetime import timedelta

_PAUSES = (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)
MOST_ATTEMPTS = len(_PAUSES) + 1


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when there is no next one (about two days in all)."""
    return timedelta(minutes=_PAUSES[attempts - 1]) if attempts <= len(_PAUSES) else None
