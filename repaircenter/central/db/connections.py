"""Connections with their scope (DESIGN 3.9): every transaction says who asks, in this one place.

Roles: `rc_migrate` owns the tables, `rc_web` serves requests, `rc_sign_in` checks passwords and opens sessions,
`rc_worker` runs tasks; none is a superuser. The database signs the scope of a session or a survey page and takes no
other (decision 012).
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

# As many requests are worked on at once; runs of reports have connections of their own beside them.
POOL_SIZE = 10
# Not more of them than processors: what desks send has its share of these.
REPORTS_AT_ONCE = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see, as the database signed it; with `only`, no other shops of it than these."""

    signed: str
    only: tuple[int, ...] = ()

    @property
    def of_programmes(self) -> bool:
        """Whether it holds programmes and no shops: of whoever reads them for an insurer (decision 022)."""
        return self.signed.startswith("programme:")

    def narrowed(self, shops: Sequence[int]) -> "Scope":
        """Fewer shops of the scope; of programmes all are seen."""
        return self if self.of_programmes else Scope(self.signed, tuple(shops))


NOTHING = Scope("")
WORKER = Scope("worker")


def elsewhere(url: URL, place: str) -> URL:
    """Return the address of the same database at another place: HOST[:PORT], [IPv6][:PORT] or the folder of a socket with its
    port. How the way is kept (sslmode and the like) stays as it is."""
    host, _, port = place.rpartition(":")
    if not port.isdecimal() or (":" in host and not host.endswith("]")):
        host, port = place, ""
    who = url.drivername, url.username, url.password
    query = {name: value for name, value in url.query.items() if name not in ("host", "hostaddr", "port")}
    if not host.startswith("/"):
        return URL.create(*who, host.strip("[]"), int(port) if port else None, url.database, query)
    return URL.create(*who, database=url.database, query={**query, "host": host, **({"port": port} if port else {})})


class Database:
    """One role's pool. `scoped` opens a transaction whose rows are limited to a scope.

    With `pooler` (a place as of `elsewhere`) they go by way of a pgbouncer in transaction mode.
    """

    def __init__(self, url: URL, pool_size: int = POOL_SIZE, pooler: str | None = None) -> None:
        # Where it is itself: who waits to be told of changes cannot go by way of a pooler.
        self.url = url
        self._engine = create_engine(
            url if pooler is None else elsewhere(url, pooler),
            pool_size=pool_size,
            max_overflow=2,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_use_lifo=True,  # few connections with plans in them rather than many without
            # Behind a pooler the next transaction is another server's, which has not prepared anything.
            connect_args={"prepare_threshold": 2 if pooler is None else None},
        )

        @event.listens_for(self._engine, "connect")
        def _utc(connection: object, _record: object) -> None:
            with connection.cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute("SET TIME ZONE 'UTC'")
            connection.commit()  # type: ignore[attr-defined]

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def scoped(self, scope: Scope, *, snapshot: bool = False) -> Iterator[Connection]:
        """One transaction; the scope ends with it. With `snapshot` all its statements see the state at the first."""
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ") if snapshot else self._engine
        with engine.begin() as connection:
            if scope != NOTHING:  # which is what a transaction begins with
                connection.execute(_SET_SCOPE, {"scope": scope.signed, "only": ",".join(map(str, scope.only))})
            if scope.of_programmes:
                connection.execute(_READ_PROGRAMMES)
            yield connection

    def close(self) -> None:
        self._engine.dispose()


_SET_SCOPE = text("SELECT set_config('rc.scope', :scope, true), set_config('rc.only', :only, true)")
# What such a scope sees has the names of the tables (migration 0033).
_READ_PROGRAMMES = text("SET LOCAL search_path = programme_reader, public")
