"""The Protocols the adapters implement (share, store, uplink), and the values that cross them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from repaircenter.ems.estimate import Estimate
from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.shop.model.folder import FolderHealth, FolderSetting, FolderTest, LedgerEntry
from repaircenter.shop.model.job import Facility, HandStep, Job, JobDetails, JobLine, Shop, Suggestion
from repaircenter.shop.model.outbox import Counts, LoggedMessage
from repaircenter.shop.model.state import Rhythm
from repaircenter.shop.repositories import KeptFavourite, UnitOfWork
from repaircenter.wire.endpoints import Endpoint
from repaircenter.wire.identity import PairAnswer, SessionAnswer
from repaircenter.wire.jobs import AtService

Q = TypeVar("Q")
A = TypeVar("A")


class FileFacts(NamedTuple):
    """What a listing says about a file: compared for equality only, never with a clock (anchors.md 4.2-22)."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SetSighting:
    """A set as seen in a listing: names by extension, facts by name, and the signature of this state."""

    base: str
    files: dict[str, str]
    facts: dict[str, FileFacts]
    signature: str
    newest_mtime_ns: int


SetBytes = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class FoundSet:
    """A set that was read, or could not be: then `data` is None and `trouble` says why (`busy`, `too_large`).

    `last_chance` is True when the set has been quiet so long that what is there is taken.
    """

    sighting: SetSighting
    data: SetBytes | None
    trouble: str | None = None
    last_chance: bool = False


class SetSource(Protocol):
    """A watched folder. Every call returns at once, however the folder does.

    A set that was taken is told its fate: settled, deferred for a missing member, or again. While `hold` says that
    another PC does the work, nothing is read. `place` tells a share from others; None is a local folder.
    """

    def take(self) -> Iterator[FoundSet]: ...

    def settle(self, sighting: SetSighting) -> None: ...

    def defer(self, sighting: SetSighting) -> None: ...

    def again(self, sighting: SetSighting) -> bool: ...

    def hold(self, held: bool) -> None: ...

    def look_now(self) -> None: ...

    @property
    def place(self) -> str | None: ...

    @property
    def health(self) -> FolderHealth: ...


class DeskReader(Protocol):
    """What the screens ask of the store; each question is one short transaction."""

    def job_lines(self, search: str = "", after: int = 0) -> tuple[list[JobLine], int]: ...

    def messages(self, states: Sequence[str] = (), search: str = "", limit: int = 500) -> list[LoggedMessage]: ...

    def details(self, job_id: int) -> JobDetails | None: ...

    def counts(self, today_began_utc: datetime) -> Counts: ...

    def troubles(self) -> list[LedgerEntry]: ...

    def facilities(self) -> list[Facility]: ...

    def known_sets(self, folder: str) -> dict[str, str]: ...

    def last_news(self) -> dict[str, datetime]: ...

    def setting(self, key: str) -> str | None: ...

    def shops(self) -> list[Shop]: ...


class Reader(DeskReader, Protocol):
    """Read-only questions to the store; each is one short transaction."""

    def jobs(self, search: str = "", limit: int = 2000) -> list[Job]: ...

    def suggestions(self) -> list[Suggestion]: ...

    def hand_step(self, job_id: int) -> HandStep | None: ...

    def rhythm(self, stage: str, since_utc: datetime) -> Rhythm: ...

    def filtered(self, since_utc: datetime) -> dict[str, int]: ...

    def unsent_jobs(self) -> list[tuple[Job, str | None]]: ...

    def folders(self) -> list[FolderSetting]: ...

    def folder(self, path: str) -> FolderSetting | None: ...

    def folder_outcomes(self, folder: str) -> dict[str, int]: ...

    def service_states(self, shop_id: int, job_keys: Sequence[str]) -> dict[str, AtService | None]: ...

    def sent_job_keys(self) -> dict[int, list[str]]: ...

    def kept_favourites(self, person: str) -> list[KeptFavourite]: ...

    def keeps_for_others(self, person: str) -> bool: ...

    def kept_result(self, person: str, favourite_id: int) -> tuple[bytes, datetime] | None: ...


