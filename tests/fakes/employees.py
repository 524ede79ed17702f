"""Names of who worked on jobs at a service, by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.employees import EmployeeAccount, EmployeeDecision, EmployeeList, EmployeeName

FULL, SHORT, ANA = "Benoît Tessier", "B. TESSIER", "Ana Ruiz"


def name(called: str, jobs: int, **more: Any) -> EmployeeName:
    usual = {"shop_id": 1, "shop": "Nord", "roles": ["estimator"], "known_as": called}
    return EmployeeName(name=called, jobs=jobs, **{**usual, **more})


@dataclass
class FakeEmployees:
    """`asked` is what was asked for; it refuses with a code."""

    names: list[EmployeeName] = field(
        default_factory=lambda: [
            name(FULL, 40), name(SHORT, 3, suggested=FULL), name(ANA, 12), name("A. Ruiz", 2, known_as=ANA, decided=True),
            name("Zoé", 1, shop_id=2, shop="Sud", roles=["technician"]),
        ]
    )  # fmt: skip
    accounts: list[EmployeeAccount] = field(
        default_factory=lambda: [
            EmployeeAccount(id=7, name="Ana Ruiz", shops=[1]), EmployeeAccount(id=8, name="Zoé Roy", shops=[2])
        ]
    )  # fmt: skip
    asked: list[EmployeeDecision] = field(default_factory=list)
    refusal: str = ""

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {endpoints.EMPLOYEES: self.listed, endpoints.DECIDE_EMPLOYEE: self.decide}

    def listed(self) -> EmployeeList:
        return EmployeeList(names=self.names, accounts=self.accounts)

    def decide(self, asked: EmployeeDecision) -> EmployeeList:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal)
        decided: dict[str, Any] = {"known_as": asked.known_as, "decided": True, "suggested": None}
        if asked.person_id is not None:
            person = next((one.name for one in self.accounts if one.id == asked.person_id), None)
            decided |= {"person_id": asked.person_id or None, "person": person}
        self.names = [msgspec.structs.replace(one, **decided) if one.name == asked.name else one for one in self.names]
        return self.listed()
