"""What the shop's side says of itself: connection, folders, silences, storage."""

from dataclasses import dataclass
from datetime import datetime

from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.wire.vocabulary import SURVEYS


@dataclass(frozen=True, slots=True)
class Holder:
    """Another PC that collects for a shop (A-16)."""

    shop_id: int
    device_name: str
    since_utc: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """A stage that went silent (A-N2): since when, how much would be usual by now, and the likely cause's code."""

    stage: str
    since_utc: datetime | None
    usual_a_week: float
    cause: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something happens in this shop: when, in the last eight weeks, oldest first."""

    stage: str
    instants_utc: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class StorageState:
    """How this PC keeps its data. `key_place` is keyring or file; sizes in bytes, backups with their instants."""

    path: str
    key_place: str
    size_bytes: int
    backups: tuple[tuple[str, datetime], ...] = ()
    keep_months: int = 0


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """What the status bar says. `since_utc` tells how long a trouble has lasted, `retry_utc` when it is tried again.

    `detail` is the fingerprint of an unknown certificate. `clock_off_seconds` is how far this PC's clock is ahead of
    the service's, when that is more than a few minutes.
    """

    name: str
    until_utc: datetime | None = None
    since_utc: datetime | None = None
    reason: str | None = None
    retry_utc: datetime | None = None
    detail: str | None = None
    clock_off_seconds: float = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the service answers; a session that ends soon is one (A-08)."""
        return self.name in ("connected", "ending_soon")


@dataclass(frozen=True, slots=True)
class NewerDesk:
    """A newer desk than this one, and the address of the page at which a person gets it."""

    version: str
    where: str


@dataclass(frozen=True, slots=True)
class CollectorState:
    """What the status bar shows of the collector. `offer` counts jobs that changed programmes may want (DESIGN 4.6)."""

    connection: ConnectionState
    folders: tuple[FolderHealth, ...]
    last_cycle_utc: datetime | None
    others: tuple[Holder, ...] = ()
    shows_only: bool = False
    sending_stopped: bool = False
    silences: tuple[Silence, ...] = ()
    offer: int = 0
    store_trouble: KnownError | None = None
    licences: frozenset[str] = frozenset((SURVEYS,))
    newer: NewerDesk | None = None
