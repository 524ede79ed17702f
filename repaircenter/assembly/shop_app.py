"""Builds and connects the shop's side: store, share, uplink, collector. Used by agent, desk and demo."""

import socket
import threading
import time
from collections.abc import Callable
from functools import partial

from repaircenter.assembly import autostart
from repaircenter.assembly.collecting import Collecting
from repaircenter.assembly.data_folder import DataFolder
from repaircenter.assembly.device import Device
from repaircenter.assembly.options import ShopOptions
from repaircenter.assembly.preset import find as find_preset
from repaircenter.assembly.preset import read as read_preset
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.threads import Stops
from repaircenter.share.inspection import Inspector
from repaircenter.share.watches import FolderWatches
from repaircenter.shop.collector import one_cycle
from repaircenter.shop.collector.collector import Collector, CycleResult
from repaircenter.shop.collector.control import CollectorControl
from repaircenter.shop.folders.folders import Folders
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.ports import Reader, Secrets
from repaircenter.shop.service.last_results import LastResults
from repaircenter.shop.service.session import Session
from repaircenter.shop.setup.setup import CODE_TO_SHOW, Given, Setup, trusted
from repaircenter.store.local import LocalStore
from repaircenter.store.migrating import age_backups
from repaircenter.uplink.collector import CollectorClient, NoService
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire.identity import PairAnswer


