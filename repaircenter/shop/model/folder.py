"""Watched folders and what became of their sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# What became of a set. BUSY is no end: it is tried again.
IMPORTED, SEEN_AGAIN, SUPERSEDED, INCOMPLETE, ASSIGNMENT, ERASED, BROKEN, BUSY = (
    "imported",
    "seen_again",
    "superseded",
    "incomplete",
    "assignment",
    "erased",
    "broken",
    "busy",
)


# How estimating systems write accents unless a folder says otherwise.
DEFAULT_CODE_PAGE = "cp1252"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What became of one set in one state (`signature`): one of the outcomes above."""

    folder: str
    base: str
    signature: str
    outcome: str
    reason: str | None
    job_id: int | None
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class FolderSetting:
    """A watched folder and its own rules (DESIGN 4.1). `shop_id` None means *by repair facility*.

    Jobs created and delivered before `cutoff` are kept, but not sent by the send rule (DESIGN 4.5).
    A `paused` folder is not looked at.
    """

    path: str
    shop_id: int | None = None
    code_page: str = DEFAULT_CODE_PAGE
    cutoff: date | None = None
    paused: bool = False


# What a person opens is sent by the rule only while it is so young.
OPENED_DAYS = 60


def setting_elsewhere(folder: str, watched: Sequence[FolderSetting], today: date) -> FolderSetting:
    """The rules for a folder that is not watched: what the watched ones agree on.

    Jobs from before the last OPENED_DAYS, or from before the latest cut-off date of the watched ones, are kept and not
    sent by the rule: a person may open an estimate of years ago, and its customer is not surveyed for it.
    """
    shops, pages = {setting.shop_id for setting in watched}, {setting.code_page for setting in watched}
    cutoffs = [setting.cutoff for setting in watched if setting.cutoff is not None]
    return FolderSetting(
        folder,
        shops.pop() if len(shops) == 1 else None,
        pages.pop() if len(pages) == 1 else DEFAULT_CODE_PAGE,
        max([*cutoffs, today - timedelta(days=OPENED_DAYS)]),
    )


@dataclass(frozen=True, slots=True)
class FolderTest:
    """What a look at a folder found (A-17). `trouble` as in FolderHealth; times are those of its newest files a set.

    A folder without sets names its own folders that hold some in `below`: (path, sets). `path` is where the folder is
    on this PC, which a person may have named as on the network; `not_connected` is a share that is nowhere here.
    """

    trouble: str | None
    is_share: bool
    sets: int
    oldest_utc: datetime | None
    newest_utc: datetime | None
    code_page: str | None
    below: tuple[tuple[str, int], ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class FolderPreview:
    """What an import of a folder would bring, counted so far: `done` of `total` sets were read."""

    done: int = 0
    total: int = 0
    unreadable: int = 0
    jobs: int = 0
    customers: int = 0
    first_day: date | None = None
    last_day: date | None = None
    would_send: int = 0


@dataclass(frozen=True, slots=True)
class FolderHealth:
    """How a watched folder is doing; `away_since_utc` is None while it can be read.

    `trouble` is `missing`, `denied`, `unreachable` or `not_answering`; `looks` counts complete listings.
    """

    path: str
    read_at_utc: datetime | None
    away_since_utc: datetime | None
    sets_seen: int
    sets_waiting: int
    look_seconds: float
    trouble: str | None = None
    sets_incomplete: int = 0
    looks: int = 0
