"""What the desk is given of the shop's side: its use cases, its store to read, the service for the person who signs in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from repaircenter.shop.collector.control import CollectorControl
from repaircenter.shop.folders.folders import Folders
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.model.state import StorageState
from repaircenter.shop.ports import DeskReader, PersonLink
from repaircenter.shop.service.last_results import LastResult
from repaircenter.shop.setup.setup import Setup
from repaircenter.wire.document.parts import Part
from repaircenter.wire.reports import Favourite


class ShopOpener(Protocol):
    """Opens the shop's side for the desk, and helps when its key is gone or its store is a newer program's. Calls block.

    `backup` is when the store that did not open was last one this program can open; None when nothing of then is kept.
    """

    backup: datetime | None

    def open(self) -> "ShopControl": ...

    def recover(self, code: str) -> None: ...

    def go_back(self) -> None: ...

    def start_new_store(self) -> None: ...


class DeviceControl(Protocol):
    """What the desk may ask of this PC itself."""

    def storage(self) -> StorageState: ...

    def starts_with_session(self) -> bool | None: ...

    def start_with_session(self, is_on: bool) -> None: ...

    def try_sample_data(self, language: str) -> None: ...


class LastResultsControl(Protocol):
    """What this PC keeps of a person's favourites (shop.service.last_results). All but `open_for` and `leave` may block."""

    def open_for(self, email: str) -> None: ...

    def leave(self) -> None: ...

    def begin(self) -> str: ...

    def take_list(self, email: str, favourites: Sequence[Favourite]) -> None: ...

    def favourites(self, email: str) -> list[Favourite]: ...

    def keep(self, email: str, favourite: Favourite, parts: Sequence[Part], begun: str) -> None: ...

    def find(self, email: str, favourite: Favourite) -> LastResult | None: ...

    def forget(self) -> None: ...


class ShopControl(Protocol):
    """The shop's side while it is open. Calls of its parts may block and belong on a background thread."""

    @property
    def reader(self) -> DeskReader: ...

    @property
    def new_recovery_code(self) -> str | None: ...

    @property
    def person(self) -> PersonLink | None: ...

    @property
    def last_results(self) -> LastResultsControl: ...

    @property
    def setup(self) -> Setup: ...

    @property
    def folders(self) -> Folders: ...

    @property
    def collecting(self) -> CollectorControl: ...

    @property
    def jobs(self) -> Actions: ...

    @property
    def device(self) -> DeviceControl: ...
