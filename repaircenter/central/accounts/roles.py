"""Which role may do what. Every endpoint for persons names one permission; nobody without it reaches its function."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from repaircenter.wire.vocabulary import (
    CHANGE_ORGANISATION,
    CHANGE_PROGRAMMES,
    CONTEST,
    END_ALERTS,
    INSURER_ROLE,
    INTERVIEW,
    MANAGE_PEOPLE,
    REVIEW_CONTESTS,
    RUN_REPORTS,
    WORK_ON_ALERTS,
)

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "shop_admin": frozenset(
        (
            *(RUN_REPORTS, CHANGE_ORGANISATION, CHANGE_PROGRAMMES, WORK_ON_ALERTS, END_ALERTS, MANAGE_PEOPLE),
            *(CONTEST, REVIEW_CONTESTS),
        )
    ),
    "manager": frozenset((RUN_REPORTS, WORK_ON_ALERTS, END_ALERTS, CONTEST)),
    "staff": frozenset((RUN_REPORTS, WORK_ON_ALERTS)),
    INSURER_ROLE: frozenset((RUN_REPORTS,)),
    "call_agent": frozenset((INTERVIEW,)),
}


def may(roles: Iterable[str], permission: str) -> bool:
    """Return whether one of these roles holds a permission (D-P3); a role of a newer service holds none."""
    return any(permission in PERMISSIONS.get(role, frozenset()) for role in roles)


def permissions_of(roles: Mapping[str, Collection[int]]) -> dict[str, frozenset[int]]:
    """Return permission -> the shops it is held in, of role -> the shops it is held in; roles combine by OR."""
    held: dict[str, frozenset[int]] = {}
    for role, shops in roles.items():
        for permission in PERMISSIONS.get(role, frozenset()):
            held[permission] = held.get(permission, frozenset()).union(shops)
    return held
