"""Programmes at a service, by hand: it does what is asked and remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import (
    NamedShop,
    NewProgramme,
    Preview,
    PreviewRequest,
    Programme,
    ProgrammeChange,
    ProgrammeList,
    Rules,
    UnclaimedName,
)

INSURER, OWN = 1, 2


def programme(number: int, name: str, kind: str, **more: Any) -> Programme:
    rules = Rules(
        name=name, names=["Assurances Exemple inc."] if kind == "insurer" else [], codes=[], ageing_days=19,
        not_before_delivery=True, reminder_days=5, throttle_days=30, alert_at_most=7, alert_hours=8,
        recovery_demanded=True, questionnaire="standard", active=True, shops=[1, 2],
    )  # fmt: skip
    return Programme(id=number, kind=kind, version=1, rules=rules, **{"changeable": True, "waiting": 3, **more})


@dataclass
class FakeProgrammes:
    """`asked` is what was asked for; it refuses with a code."""

    programmes: list[Programme] = field(
        default_factory=lambda: [programme(INSURER, "Assurances Exemple", "insurer"), programme(OWN, "Maison", "shop")]
    )
    unclaimed: list[UnclaimedName] = field(default_factory=lambda: [UnclaimedName(name="Mutuelle du Nord", jobs=4)])
    asked: list[Any] = field(default_factory=list)
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.PROGRAMMES: self.listed,
            endpoints.ADD_PROGRAMME: self.add,
            endpoints.CHANGE_PROGRAMME: self.change,
            endpoints.PREVIEW_SURVEY: self.preview,
        }

    def listed(self) -> ProgrammeList:
        return ProgrammeList(
            programmes=list(self.programmes),
            questionnaires=["quick", "standard"],
            titles={"standard": {"en": "Collision repair", "fr": "Réparation de carrosserie", "es": "Reparación"}},
            unclaimed=list(self.unclaimed),
            shops=[NamedShop(id=1, name="Nord"), NamedShop(id=2, name="Sud")],
        )

    def add(self, new: NewProgramme) -> Programme:
        made = Programme(id=9, kind=new.kind, version=1, rules=new.rules, changeable=True)
        return self._done(new, made)

    def change(self, change: ProgrammeChange, programme_id: int) -> Programme:
        before = next(one for one in self.programmes if one.id == programme_id)
        return self._done(change, msgspec.structs.replace(before, version=before.version + 1, rules=change.rules))

    def preview(self, asked: PreviewRequest) -> Preview:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
        return Preview(address=f"https://service.example/v/{asked.questionnaire}")

    def _done(self, asked: Any, now: Programme) -> Programme:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
        self.programmes = [*(one for one in self.programmes if one.id != now.id), now]
        return now
