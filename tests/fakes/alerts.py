"""Alerts as the service keeps them: a list of two shops, changes by version, choices of mail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused, Unreachable
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertAnswer, AlertChange, AlertChoice, AlertChoices, AlertList, Colleague

CAME = datetime(2026, 11, 2, 14, tzinfo=UTC)
ADA, STAN, OTTO = 11, 12, 13


def alert(number: int = 1, **fields: Any) -> Alert:
    given: dict[str, Any] = {
        "shop_id": 1,
        "state": "new",
        "version": 1,
        "opened_at": CAME,
        "due_at": datetime(2026, 11, 3, 14, tzinfo=UTC),
        "answers": [
            AlertAnswer(label="Qualité de la réparation", value=4, maximum=10, low=True),
            AlertAnswer(label="Courtoisie du personnel", value=9, maximum=10),
        ],
        "programme": "Assurances Exemple",
        "job_key": f"C:{number}",
        "ro_number": f"26-000{number}",
        "customer": f"Client {number}",
        "vehicle": "2020 Mazda CX-5",
        "comment": "La peinture ne va pas.",
        "answer_id": 900 + number,
    }
    return Alert(id=number, **{**given, **fields})


def _open() -> Event:
    event = Event()
    event.set()
    return event


@dataclass
class FakeAlerts:
    """`away` while the service is not there; `changes` are those that were asked for."""

    alerts: list[Alert] = field(default_factory=list)
    may_end: bool = True
    away: bool = False
    # Does what is asked, and the answer gets lost.
    loses: bool = False
    # Is not there for changes.
    refuses_changes: bool = False
    more: bool = False
    # Answers to changes wait while it is not set.
    gate: Event = field(default_factory=_open)
    last: str = ""
    changes: list[AlertChange] = field(default_factory=list)
    choices: dict[int, str] = field(default_factory=lambda: {1: "all", 2: "mine"})

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.ALERT_LIST: self.listed,
            endpoints.CHANGE_ALERT: self.change,
            endpoints.ALERT_CHOICES: self.chosen,
            endpoints.CHOOSE_ALERTS: self.choose,
        }

    def listed(self) -> AlertList:
        if self.away:
            raise Unreachable("unreachable")
        colleagues = [
            Colleague(id=ADA, name="Ada Min", shops=[1, 2]),
            Colleague(id=OTTO, name="Otto Fern", shops=[2]),
            Colleague(id=STAN, name="Stan Dard", shops=[1]),
        ]
        alerts = [msgspec.structs.replace(one, may_end=self.may_end) for one in self.alerts]
        return AlertList(alerts=alerts, colleagues=colleagues, me=ADA, may_end=self.may_end, more=self.more)

    def change(self, change: AlertChange, alert_id: int) -> Alert:
        if self.away:
            raise Unreachable("unreachable")
        assert self.gate.wait(5)
        self.changes.append(change)
        if self.refuses_changes:
            raise Unreachable("unreachable")
        before = next(one for one in self.alerts if one.id == alert_id)
        if change.state == "seen":
            after = msgspec.structs.replace(before, state="seen") if before.state == "new" else before
        elif before.version == change.version + 1 and self.last == change.key:
            after = before
        elif before.version != change.version:
            raise ServiceRefused("changed_meanwhile")
        else:
            names = {one.id: one.name for one in self.listed().colleagues}
            owner = before.owner_id if change.owner_id is None else change.owner_id or None
            owner = owner or (ADA if change.state == "in_hand" else None)
            after = msgspec.structs.replace(
                before,
                version=before.version + 1,
                state=change.state or before.state,
                owner_id=owner,
                owner=names.get(owner or 0),
                recovery=change.recovery or before.recovery,
                ended_at=CAME if change.state == "done" else None,
                ended_by="Ada Min" if change.state == "done" else None,
                changed_by="Ada Min",
                changed_at=CAME,
            )
        self.alerts = [after if one.id == alert_id else one for one in self.alerts]
        self.last = change.key
        if self.loses:
            raise Unreachable("unreachable")
        return msgspec.structs.replace(after, may_end=self.may_end)

    def chosen(self) -> AlertChoices:
        offered = ["all", "mine", "none"] if self.may_end else ["mine", "none"]
        return AlertChoices(
            choices=[AlertChoice(shop_id=shop, choice=held, offered=offered) for shop, held in self.choices.items()]
        )

    def choose(self, asked: AlertChoices) -> AlertChoices:
        self.choices.update({one.shop_id: one.choice for one in asked.choices})
        return self.chosen()
