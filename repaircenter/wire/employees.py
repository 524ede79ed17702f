"""Who worked on jobs: names that are one person (MODULES 2)."""

from msgspec import Struct


class EmployeeName(Struct, frozen=True, kw_only=True):
    """A name as it stands in jobs of a shop. `known_as` is whom it stands for, itself at first; with `decided` somebody
    said so. `suggested` is a name it probably stands for, while nobody decided. `person_id` is the account of whoever it is,
    of the name `person`."""

    shop_id: int
    shop: str
    name: str
    roles: list[str]
    jobs: int
    known_as: str
    decided: bool = False
    suggested: str | None = None
    person_id: int | None = None
    person: str | None = None


class EmployeeAccount(Struct, frozen=True, kw_only=True):
    """An account that may be an employee of some shops."""

    id: int
    name: str
    shops: list[int]


class EmployeeList(Struct, frozen=True, kw_only=True):
    names: list[EmployeeName]
    accounts: list[EmployeeAccount] = []


class EmployeeDecision(Struct, frozen=True, kw_only=True):
    """A name stands for another one of its shop, or for itself; whoever it is then has the account `person_id` (0: none; None
    leaves it). `key` is made once for what is done."""

    key: str
    shop_id: int
    name: str
    known_as: str
    person_id: int | None = None
