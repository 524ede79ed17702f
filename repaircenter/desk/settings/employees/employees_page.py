"""Configuration > Employees: names in jobs, and which of them are one person (MODULES 2; B-26)."""

import uuid
from typing import Any

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.settings.employees.employee_panel import NOTHING, EmployeePanel, roles_text
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.employees import EmployeeDecision, EmployeeList, EmployeeName
from repaircenter.wire.vocabulary import CHANGE_ORGANISATION

_OWN, _BEHIND, _MAYBE = "own", "behind", "maybe"
_MARKS = {
    _MAYBE: ("account-question-outline", "attention"),
    _OWN: ("account-check-outline", "good"),
    _BEHIND: ("account-arrow-right-outline", "soft"),
}
_STATES = tuple(_MARKS)


def _state(name: EmployeeName) -> str:
    if name.suggested is not None:
        return _MAYBE
    return _OWN if name.known_as == name.name else _BEHIND


def _state_text(name: EmployeeName, context: DeskContext) -> str:
    other = name.suggested or name.known_as
    return context.words(f"desk.employees.state.{_state(name)}", name=other)


_COLUMNS: tuple[Column[EmployeeName], ...] = (
    Column(
        name="state",
        text=_state_text,
        order=lambda name: (_STATES.index(_state(name)), -name.jobs),
        width=250,
        grows=True,
        mark=_state,
    ),
    Column(
        name="name", text=lambda name, _context: name.name, order=lambda name: name.name.casefold(), width=170, grows=True
    ),
    Column(name="roles", text=roles_text, order=lambda name: name.roles, width=120),
    Column(
        name="account",
        text=lambda name, _context: name.person or "",
        order=lambda name: (name.person or "").casefold(),
        width=110,
    ),
    Column(
        name="jobs",
        text=lambda name, _context: str(name.jobs),
        order=lambda name: name.jobs,
        width=80,
        right=True,
    ),
    Column(name="shop", text=lambda name, _context: name.shop, order=lambda name: name.shop.casefold(), width=130),
)


class EmployeesPage(RecordsPage[EmployeeName, EmployeeList]):
    """For whoever may change the organisation; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "employees", account, CHANGE_ORGANISATION, NOTHING)
        self._numbers: dict[tuple[int, str], int] = {}
        self.panel = self._panel = EmployeePanel(context, self.keep, self.discard, self._answer)
        self.build_records(_COLUMNS, "state", _MARKS, self._panel, adds=False)

    def forget_person(self) -> None:
        super().forget_person()
        self._numbers.clear()

    def key(self, row: EmployeeName) -> int:
        """A number that a name keeps while the page lives: it has none of its own."""
        return self._numbers.setdefault((row.shop_id, row.name), len(self._numbers) + 1)

    def ask(self, link: PersonLink) -> EmployeeList:
        return link.call(endpoints.EMPLOYEES)

    def rows(self, listed: EmployeeList, search: str) -> list[EmployeeName]:
        return [name for name in listed.names if search.casefold() in f"{name.name} {name.known_as}".casefold()]

    def change(self, record: EmployeeName | None) -> EmployeeDecision:
        assert record is not None, "no name is added by hand"
        return self._decision(record, self._panel.known_as, self._panel.account)

    def _decision(self, record: EmployeeName, known_as: str, account: int | None = None) -> EmployeeDecision:
        return EmployeeDecision(
            key=uuid.uuid4().hex, shop_id=record.shop_id, name=record.name, known_as=known_as, person_id=account
        )

    def call(self, link: PersonLink, record: EmployeeName | None, asked: Any) -> EmployeeName:
        names = link.call(endpoints.DECIDE_EMPLOYEE, asked).names
        return next(one for one in names if (one.shop_id, one.name) == (asked.shop_id, asked.name))

    def told(self, asked: Any, now: EmployeeName) -> str:
        if asked.person_id is not None:
            what = "account" if now.person else "no_account"
        else:
            what = "own" if now.known_as == now.name else "behind"
        person = now.person or ""
        return self.context.words(f"desk.employees.told_{what}", name=now.name, known_as=now.known_as, person=person)

    def _answer(self, is_same: bool) -> None:
        """The suggestion is answered, and not made again."""
        record = self._panel.record
        if record is not None and record.suggested is not None:
            self.do(self._decision(record, record.suggested if is_same else record.name))
