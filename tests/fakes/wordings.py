"""The words of messages at a service, by hand: it does what is asked and remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.wordings import ShownWording, Wording, WordingChange, WordingDraft, WordingList

CAME = datetime(2026, 11, 2, 15, tzinfo=UTC)


def wording(number: int, message: str, language: str, subject: str, body: str, **more: Any) -> Wording:
    usual: dict[str, Any] = {
        "channel": "email" if subject else "sms", "version": 0, "is_own": False, "placeholders": ["link", "shop"],
        "mandatory": ["link"],
    }  # fmt: skip
    return Wording(id=number, message=message, language=language, subject=subject, body=body, **{**usual, **more})


@dataclass
class FakeWordings:
    """`asked` is what was asked for; it refuses with a code."""

    wordings: list[Wording] = field(
        default_factory=lambda: [
            wording(1, "invitation", "fr", "Votre réparation", "Bonjour\n{{ link }}\n"),
            wording(2, "invitation", "en", "Ours", "{{ link }}\n", version=2, is_own=True, changed_by="Ada", changed_at=CAME),
            wording(3, "invitation_text", "fr", "", "{{ shop }} : {{ link }}\n"),
        ]
    )
    may_change: bool = True
    asked: list[Any] = field(default_factory=list)
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.WORDINGS: self.listed,
            endpoints.CHANGE_WORDING: self.change,
            endpoints.SHOW_WORDING: self.show,
        }

    def listed(self) -> WordingList:
        return WordingList(wordings=list(self.wordings), may_change=self.may_change)

    def change(self, change: WordingChange, wording_id: int) -> Wording:
        self._ask(change)
        before = next(one for one in self.wordings if one.id == wording_id)
        body, subject = change.body or "Mots d’origine {{ link }}\n", change.subject or ""
        now = msgspec.structs.replace(
            before, version=before.version + 1, subject=subject, body=body, is_own=change.body is not None,
            changed_by="Ada", changed_at=CAME,
        )  # fmt: skip
        self.wordings = [now if one.id == wording_id else one for one in self.wordings]
        return now

    def show(self, draft: WordingDraft, wording_id: int) -> ShownWording:
        self._ask(draft)
        return ShownWording(subject=draft.subject, body=draft.body.replace("{{ link }}", "https://x/s/…"))

    def _ask(self, asked: Any) -> None:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
