"""Customers to call at a service, by hand: a script of two pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused, Unreachable
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.interviews import (
    CallBegin,
    CallEnd,
    Conversation,
    Interview,
    InterviewList,
    ScriptPage,
    ScriptQuestion,
    SpokenPage,
)

DUE = datetime(2026, 11, 2, 14, tzinfo=UTC)
# For when an appointment is offered.
LATER = datetime(2026, 11, 3, 21, 30, tzinfo=UTC)


def interview(number: int = 1, **fields: Any) -> Interview:
    given: dict[str, Any] = {
        "shop_id": 1,
        "shop": "Nord",
        "zone": "America/Toronto",
        "programme": "Assurances Exemple",
        "state": "waiting",
        "due_at": DUE + timedelta(minutes=number),
        "language": "fr",
        "customer": f"Client {number}",
        "vehicle": "2020 Mazda CX-5",
        "ro_number": f"26-000{number}",
    }
    return Interview(id=number, **{**given, **fields})


def stars(given: tuple[str, ...] = (), *, is_missing: bool = False) -> ScriptPage:
    question = ScriptQuestion(
        key="stars",
        kind="stars",
        text="Êtes-vous satisfait?",
        required=True,
        is_missing=is_missing,
        choices=[(str(n), str(n)) for n in range(1, 6)],
        given=list(given),
        ends=["1: pas du tout", "5: tout à fait"],
    )
    error = "missing" if is_missing else ""
    return ScriptPage(page="one", number=1, is_last=False, questions=[question], error=error)


def details() -> ScriptPage:
    questions = [
        ScriptQuestion(key="why", kind="several", text="Qu’est-ce qui allait?", choices=[("a", "Délai"), ("b", "Prix & frais")]),
        ScriptQuestion(key="more", kind="text", text="Et encore?", dates=["Promis le 1 novembre"]),
    ]
    label = "Un commentaire?"
    return ScriptPage(page="two", number=2, is_last=True, questions=questions, heading="Détails", comment_label=label)


@dataclass
class FakeInterviews:
    """`spoken` and `ends` are what was asked for; it refuses with a code."""

    interviews: list[Interview] = field(default_factory=list)
    spoken: list[SpokenPage] = field(default_factory=list)
    ends: list[CallEnd] = field(default_factory=list)
    refusal: str = ""
    is_away: bool = False
    # Whoever is called must not be.
    forbids: bool = False

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.INTERVIEWS: lambda: InterviewList(interviews=list(self.interviews)),
            endpoints.BEGIN_CALL: self.begin,
            endpoints.SPEAK_PAGE: self.speak,
            endpoints.END_CALL: self.end,
        }

    def _one(self, interview_id: int, **changed: Any) -> Interview:
        if self.is_away:
            raise Unreachable("unreachable")
        if self.refusal:
            raise ServiceRefused(self.refusal)
        before = next(one for one in self.interviews if one.id == interview_id)
        now = msgspec.structs.replace(before, **changed)
        self.interviews = [now if one.id == interview_id else one for one in self.interviews]
        return now

    def begin(self, asked: CallBegin, interview_id: int) -> Conversation:
        if self.forbids:
            refused = self._one(interview_id)
            self.interviews = [one for one in self.interviews if one.id != interview_id]
            return Conversation(interview=refused, refusal="must_not_be_called")
        now = self._one(interview_id, state="calling", agent="Ada", is_mine=True, attempts=asked.attempts + 1)
        return self._converse(now, stars())

    def speak(self, asked: SpokenPage, interview_id: int) -> Conversation:
        now = self._one(interview_id)
        self.spoken.append(asked)
        if asked.back:
            return self._converse(now, stars(("5",)))
        if asked.page == "one":
            return self._converse(now, details() if asked.given["stars"] else stars(is_missing=True))
        self.interviews = [one for one in self.interviews if one.id != interview_id]
        return Conversation(interview=now, closing="Merci beaucoup!")

    def end(self, asked: CallEnd, interview_id: int) -> None:
        self._one(interview_id, state="waiting", agent=None, is_mine=False, outcome=asked.outcome)
        self.ends.append(asked)

    def _converse(self, now: Interview, page: ScriptPage) -> Conversation:
        phones, opening = ["+15145550123", "+15145550124;ext=45"], "Bonjour, j’appelle de la part de Nord."
        return Conversation(interview=now, phones=phones, opening=opening, page=page, later=LATER)
