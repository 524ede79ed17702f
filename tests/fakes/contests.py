"""Contests at a service, by hand: it does what is asked and remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.contests import (
    Contest,
    ContestableAnswer,
    ContestChange,
    ContestList,
    ContestQuery,
    NewContest,
)

CAME = datetime(2026, 11, 2, 15, tzinfo=UTC)
ENDS = datetime(2026, 12, 2, 15, tzinfo=UTC)


def answer(number: int, **more: Any) -> ContestableAnswer:
    usual: dict[str, Any] = {
        "shop_id": 1, "shop": "Nord", "zone": "America/Toronto", "programme": "Maison", "ro_number": f"26-000{number}",
        "customer": "Élise Gagné", "vehicle": "2020 Mazda CX-5", "answered_at": CAME, "said": ["3/10 – Qualité", "Non."],
    }  # fmt: skip
    return ContestableAnswer(id=number, **{**usual, **more})


def contest(number: int, state: str = "open", **more: Any) -> Contest:
    usual: dict[str, Any] = {
        "version": 1, "reason": "facts_wrong", "evidence": "Promis le 12.", "made_by": "Manu Gère", "made_at": CAME,
        "ends_at": ENDS, "answer": answer(number), "may_decide": state == "open",
    }  # fmt: skip
    return Contest(id=number, state=state, **{**usual, **more})


@dataclass
class FakeContests:
    """`asked` is what was asked for; it refuses with a code."""

    contests: list[Contest] = field(
        default_factory=lambda: [
            contest(1),
            contest(2, "rejected", decided_by="Ada Min", decided_at=CAME, note="Bien promis."),
            contest(3, made_by="Ada", may_decide=False, may_withdraw=True),
        ]
    )
    answers_: list[ContestableAnswer] = field(default_factory=lambda: [answer(7), answer(8, said=["2/5 – Étoiles"])])
    # Those that may be contested, and are not among the newest.
    others: list[ContestableAnswer] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.CONTESTS: self.listed,
            endpoints.CONTEST_ANSWER: self.add,
            endpoints.CHANGE_CONTEST: self.change,
        }

    def listed(self, asked: ContestQuery) -> ContestList:
        others = [one for one in self.others if one.id == asked.answer_id]
        return ContestList(contests=list(self.contests), answers=[*self.answers_, *others], days=60, more=bool(self.others))

    def add(self, new: NewContest) -> Contest:
        about = next(one for one in self.answers_ if one.id == new.answer_id)
        self.answers_ = [one for one in self.answers_ if one.id != new.answer_id]
        made = contest(
            9, answer=about, reason=new.reason, evidence=new.evidence, made_by="Ada", may_decide=False, may_withdraw=True
        )
        return self._done(new, made)

    def change(self, change: ContestChange, contest_id: int) -> Contest:
        before = next(one for one in self.contests if one.id == contest_id)
        now = msgspec.structs.replace(
            before, version=before.version + 1, state=change.state, note=change.note or None, decided_by="Ada",
            decided_at=CAME, may_decide=False, may_withdraw=False,
        )  # fmt: skip
        return self._done(change, now)

    def _done(self, asked: Any, now: Contest) -> Contest:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
        self.contests = [*(one for one in self.contests if one.id != now.id), now]
        return now
