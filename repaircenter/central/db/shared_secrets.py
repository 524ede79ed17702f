"""Secrets every process of one database must share: they stand in the server itself, for its administrator only.

Two processes with data folders of their own (web, worker, an `admin` command) find the same passwords and the same
digest key, whichever of them came first.
"""

import secrets
from collections.abc import Callable

from sqlalchemy import URL, create_engine, text

_LOCK = 7413


class SharedSecrets:
    """Random values by name, kept in a table of one database that no role of ours may read."""

    def __init__(self, admin: URL) -> None:
        self._admin = admin

    def secret(self, name: str, initial: Callable[[], str] | None = None) -> str:
        """Return the value of a name; the first process to ask makes it, from `initial` if that is given."""
        engine = create_engine(self._admin, hide_parameters=True)
        try:
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                connection.execute(
                    text(
                        "CREATE TABLE IF NOT EXISTS repaircenter_secret (name text PRIMARY KEY, value text NOT NULL)"
                    )
                )
                connection.execute(text("REVOKE ALL ON repaircenter_secret FROM PUBLIC"))
                fresh = initial() if initial is not None else secrets.token_urlsafe(32)
                connection.execute(
                    text("INSERT INTO repaircenter_secret VALUES (:name, :value) ON CONFLICT DO NOTHING"),
                    {"name": name, "value": fresh},
                )
                value: str = connection.execute(
                    text("SELECT value FROM repaircenter_secret WHERE name = :name"), {"name": name}
                ).scalar_one()
                return value
        finally:
            engine.dispose()
