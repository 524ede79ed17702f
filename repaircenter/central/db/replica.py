"""Where reports are read: in a copy that streams from the database, as soon as it holds all that was there when they began.

A copy that does not keep up, is away or has become a database of its own is passed over: a report is never of an earlier
state than it says (MODULES 6).
"""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from repaircenter.central.db.connections import Database, Scope

log = logging.getLogger(__name__)
# How long a report waits for the copy.
LOOKS, LOOK_SECONDS = 40, 0.05


class Reading:
    """Transactions that only read, in the `copy` where there is one, else in the `original`."""

    def __init__(self, original: Database, copy: Database | None = None) -> None:
        self._original, self._copy = original, copy

    @contextmanager
    def scoped(self, scope: Scope) -> Iterator[Connection]:
        """One transaction that reads no earlier state than that of now, and one state to its end."""
        with ExitStack() as opened:
            connection = None
            if self._copy is not None:
                with self._original.scoped(scope) as original:
                    place = original.execute(text("SELECT pg_current_wal_lsn()::text")).scalar_one()
                connection = _keeping_up(opened, self._copy, scope, place)
            yield connection or opened.enter_context(self._original.scoped(scope, snapshot=True))

    def close(self) -> None:
        if self._copy is not None:
            self._copy.close()


def _keeping_up(opened: ExitStack, copy: Database, scope: Scope, place: str) -> Connection | None:
    """A transaction in the copy once it holds what stands before a place of the log; None when it does not."""
    try:
        for _ in range(LOOKS):
            # By a transaction of its own: what is read is what was there when its own one began.
            with copy.scoped(scope) as looked:
                holds = looked.execute(_HOLDS, {"place": place}).scalar_one()
            if holds:
                return opened.enter_context(copy.scoped(scope, snapshot=True))
            time.sleep(LOOK_SECONDS)
    except OperationalError as error:
        log.warning("the copy for reports is away: %s", type(error.orig).__name__)
        return None
    log.warning("the copy for reports does not keep up")
    return None


# Null of a database that is no copy.
_HOLDS = text("SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn)")