class Store(Protocol):
    def write(self) -> AbstractContextManager[UnitOfWork]: ...

    @property
    def read(self) -> Reader: ...


class Unreachable(EnvironmentFailure):
    """No route, no name, no TLS, no answer in time."""


class NotSignedIn(KnownError):
    """401, 403 or 426: nothing queued is touched (anchors.md 5-8). `code` is the service's reason."""

    otherwise = "sign_in"


class Overloaded(EnvironmentFailure):
    """408, 425, 429 or 5xx, with the seconds the service asked to wait."""

    def __init__(self, retry_after_seconds: float | None = None) -> None:
        super().__init__("busy")
        self.retry_after_seconds = retry_after_seconds


class ServiceRefused(KnownError):
    """Another 4xx: the request itself is wrong. `code` is the service's reason."""

    otherwise = "refused"


class UnknownCertificate(KnownError):
    """The service shows a certificate this PC does not trust, or another one than a person agreed to.

    `fingerprint` is its SHA-256 in hex; nothing is sent before a person agreed to exactly this one.
    """

    reason = "unknown_certificate"

    def __init__(self, fingerprint: str) -> None:
        super().__init__(self.reason)
        self.fingerprint = fingerprint


# What a person agrees to in place of a fingerprint when there is no certificate at all.
PLAIN = "plain"


class NotEncrypted(UnknownCertificate):
    """The address is plain HTTP on another machine: whoever is in between could read passwords and customers."""

    reason = "not_encrypted"

    def __init__(self) -> None:
        super().__init__(PLAIN)


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """Who signed in on this PC last; `stays` when the next start needs no password."""

    email: str
    stays: bool


class NamedSet(NamedTuple):
    """A set somebody named: its folder, base, and the bytes of its tables; `files` are the paths of its members."""

    folder: str
    base: str
    data: SetBytes
    files: frozenset[str]


class FolderInspector(Protocol):
    """Looks a folder over before it is watched. Every call may block, but no longer than a share may be silent."""

    def is_folder(self, path: str) -> bool: ...

    def test_folder(self, path: str, code_page: str) -> FolderTest: ...

    def preview(self, path: str, code_page: str, take: Callable[[Estimate | None, int, int], bool]) -> None: ...

    def usual_folders(self) -> list[str]: ...

    def read_set(self, path: str) -> NamedSet: ...

    def is_member(self, path: str, named: NamedSet) -> bool: ...

    def is_same_folder(self, one: str, other: str) -> bool: ...


class ServiceLinks(Protocol):
    """The links to the service while it changes: those who use them are built anew. Calls may block."""

    @property
    def is_paired(self) -> bool: ...

    def pair(self, address: str, email: str, password: str, *, collects: bool) -> PairAnswer: ...

    def note_paired(self) -> None: ...

    def check(self, address: str) -> None: ...

    def connect(self) -> None: ...

    def connect_again(self) -> None: ...

    def begin(self) -> None: ...


class CollectorLink(Protocol):
    """The installation's side of the service (DESIGN 3.10)."""

    def pair(self, email: str, password: str, device_name: str, *, collects: bool = True) -> PairAnswer: ...

    def open_session(self) -> SessionAnswer: ...

    @property
    def device_name(self) -> str: ...

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A: ...


class PersonLink(Protocol):
    """A person's side of the service: reports and favourites. Calls block; never on the GUI thread.

    A session that ended comes back by itself as long as the person did not sign out (DESIGN 3.10).
    """

    def sign_in(self, email: str, password: str, *, stay: bool = False) -> SessionAnswer: ...

    def resume(self) -> SessionAnswer: ...

    def kept(self) -> KeptPerson | None: ...

    def unlocks(self, password: str) -> bool: ...

    def send_link(self, email: str) -> None:
        """Have a link for another password mailed to an address; nothing says whether it has an account."""

    def sign_out(self) -> None: ...

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A: ...


class Secrets(Protocol):
    """Where secrets are kept: the OS keyring, or a key file with a standing warning."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...
