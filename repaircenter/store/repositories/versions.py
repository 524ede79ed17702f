"""Versions of estimates."""

from sqlalchemy import bindparam, delete, insert, select, update

from repaircenter.shop.model.job import Version
from repaircenter.store import rows, tables
from repaircenter.store.repositories.repository import Repository

# Statements are made once: building one costs more than running it.
_version = tables.version.c
_INSERT_JOB = insert(tables.job)
_INSERT_VERSION = insert(tables.version)
_INSERT_EVENT = insert(tables.event)
_VERSIONS = select(tables.version).where(_version.job_id == bindparam("wanted")).order_by(_version.id)
_NEWEST_VERSION = (
    select(tables.version)
    .where(_version.job_id == bindparam("wanted"))
    .order_by(_version.order.desc(), _version.id.desc())
    .limit(1)
)
_REMOVE_VERSION = delete(tables.version).where(_version.id == bindparam("wanted"))


class VersionsRepository(Repository):
    """Implements shop.repositories.Versions."""

    def of_job(self, job_id: int) -> list[Version]:
        return [rows.version_of(row) for row in self._rows(_VERSIONS, wanted=job_id)]

    def newest(self, job_id: int) -> Version | None:
        """The version that counts: the highest of a job."""
        matching = self._rows(_NEWEST_VERSION, wanted=job_id)
        return rows.version_of(matching[0]) if matching else None

    def add(self, version: Version) -> None:
        values = rows.values_of(version)
        del values["id"]
        self._connection.execute(_INSERT_VERSION, values)

    def remove(self, version_id: int) -> None:
        self._connection.execute(_REMOVE_VERSION, {"wanted": version_id})

    def move_history(self, from_id: int, to_id: int) -> None:
        """Versions and events of one job become another one's."""
        for table in (tables.version, tables.event):
            self._connection.execute(update(table).where(table.c.job_id == from_id), {"job_id": to_id})
