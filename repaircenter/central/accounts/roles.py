"""Which role may do what. Every endpoint for persons names one permission; nobody without it reaches its function."""

from typing import Final

from repaircenter.wire.vocabulary import CHANGE_ORGANISATION, END_ALERTS, RUN_REPORTS, WORK_ON_ALERTS

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "shop_admin": frozenset((RUN_REPORTS, CHANGE_ORGANISATION, WORK_ON_ALERTS, END_ALERTS)),
    "manager": frozenset((RUN_REPORTS, WORK_ON_ALERTS, END_ALERTS)),
    "staff": frozenset((RUN_REPORTS, WORK_ON_ALERTS)),
}
ROLES: Final = tuple(PERMISSIONS)


def may(role: str | None, permission: str) -> bool:
    """Return whether a role holds a permission; a role of a newer service holds none."""
    return permission in PERMISSIONS.get(role or "", frozenset())
