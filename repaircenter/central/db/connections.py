"""Connections with their scope (DESIGN 3.9): every transaction says who asks, in this one place.

Roles: `rc_migrate` owns the tables, `rc_web` serves requests, `rc_worker` runs tasks; none is a superuser.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

POOL_SIZE = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see: `kind` is shops, person, token, worker or nothing."""

    kind: str
    ids: tuple[int, ...] = ()
    person_id: int | None = None

    def setting(self) -> str:
        return f"{self.kind}:{','.join(map(str, self.ids))}:{self.person_id or ''}"


NOTHING = Scope("")
WORKER = Scope("worker")


def shops_scope(shops: Sequence[int], person_id: int | None = None) -> Scope:
    return Scope("shops", tuple(shops), person_id)


def token_scope(invitation_id: int) -> Scope:
    return Scope("token", (invitation_id,))


class Database:
    """One role's pool. `scoped` opens a transaction whose rows are limited to a scope."""

    def __init__(self, url: URL, pool_size: int = POOL_SIZE) -> None:
        self._engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=2,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_use_lifo=True,  # few connections with plans in them rather than many without
            connect_args={"prepare_threshold": 2},
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
    def scoped(self, scope: Scope) -> Iterator[Connection]:
        """One transaction; the scope ends with it."""
        with self._engine.begin() as connection:
            if scope != NOTHING:  # which is what a transaction begins with
                connection.execute(_SET_SCOPE, {"scope": scope.setting()})
            yield connection

    def close(self) -> None:
        self._engine.dispose()


_SET_SCOPE = text("SELECT set_config('rc.scope', :scope, true)")
