"""People at a service, by hand: it does what is asked and remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused, Unreachable
from repaircenter.wire import endpoints
from repaircenter.wire.organisation import Organisation, Pc
from repaircenter.wire.people import (
    Grant,
    MyAddress,
    NewPerson,
    Node,
    PersonChange,
    PersonEvent,
    PersonHistory,
    PersonInfo,
    PersonList,
    WantedAddress,
)
from repaircenter.wire.vocabulary import NETWORK, REGION, ROLES, SHOP

CAME = datetime(2026, 11, 2, 15, tzinfo=UTC)
ADA, STAN, LEA = 1, 2, 3
NODES = [
    Node(id=1, kind=NETWORK, name=""),
    Node(id=2, kind=REGION, name="Estrie", parent_id=1),
    Node(id=3, kind=SHOP, name="Nord", parent_id=2),
    Node(id=4, kind=SHOP, name="Sud", parent_id=1),
]


def person(number: int, name: str, state: str = "active", **more: Any) -> PersonInfo:
    usual: dict[str, Any] = {"grants": [Grant(role="staff", node_id=3)], "version": 1, "language": "fr"}
    email = f"{name.split()[0].lower()}@one.example"
    return PersonInfo(id=number, name=name, email=email, state=state, **{**usual, **more})


def _people() -> list[PersonInfo]:
    return [
        person(ADA, "Ada Min", grants=[Grant(role="shop_admin", node_id=1)], signed_in_at=CAME),
        person(STAN, "Stan Dard"),
        person(LEA, "Lea Roy", "invited", asked_at=CAME),
    ]


@dataclass
class FakePeople:
    """`asked` is what was asked for; it `loses` its answers, or refuses with a code."""

    people: list[PersonInfo] = field(default_factory=_people)
    nodes: list[Node] = field(default_factory=lambda: list(NODES))
    asked: list[Any] = field(default_factory=list)
    links: list[object] = field(default_factory=list)
    pcs: list[Pc] = field(
        default_factory=lambda: [
            Pc(id=1, name="FRONT-PC", shops=[1, 2], paired_at=CAME, paired_by="Ada Min", heard_at=CAME),
            Pc(id=2, name="OFFICE", shops=[1], paired_at=CAME, wholly=False),
        ]
    )
    mine: MyAddress = field(default_factory=lambda: MyAddress(address="ada@one.example"))
    loses: bool = False
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.ORGANISATION: lambda: Organisation(
                name="Groupe Nord", surveys=True, modules=["alerts"], pcs=list(self.pcs)
            ),
            endpoints.REVOKE_PC: self.revoke,
            endpoints.MY_ADDRESS: lambda: self.mine,
            endpoints.CHANGE_ADDRESS: self.change_address,
            endpoints.PEOPLE: self.listed,
            endpoints.ADD_PERSON: self.add,
            endpoints.CHANGE_PERSON: self.change,
            endpoints.PERSON_HISTORY: self.history,
        }

    def change_address(self, wanted: WantedAddress) -> MyAddress:
        if self.refusal:
            raise ServiceRefused(self.refusal)
        self.mine = msgspec.structs.replace(self.mine, wanted=wanted.address, until=CAME)
        return self.mine

    def revoke(self, pc_id: int) -> None:
        self.pcs = [msgspec.structs.replace(pc, revoked_at=CAME) if pc.id == pc_id else pc for pc in self.pcs]

    def listed(self) -> PersonList:
        return PersonList(people=list(self.people), nodes=self.nodes, roles=list(ROLES), me=ADA)

    def _done(self, asked: Any, now: PersonInfo) -> PersonInfo:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
        self.people = [*(one for one in self.people if one.id != now.id), now]
        if self.loses:
            raise Unreachable("unreachable")
        return now

    def add(self, new: NewPerson) -> PersonInfo:
        known = next((one for one in self.people if one.email == new.email), None)
        number = known.id if known else len(self.people) + 1
        made = PersonInfo(
            id=number, name=new.name, email=new.email, language=new.language, state="invited", version=1,
            grants=new.grants, asked_at=CAME,
        )  # fmt: skip
        return self._done(new, made)

    def change(self, change: PersonChange, person_id: int) -> PersonInfo:
        before = next(one for one in self.people if one.id == person_id)
        state = before.state if change.closed is None else "closed" if change.closed else "active"
        now = msgspec.structs.replace(
            before,
            version=before.version + 1,
            name=change.name or before.name,
            language=change.language or before.language,
            state=state,
            grants=before.grants if change.grants is None else change.grants,
        )
        return self._done(change, now)

    def history(self, person_id: int) -> PersonHistory:
        email = next(one.email for one in self.people if one.id == person_id)
        return PersonHistory(
            events=[
                PersonEvent(at=CAME, what="added", by="Ada Min", after=email),
                PersonEvent(at=CAME, what="granted", by="Ada Min", grant=Grant(role="staff", node_id=3)),
                PersonEvent(at=CAME, what="language", by="Ada Min", before="en", after="fr"),
                PersonEvent(at=CAME, what="link"),
                PersonEvent(at=CAME, what="beamed", by="Ada Min"),
            ]
        )