class ShopApp:
    """Everything of one data folder. `open` first; `start` collects in the background; `stop` ends it all.

    Implements shop.controls.ShopControl and shop.ports.ServiceLinks.
    """

    device: Device
    store: LocalStore
    secrets: Secrets
    collector: Collector
    session: Session
    setup: Setup
    folders: Folders
    collecting: CollectorControl
    jobs: Actions
    last_results: LastResults
    _watches: FolderWatches

    def __init__(self, options: ShopOptions, clock: Clock, hub: EventHub) -> None:
        self.options = options
        self.clock = clock
        self.hub = hub
        self.data_folder = DataFolder(options.data_folder, options.secrets_in_file)
        self.collector_client: CollectorClient | None = None
        self.person: PersonClient | None = None
        self.new_recovery_code: str | None = None
        self._stops = Stops()
        self._threads: Collecting | None = None
        self._stops_collector = self._stopped = False
        self._changing = threading.RLock()
        self._calls: list[Http] = []

    def open(self) -> None:
        """Open the store and connect the parts; no network call. Raises KnownError with one sentence."""
        self.data_folder.prepare()
        self.secrets = self.data_folder.secrets()
        is_new = not self.data_folder.store_path.exists()
        self.store = self.data_folder.open_store(self.secrets)
        self._stops.add("store", self.store.close)
        try:
            self.store.check()
        except BaseException:
            self._stops.run()  # an open file could not be set aside for a new store
            raise
        self._stops.add("connections", self._hang_up)
        if is_new:
            with self.store.write() as uow:
                uow.settings.put(CODE_TO_SHOW, "yes")
        is_code_to_show = self.store.read.setting(CODE_TO_SHOW) == "yes"
        self.new_recovery_code = self.recovery_code() if is_code_to_show else None
        self._build_use_cases()
        starting = autostart.for_this_platform(self.options.data_folder)
        self.device = Device(self.options.data_folder, self.secrets, self.store.read, starting)
        self._watches = FolderWatches(
            self.clock, self.options.quiet_seconds, lambda path: self.store.read.known_sets(path), self.wake
        )
        age_backups(self.data_folder.store_path, self.clock.now_utc())
        self.setup.remember_given()
        self._connect()

    def _build_use_cases(self) -> None:
        options, store, inspector = self.options, self.store, Inspector()
        folder = None if options.folder is None else str(options.folder.absolute())
        given = Given(options.service, folder, options.shop)
        self.last_results = LastResults(store, self.clock)
        self.jobs = Actions(store, self.clock, inspector, lambda path: self.collector.target(path), self._jobs_changed)
        self.folders = Folders(
            store, self.clock, inspector, lambda setting: self.collector.target_with(setting), self._folders_changed
        )
        preset = partial(read_preset, find_preset(self.options.preset))
        self.setup = Setup(store, self, inspector, self.last_results, given, self.folders.cutoff_of_new, preset)
        self.collecting = CollectorControl(store, self.clock, lambda: self.collector, self.wake, self._folders_changed)

    @property
    def reader(self) -> Reader:
        return self.store.read

    def recovery_code(self) -> str:
        """Return the code that opens this PC's store should its key be lost."""
        return self.data_folder.recovery_code(self.secrets)

    def recover(self, code: str) -> None:
        """Put the key a recovery code stands for back in its place. Raises KnownError; nothing is changed then."""
        self.data_folder.recover(code)

    def go_back(self) -> None:
        """Take the backup from before a newer program's upgrade; the newer store is kept under another name."""
        self.data_folder.go_back()

    def start_new_store(self) -> None:
        """Keep the old file under another name; the next `open` makes a new store."""
        self.data_folder.set_store_aside()

    def connect(self) -> None:
        """Build the parts that know the service anew."""
        self._connect()
        self.hub.tell("service_changed")

    def _connect(self) -> None:
        address = self.store.read.setting("service_address")
        self.collector_client = self.person = None
        if address:
            self.collector_client = self._collector_client(address)
            self.person = PersonClient(self._http(address), self.secrets, self.data_folder.name_of("person"))
        client = self.collector_client
        self.session = Session(client or NoService(), self.clock, paired=client is not None and client.is_paired)
        self.collector = Collector(self.store, client or NoService(), self.session, self.clock, self.hub.tell)
        self._watch()

    def connect_again(self) -> None:
        """Build the parts that know the service anew; the folders keep being watched."""
        with self._changing:
            running = self._threads is not None
            self._stop_collecting()
            self._hang_up()
            self._connect()
            if running:
                self.start()
        self.hub.tell("service_changed")

    @property
    def is_paired(self) -> bool:
        return self.collector_client is not None and self.collector_client.is_paired

    def pair(self, address: str, email: str, password: str, *, collects: bool) -> PairAnswer:
        """Make this PC an installation of the account that signs in there. Raises KnownError."""
        return self._collector_client(address).pair(email, password, socket.gethostname(), collects=collects)

    def note_paired(self) -> None:
        self.session.paired()

    def check(self, address: str) -> None:
        """Raises what stands in the way of the service of an address."""
        self._http(address).health()

    def begin(self) -> None:
        """Start to collect; a second call does nothing."""
        with self._changing:
            if self._threads is None:
                self.start()

    def _collector_client(self, address: str) -> CollectorClient:
        return CollectorClient(self._http(address), self.secrets, self.data_folder.name_of("installation"))

    def _http(self, address: str) -> Http:
        http = Http(address, self.store.read.setting(trusted(address)))
        self._calls.append(http)
        return http

    def _hang_up(self) -> None:
        while self._calls:
            self._calls.pop().close()

    def _watch(self) -> None:
        """Watch exactly the folders of the settings; none on a PC that only shows."""
        with self._changing:
            settings = [] if self.collecting.shows_only else self.store.read.folders()
            self.collector.watch(self._watches.watch([setting.path for setting in settings if not setting.paused]))

    def _folders_changed(self) -> None:
        self._watch()
        self.hub.tell("connection_changed")
        self.wake()

    def _jobs_changed(self) -> None:
        self.hub.tell("jobs_changed")
        self.wake()

    def start(self) -> None:
        """Collect on threads of its own until `stop`."""
        if self._stopped:
            return
        self._threads = Collecting(self.collector, self.clock, self.options.cycle_seconds, self.data_folder.store_path)
        self._start_watching()
        self._threads.start()
        if not self._stops_collector:
            self._stops.add("collector", self._stop_collecting)
            self._stops_collector = True

    def _stop_collecting(self) -> None:
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.stop()

    def _start_watching(self) -> None:
        self._watches.start()
        self._stops.add("folders", self._watches.stop)

    def wake(self) -> None:
        if self._threads is not None:
            self._threads.wake()

    def cycle_until_quiet(self, wait: Callable[[float], None]) -> CycleResult:
        """One full cycle for `agent --once`."""
        self._start_watching()
        return one_cycle.cycle_until_quiet(self.collector, self.clock, wait)

    def take_once(self, seconds: float) -> None:
        """Look now and wait up to `seconds` until the running collector has taken what is ready."""
        one_cycle.wait_until_taken(self.collector, self.clock, seconds, time.sleep, self.collecting.scan_now)

    def stop(self) -> None:
        with self._changing:
            self._stopped = True
        self._stops.run()
