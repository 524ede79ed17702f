"""Interviews by telephone: who is to be called, the questionnaire as a script, what came of a call (A-20, 6.9)."""

from datetime import datetime

from msgspec import Struct


class Interview(Struct, frozen=True, kw_only=True):
    """A customer who is to be called. `state` is waiting, or calling while `agent` is on the telephone; `outcome` is that
    of the last call. `may_call` when this is an hour for calls at the shop; `zone` is the shop's."""

    id: int
    shop_id: int
    shop: str
    zone: str
    programme: str
    state: str
    due_at: datetime
    language: str
    attempts: int = 0
    is_appointment: bool = False
    may_call: bool = True
    outcome: str | None = None
    agent: str | None = None
    is_mine: bool = False
    customer: str | None = None
    vehicle: str | None = None
    ro_number: str | None = None


class InterviewList(Struct, frozen=True, kw_only=True):
    """The most urgent first; `more` when there are others."""

    interviews: list[Interview]
    more: bool = False


class ScriptQuestion(Struct, frozen=True, kw_only=True):
    """`kind` as in the questionnaire. `choices` are (what is sent, what is said), `given` what was answered before; `ends`
    say what the ends of a scale mean, `dates` are told before the question is asked."""

    key: str
    kind: str
    text: str
    required: bool = False
    is_missing: bool = False
    dates: list[str] = []
    choices: list[tuple[str, str]] = []
    given: list[str] = []
    ends: list[str] = []


class ScriptPage(Struct, frozen=True, kw_only=True):
    """A page of the questionnaire in the customer's language; `error` is a code where it was refused."""

    page: str
    number: int
    is_last: bool
    questions: list[ScriptQuestion]
    heading: str = ""
    comment_label: str = ""
    comment: str = ""
    error: str = ""


class Conversation(Struct, frozen=True, kw_only=True):
    """A call that goes on: whom the agent calls at which numbers (E.164), how they begin, and the page to ask; without a
    page the interview is complete, and `closing` is said. `refusal` is a code when the customer must not be called. An
    appointment may be offered for `later`, tomorrow or the next day with calls."""

    interview: Interview
    phones: list[str] = []
    opening: str = ""
    page: ScriptPage | None = None
    closing: str = ""
    refusal: str = ""
    later: datetime | None = None


class CallBegin(Struct, frozen=True, kw_only=True):
    """An agent calls; `attempts` is how many calls the list said there were."""

    attempts: int


class SpokenPage(Struct, frozen=True, kw_only=True):
    """What a customer answered to a page: `given` by question. `back` leaves it for the page before."""

    page: str
    given: dict[str, list[str]]
    comment: str | None = None
    back: bool = False


class CallEnd(Struct, frozen=True, kw_only=True):
    """How a call without an interview ended; an appointment is `at` an instant."""

    outcome: str
    at: datetime | None = None
