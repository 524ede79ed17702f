"""Builds and connects the shop's side: store, share, uplink, collector. Used by agent, desk and demo."""

import hashlib
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from repaircenter.runtime.clock import Clock
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.threads import Stops, Worker
from repaircenter.share.folder import WatchedFolder
from repaircenter.shop import importing, sending
from repaircenter.shop.collecting import Collector, CycleResult
from repaircenter.shop.model import CollectorState, Facility, Shop
from repaircenter.shop.ports import Reader, Secrets, SetSource
from repaircenter.shop.session import Session, shop_of
from repaircenter.store import keys
from repaircenter.store.local import FILE_NAME, LocalStore, refuse_share
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.uplink.secrets import choose

CYCLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ShopOptions:
    """`service` and `folder` change what the store remembers; None keeps it."""

    data_folder: Path
    service: str | None = None
    folder: Path | None = None
    quiet_seconds: float | None = None
    secrets_in_file: bool = False
    cycle_seconds: float = CYCLE_SECONDS


class ShopSide:
    """Everything of one data folder. `open` first; `start` collects in the background; `stop` ends it all."""

    def __init__(self, options: ShopOptions, clock: Clock, hub: EventHub) -> None:
        self.options = options
        self.clock = clock
        self.hub = hub
        self._stops = Stops()
        self.store: LocalStore
        self.secrets: Secrets
        self.collector: Collector
        self.collector_client: CollectorClient | None = None
        self.person: PersonClient | None = None
        self.session: Session
        self._worker: Worker | None = None
        self.new_recovery_code: str | None = None

    def open(self) -> None:
        """Open the store and connect the parts; no network call. Raises KnownError with one sentence."""
        refuse_share(self.options.data_folder)
        self.options.data_folder.mkdir(parents=True, exist_ok=True)
        self.secrets = choose(self.options.data_folder, in_file=self.options.secrets_in_file)
        path = self.options.data_folder / FILE_NAME
        is_new = not path.exists()
        self.store = keys.open_with_kept_key(path, self.secrets)
        self.new_recovery_code = keys.kept_recovery_code(path, self.secrets) if is_new else None
        self._stops.add("store", self.store.close)
        self._remember()
        self._connect()

    def recover(self, code: str) -> None:
        """Put the key a recovery code stands for back in its place. Raises KnownError; nothing is changed then."""
        keys.recover(self.options.data_folder / FILE_NAME, code, choose(self.options.data_folder)).close()

    def start_new_store(self) -> None:
        """Keep the old file under another name; the next `open` makes a new store."""
        path = self.options.data_folder / FILE_NAME
        keys.set_aside(path)
        choose(self.options.data_folder).delete(keys.key_name(path))

    def _remember(self) -> None:
        with self.store.write() as uow:
            if self.options.service is not None:
                uow.put_setting("service_address", self.options.service)
            if self.options.folder is not None:
                uow.put_setting("folders", json.dumps([str(self.options.folder.absolute())]))

    def _connect(self) -> None:
        read = self.store.read
        address = read.setting("service_address")
        self.collector_client = self.person = None
        if address:
            self.collector_client = CollectorClient(Http(address), self.secrets, self._credential_name)
            self.person = PersonClient(Http(address))
        folders = json.loads(read.setting("folders") or "[]")
        sources: dict[str, SetSource] = {
            path: WatchedFolder(Path(path), self.clock, read.known_sets(path), self.options.quiet_seconds)
            for path in folders
        }
        client = self.collector_client
        self.session = Session(client or _NoService(), paired=client is not None and client.is_paired)
        self.collector = Collector(self.store, sources, client or _NoService(), self.session, self.clock, self.hub.tell)

    @property
    def _credential_name(self) -> str:
        return "installation-" + hashlib.sha256(str(self.options.data_folder.resolve()).encode()).hexdigest()[:12]

    @property
    def configured(self) -> bool:
        """Whether there is a folder to watch and a service this PC is paired with."""
        client = self.collector_client
        return bool(self.collector.state.folders) and client is not None and client.is_paired

    @property
    def reader(self) -> Reader:
        return self.store.read

    def collector_state(self) -> CollectorState:
        return self.collector.state

    def scan_now(self) -> None:
        self.collector.scan_now()
        self.wake()

    def reconnect(self) -> None:
        self.collector.reconnect()
        self.wake()

    def suggested_shop(self, facility: Facility) -> int | None:
        found = importing.suggested_shop(facility, tuple(self.store.read.shops()))
        return None if found is None else found.id

    def begin_collecting(self) -> None:
        """Start once there is something to collect; a second call does nothing."""
        if self.configured and self._worker is None:
            self.start()

    def configure(self, service: str, folder: str, email: str, password: str) -> None:
        """First run: remember address and folder and pair this PC. Raises KnownError; nothing is kept then."""
        if not Path(folder).is_dir():
            raise KnownError("This folder cannot be read; choose the one into which the estimates are exported.")
        client = CollectorClient(Http(service), self.secrets, self._credential_name)
        answer = client.pair(email, password, socket.gethostname())
        self.options = replace(self.options, service=service, folder=Path(folder))
        self._remember()
        self._take_shops([shop_of(info) for info in answer.shops])
        self._connect()

    def pair(self, email: str, password: str) -> list[Shop]:
        """Make this PC an installation of the account that signs in; gives its shops."""
        if self.collector_client is None:
            raise KnownError("No service address is set; give one with --service.")
        answer = self.collector_client.pair(email, password, socket.gethostname())
        shops = [shop_of(info) for info in answer.shops]
        self._take_shops(shops)
        self.session.paired()
        return shops

    def _take_shops(self, shops: list[Shop]) -> None:
        """Remember the account's shops; with a single one every folder belongs to it (DESIGN 4.1)."""
        with self.store.write() as uow:
            uow.put_shops(shops)
            for folder in json.loads(uow.setting("folders") or "[]"):
                if len(shops) == 1 and uow.setting(f"folder_shop:{folder}") is None:
                    uow.put_setting(f"folder_shop:{folder}", str(shops[0].id))

    def start(self) -> None:
        """Collect on a thread of its own until `stop`."""

        def step() -> float:
            self.collector.cycle()
            return self.options.cycle_seconds

        self._worker = Worker("collector", step, self.clock)
        self._worker.start()
        self._stops.add("collector", self._worker.stop)

    def wake(self) -> None:
        if self._worker is not None:
            self._worker.wake()

    def cycle_until_quiet(self, wait: Callable[[float], None]) -> CycleResult:
        """One full cycle for `agent --once`: look until every set that can be ready was taken, then deliver."""
        result = CycleResult()
        quiet = self.options.quiet_seconds if self.options.quiet_seconds is not None else 15.0
        for _ in range(int(quiet) + 5):
            self.collector.import_ready(result)
            if all(not folder.sets_waiting for folder in self.collector.state.folders):
                break
            wait(1.0)
        self.collector.deliver(result)
        self.collector.refresh_states()
        return result

    def confirm_facility(self, facility: Facility, shop_id: int) -> int:
        """A person said which shop a repair facility is."""
        with self.store.write() as uow:
            count = importing.confirm_facility(
                uow, replace(facility, shop_id=shop_id), self.collector.target(), self.clock.now_utc()
            )
        self.hub.tell("jobs_changed")
        self.wake()
        return count

    def place_job(self, job_id: int, shop_id: int) -> None:
        """A person said which shop one job belongs to, because its sets name no repair facility."""
        with self.store.write() as uow:
            job = uow.job(job_id)
            if job is not None:
                importing.place(uow, job, shop_id, self.collector.target(), self.clock.now_utc())
        self.hub.tell("jobs_changed")
        self.wake()

    def send_now(self, job_id: int) -> None:
        """Put the job's current state into the outbox by hand (A-19)."""
        with self.store.write() as uow:
            job = uow.job(job_id)
            if job is not None:
                newest = max(uow.versions(job.id), key=lambda version: version.order, default=None)
                sending.send_now(uow, job, newest, self.clock.now_utc())
        self.hub.tell("jobs_changed")
        self.wake()

    def stop(self) -> None:
        self._stops.run()


class _NoService(CollectorClient):
    """Stands where no service address is set: never paired, never asked."""

    def __init__(self) -> None:
        pass

    @property
    def is_paired(self) -> bool:
        return False
