"""Who worked on a job, as people write it: one name a line, with a share where several did (B-N7). Pure."""

import re
from collections.abc import Sequence

from repaircenter.runtime.errors import InputRefused
from repaircenter.runtime.text import clean_line
from repaircenter.wire.jobs import Credits

MOST, _LONGEST = 8, 80
# "Ana Ruiz 60 %", "Ana Ruiz – 60,5%"
_SHARED = re.compile(r"(?P<name>\S.*?)[\s:–-]+(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*%\Z")
# What people round away: three thirds of 33 %.
_NEAR = 1.5
# Shares are as good as equal.
_EQUAL = 1e-4


def read_credits(technicians: str, service_writers: str) -> Credits:
    """Return the people of two texts with their shares, of each role together 1. Raises InputRefused with what is wrong.

    Without a share everybody has the same; where only some have one, the others share the rest.
    """
    return Credits(technician=_read(technicians), service_writer=_read(service_writers))


def _read(text: str) -> list[tuple[str, float]]:
    people: dict[str, float | None] = {}
    for line in filter(None, map(clean_line, text.splitlines())):
        shared = _SHARED.match(line)
        name = " ".join((shared["name"] if shared else line).split())
        if len(name) > _LONGEST or name in people:
            raise InputRefused("credit_name")
        people[name] = float(shared["share"].replace(",", ".")) if shared else None
    if len(people) > MOST:
        raise InputRefused("credit_many")
    given = [share for share in people.values() if share is not None]
    missing = len(people) - len(given)
    rest = 100 - sum(given)
    if 0.0 in given or (missing and rest <= 0) or (people and not missing and abs(rest) > _NEAR):
        raise InputRefused("credit_shares")
    shares = [share if share is not None else rest / missing for share in people.values()]
    parts = [round(share / sum(shares), 6) for share in shares]
    # What rounding leaves is the last one's: they are 1 together.
    parts[-1:] = [round(1 - sum(parts[:-1]), 6)] if parts else []
    return list(zip(people, parts, strict=True))


def credit_lines(people: Sequence[tuple[str, float]]) -> str:
    """Return people as they are written: equal shares are not."""
    shares = [share for _, share in people]
    if not shares or max(shares) - min(shares) < _EQUAL:
        return "\n".join(name for name, _ in people)
    return "\n".join(f"{name} {f'{100 * share:.2f}'.rstrip('0').rstrip('.')} %" for name, share in people)
