"""Answers a shop contests instead of deleting them, and what is decided (A-N6, B-P4)."""

from datetime import datetime

from msgspec import Struct


class ContestableAnswer(Struct, frozen=True, kw_only=True):
    """An answer as people know it; `said` is everything that was answered, a line a question, in the caller's language."""

    id: int
    shop_id: int
    shop: str
    zone: str
    programme: str
    answered_at: datetime
    said: list[str]
    job_key: str | None = None
    ro_number: str | None = None
    customer: str | None = None
    vehicle: str | None = None


class Contest(Struct, frozen=True, kw_only=True):
    """A contested answer. `reason` and `state` are words of the vocabulary; `ends_at` is when it counts as it was given if
    nobody has decided. `version` is what a change must have seen."""

    id: int
    state: str
    version: int
    reason: str
    evidence: str
    made_at: datetime
    ends_at: datetime
    answer: ContestableAnswer
    made_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str | None = None
    may_withdraw: bool = False
    may_decide: bool = False


class ContestList(Struct, frozen=True, kw_only=True):
    """Open contests first, then the newest; `answers` may be contested, those of the last `days`, the newest first, and
    the one that was asked for. `more` when there are others."""

    contests: list[Contest]
    answers: list[ContestableAnswer]
    days: int
    more: bool = False


class ContestQuery(Struct, frozen=True, kw_only=True):
    """What is listed; with an answer it is among those that may be contested, if it may."""

    answer_id: int | None = None


class NewContest(Struct, frozen=True, kw_only=True):
    """Somebody contests an answer. `key` is made once for what is done, so that it is done once."""

    key: str
    answer_id: int
    reason: str
    evidence: str


class ContestChange(Struct, frozen=True, kw_only=True):
    """A contest is upheld or rejected with a `note`, or withdrawn."""

    key: str
    version: int
    state: str
    note: str = ""
