"""Who worked on jobs: names that are one person (MODULES 2)."""

from msgspec import Struct


class EmployeeName(Struct, frozen=True, kw_only=True):
    """A name as it stands in jobs of a shop. `known_as` is whom it stands for, itself at first; with `decided` somebody
    said so. `suggested` is a name it probably stands for, while nobody decided."""

    shop_id: int
    shop: str
    name: str
    roles: list[str]
    jobs: int
    known_as: str
    decided: bool = False
    suggested: str | None = None


class EmployeeList(Struct, frozen=True, kw_only=True):
    names: list[EmployeeName]


class EmployeeDecision(Struct, frozen=True, kw_only=True):
    """A name stands for another one of its shop, or for itself. `key` is made once for what is done."""

    key: str
    shop_id: int
    name: str
    known_as: str
