"""Whether the service knows a newer desk than this one: said to a person, installed by nobody (issue 16)."""

import re

from repaircenter.shop.model.state import NewerDesk
from repaircenter.wire.identity import SessionAnswer

_VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")
_PLACES = ("https://", "http://")


def newer_desk(answer: SessionAnswer | None, ours: str) -> NewerDesk | None:
    """None as well for what is no version and for a place no browser opens."""
    newest = None if answer is None else answer.newest
    if newest is None or not newest.where.startswith(_PLACES):
        return None
    if not _VERSION.fullmatch(newest.version) or _numbers(newest.version) <= _numbers(ours):
        return None
    return NewerDesk(newest.version, newest.where)


def _numbers(version: str) -> tuple[int, ...]:
    """1.2 and 1.2.0 are one version."""
    numbers = [int(part) for part in re.findall(r"\d+", version)[:4]]
    return tuple(numbers + [0] * (4 - len(numbers)))
