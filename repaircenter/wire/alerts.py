"""Alerts on low answers, what was done about them, and who is written to (A-06, A-P1, A-P3)."""

from datetime import datetime

from msgspec import Struct

from repaircenter.wire.vocabulary import LOW


class AlertAnswer(Struct, frozen=True, kw_only=True):
    """One question as it was answered; `low` when the programme's rule says so. `text` is what was chosen or written where
    a question has no scale, in the language that was asked for."""

    label: str
    value: int
    maximum: int
    low: bool = False
    text: str | None = None


class Recovery(Struct, frozen=True, kw_only=True):
    """What was found, what was done, and what came of it; `cause` and `outcome` are words of the vocabulary."""

    cause: str
    action: str
    outcome: str


class Alert(Struct, frozen=True, kw_only=True):
    """Something that somebody acts on: a low answer, or by its `kind` a customer whom nothing reached, who does not answer
    (A-P8) or who wrote back (`comment`); `reason` is why nothing did. `version` is what a change must have seen; `due_at`
    counts open hours of the shop. `zone` is the shop's; `recovery_demanded` when the programme lets nobody end it without
    saying what was done. `may_end` when who asks may end it; `is_own` when it was given to them, or they worked on the job.
    """

    id: int
    shop_id: int
    state: str
    version: int
    opened_at: datetime
    due_at: datetime
    answers: list[AlertAnswer]
    programme: str
    recovery_demanded: bool = True
    job_key: str | None = None
    ro_number: str | None = None
    customer: str | None = None
    vehicle: str | None = None
    comment: str | None = None
    owner_id: int | None = None
    owner: str | None = None
    recovery: Recovery | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    zone: str = ""
    may_end: bool = True
    kind: str = LOW
    reason: str | None = None
    answer_id: int | None = None
    is_own: bool = False


class Colleague(Struct, frozen=True, kw_only=True):
    """Somebody an alert may be given to, and the shops they work in."""

    id: int
    name: str
    shops: list[int]


class AlertList(Struct, frozen=True, kw_only=True):
    """Open alerts and those that ended in the last 90 days, newest first; `more` when there are others. `me` is who asks;
    `may_end` whether they may end one in any shop."""

    alerts: list[Alert]
    colleagues: list[Colleague]
    me: int
    may_end: bool
    more: bool = False


class AlertChange(Struct, frozen=True, kw_only=True):
    """What a person does: another `state`, another owner (0 for nobody), the recovery. What is None stays; `seen` says
    that a new one was opened, and changes nothing else.

    `key` is made once for what is done, so that it is done once; `version` is the one the person saw.
    """

    key: str
    version: int
    state: str | None = None
    owner_id: int | None = None
    recovery: Recovery | None = None


class AlertChoice(Struct, frozen=True, kw_only=True):
    """Of which alerts of a shop a person gets mail: all, mine, none; `offered` are those their roles there may take."""

    shop_id: int
    choice: str
    offered: list[str] = []


class AlertChoices(Struct, frozen=True, kw_only=True):
    """A person's choices; `offered` are those their roles may take in every shop (A-P3)."""

    choices: list[AlertChoice]
    offered: list[str] = []
