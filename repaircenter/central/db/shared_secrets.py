"""Secrets every process of one database must share: they stand in the server itself, for its administrator only.

Two processes with data folders of their own (web, worker, an `admin` command) find the same passwords and the same
digest key, whichever of them came first.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import URL, create_engine, text

_LOCK = 7413


class SharedSecrets:
    """Random values by name, kept in a table of one database that no role of ours may read."""

    def __init__(self, admin: URL) -> None:
        self._admin = admin

    def secrets(self, names: Sequence[str], initial: Callable[[str], str]) -> dict[str, str]:
        """Return the values of names; the first process to ask makes them, of what `initial` gives for a name."""
        engine = create_engine(self._admin, hide_parameters=True)
        try:
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                connection.execute(
                    text("CREATE TABLE IF NOT EXISTS repaircenter_secret (name text PRIMARY KEY, value text NOT NULL)")
                )
                connection.execute(text("REVOKE ALL ON repaircenter_secret FROM PUBLIC"))
                rows = connection.execute(text("SELECT name, value FROM repaircenter_secret"))
                known: dict[str, str] = {row.name: row.value for row in rows}
                fresh = {name: initial(name) for name in names if name not in known}
                if fresh:
                    connection.execute(
                        text("INSERT INTO repaircenter_secret VALUES (:name, :value)"),
                        [{"name": name, "value": value} for name, value in fresh.items()],
                    )
                return {name: (known | fresh)[name] for name in names}
        finally:
            engine.dispose()
