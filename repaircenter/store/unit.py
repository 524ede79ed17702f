"""One write transaction of the store: implements shop.repositories.UnitOfWork."""

from collections.abc import Iterator

from sqlalchemy import Connection

from repaircenter.store.repositories.favourites import FavouritesRepository
from repaircenter.store.repositories.folders import FoldersRepository
from repaircenter.store.repositories.jobs import JobsRepository
from repaircenter.store.repositories.outbox import OutboxRepository
from repaircenter.store.repositories.questions import QuestionsRepository
from repaircenter.store.repositories.settings import SettingsRepository
from repaircenter.store.repositories.versions import VersionsRepository


class SqlUnitOfWork:
    """The repositories on one connection; the caller's block decides about commit (store.local.LocalStore.write)."""

    def __init__(self, connection: Connection, revisions: Iterator[int]) -> None:
        self.jobs = JobsRepository(connection, revisions)
        self.versions = VersionsRepository(connection, revisions)
        self.questions = QuestionsRepository(connection, revisions)
        self.outbox = OutboxRepository(connection, revisions)
        self.folders = FoldersRepository(connection, revisions)
        self.settings = SettingsRepository(connection, revisions)
        self.favourites = FavouritesRepository(connection, revisions)
