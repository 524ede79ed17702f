"""Watched folders and what became of their sets."""

from collections.abc import Sequence

from sqlalchemy import update

from repaircenter.shop.model.folder import FolderSetting, LedgerEntry
from repaircenter.store import rows, tables
from repaircenter.store.repositories.repository import Repository, upsert

# Statements are made once: building one costs more than running it.
_PUT_SET = upsert(tables.ledger, "folder", "base")
_PUT_FOLDER = upsert(tables.folder, "path")


class FoldersRepository(Repository):
    """Implements shop.repositories.Folders."""

    def put(self, folders: Sequence[FolderSetting]) -> None:
        """The watched folders as they are from now on, in this order; one taken out keeps its rules for its jobs."""
        self._connection.execute(update(tables.folder), {"removed": True})
        for place, folder in enumerate(folders):
            self._connection.execute(_PUT_FOLDER, {"place": place, "removed": False, **rows.values_of(folder)})

    def record_set(self, entry: LedgerEntry) -> None:
        self._connection.execute(_PUT_SET, rows.values_of(entry))
