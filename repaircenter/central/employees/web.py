"""What the desk asks about who worked on jobs, and what people decide of their names (MODULES 2; B-26)."""

from collections.abc import Mapping, Sequence

from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.employees import queries
from repaircenter.central.employees.queries import NameRow
from repaircenter.central.employees.rules import suggest
from repaircenter.wire import endpoints
from repaircenter.wire.employees import EmployeeDecision, EmployeeList, EmployeeName


@serves(endpoints.EMPLOYEES)
def employees(call: Call) -> EmployeeList:
    return _listed(call)


@serves(endpoints.DECIDE_EMPLOYEE)
def decide_employee(call: Call, asked: EmployeeDecision) -> EmployeeList:
    """Have a name stand for another one of its shop, or for itself; the same once more changes nothing.

    Where the other name stands for a third one, this one does, too: there is no chain. Where it stands for this very one,
    both change places. An account goes along, unless the other name has one.
    """
    connection, caller, at = call.connection, call.caller, call.service.clock.now_utc()
    queries.lock(connection, caller.org_id)
    known = {row.name: row for row in queries.names(connection) if row.shop_id == asked.shop_id}
    if asked.name not in known or asked.known_as not in known:
        refuse(404, "not_there")
    accounts = {one.id for one in queries.accounts(connection) if asked.shop_id in one.shops}
    account = known[asked.name].person_id if asked.person_id is None else asked.person_id or None
    if account is not None and account not in accounts:
        if asked.person_id is not None:
            refuse(404, "not_there")
        account = None  # whoever it was has left
    whom = asked.name if asked.known_as == asked.name else known[asked.known_as].known_as or asked.known_as
    if whom == asked.name != asked.known_as:
        whom = asked.known_as
        queries.decide(connection, caller.org_id, asked.shop_id, whom, whom, caller.id, at)
    queries.decide(connection, caller.org_id, asked.shop_id, asked.name, whom, caller.id, at)
    kept = None if whom == asked.name else known[whom].person_id
    if asked.person_id is not None or (account is not None and kept is None):
        others = (row for row in known.values() if account is not None and row.name not in (whom, asked.name))
        taken = next((row.name for row in others if row.person_id == account), None)
        if taken is not None:
            refuse(409, "employee_taken", name=taken)
        queries.set_account(connection, caller.org_id, asked.shop_id, whom, account, caller.id, at)
    return _listed(call)


def _listed(call: Call) -> EmployeeList:
    rows = queries.names(call.connection)
    shops = sorted({row.shop_id for row in rows})
    accounts = queries.accounts(call.connection)
    people = {one.id: one.name for one in accounts}
    names = [one for shop in shops for one in _told([row for row in rows if row.shop_id == shop], people)]
    return EmployeeList(names=names, accounts=accounts)


def _told(rows: Sequence[NameRow], people: Mapping[int, str]) -> list[EmployeeName]:
    """The names of one shop; only who stands for themselves is offered for others."""
    own = {row.name: row.jobs for row in rows if row.known_as in (None, row.name)}
    suggested = suggest(own, [row.name for row in rows if row.known_as is not None])
    return [
        EmployeeName(
            shop_id=row.shop_id,
            shop=row.shop,
            name=row.name,
            roles=row.roles,
            jobs=row.jobs,
            known_as=row.known_as or row.name,
            decided=row.known_as is not None,
            suggested=suggested.get(row.name),
            person_id=row.person_id,
            person=people.get(row.person_id or 0),
        )
        for row in rows
    ]


HANDLERS = (employees, decide_employee)
