"""Builds and connects the shop's side: store, share, uplink, collector. Used by agent, desk and demo."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from repaircenter.assembly import autostart
from repaircenter.assembly.collecting import Collecting
from repaircenter.assembly.data_folder import DataFolder
from repaircenter.assembly.options import ShopOptions
from repaircenter.assembly.this_pc import ThisPc
from repaircenter.ems.estimate import Estimate
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.days import day_in
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.text import sort_key
from repaircenter.runtime.threads import Stops
from repaircenter.share import inspection
from repaircenter.share.places import usual_folders
from repaircenter.share.watches import FolderWatches
from repaircenter.shop.collector import one_cycle
from repaircenter.shop.collector.collector import Collector, CycleResult
from repaircenter.shop.collector.folder_preview import Previewing
from repaircenter.shop.jobs.actions import OFFERED, Actions
from repaircenter.shop.model.folder import FolderPreview, FolderSetting, FolderTest
from repaircenter.shop.model.job import Shop
from repaircenter.shop.model.state import CollectorState
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.ports import Reader, Secrets, UnknownCertificate
from repaircenter.shop.service.last_results import LastResults
from repaircenter.shop.service.session import Session, shop_of
from repaircenter.store.local import LocalStore
from repaircenter.store.migrating import age_backups
from repaircenter.uplink.collector import CollectorClient, NoService
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient


class ShopSide:
    """Everything of one data folder. `open` first; `start` collects in the background; `stop` ends it all."""

    def __init__(self, options: ShopOptions, clock: Clock, hub: EventHub) -> None:
        self.options = options
        self.pc: ThisPc
        self.clock = clock
        self.hub = hub
        self._stops = Stops()
        self.store: LocalStore
        self.secrets: Secrets
        self.collector: Collector
        self.collector_client: CollectorClient | None = None
        self.person: PersonClient | None = None
        self.session: Session
        self.folder = DataFolder(options.data_folder, options.secrets_in_file)
        self._collecting: Collecting | None = None
        self._watches: FolderWatches
        self._stops_collector = self._stopped = False
        self._changing = threading.RLock()
        self._calls: list[Http] = []
        self.new_recovery_code: str | None = None
        self.act: Actions
        self.last_results: LastResults

    def open(self) -> None:
        """Open the store and connect the parts; no network call. Raises KnownError with one sentence."""
        self.folder.prepare()
        self.secrets = self.folder.secrets()
        is_new = not self.folder.store_path.exists()
        self.store = self.folder.open_store(self.secrets)
        self.new_recovery_code = self.recovery_code() if is_new else None
        self._stops.add("store", self.store.close)
        try:
            self.store.check()
        except BaseException:
            self._stops.run()  # an open file could not be set aside for a new store
            raise
        self._stops.add("connections", self._hang_up)
        self.last_results = LastResults(self.store, self.clock)
        self.act = Actions(self.store, self.clock, lambda folder: self.collector.target(folder), self._changed)
        starting = autostart.for_this_platform(self.options.data_folder)
        self.pc = ThisPc(self.options.data_folder, self.secrets, self.store.read, starting)
        self._watches = FolderWatches(
            self.clock, self.options.quiet_seconds, lambda path: self.store.read.known_sets(path), self.wake
        )
        age_backups(self.folder.store_path, self.clock.now_utc())
        self._remember()
        self._connect()

    def recovery_code(self) -> str:
        """Return the code that opens this PC's store should its key be lost."""
        return self.folder.recovery_code(self.secrets)

    def recover(self, code: str) -> None:
        """Put the key a recovery code stands for back in its place. Raises KnownError; nothing is changed then."""
        self.folder.recover(code)

    def start_new_store(self) -> None:
        """Keep the old file under another name; the next `open` makes a new store."""
        self.folder.set_store_aside()

    def _remember(self) -> None:
        with self.store.write() as uow:
            if self.options.service is not None:
                uow.settings.put("service_address", self.options.service)
            if self.options.folder is not None:
                path = str(self.options.folder.absolute())
                folders = {one.path: one for one in self.store.read.folders()}
                setting = folders.get(path) or FolderSetting(path, cutoff=self._cutoff_of_new(path))
                folders[path] = replace(setting, shop_id=self._shop_of_folder() or setting.shop_id)
                uow.folders.put(list(folders.values()))

    def _shop_of_folder(self) -> int | None:
        """The shop a folder given on the command line belongs to: the only one, or the one that is named."""
        shops, name = self.store.read.shops(), self.options.shop
        if name is None or not shops:  # not paired yet: `_take_shops` looks again
            return shops[0].id if len(shops) == 1 else None
        named = [shop.id for shop in shops if sort_key(shop.name) == sort_key(name)]
        if not named:
            known = ", ".join(shop.name for shop in shops)
            raise KnownError("cli.no_shop", name=name, known=known)
        return named[0]

    def _cutoff_of_new(self, path: str) -> date | None:
        """By this PC's own day: at first run no shop and so no zone is known."""
        found = inspection.test_folder(Path(path), "cp1252")
        return send_rule.cutoff_of_new(found, self.clock.now_utc().astimezone().date())

    def _connect(self) -> None:
        read = self.store.read
        address = read.setting("service_address")
        self.collector_client = self.person = None
        if address:
            self.collector_client = CollectorClient(
                self._http(address), self.secrets, self.folder.name_of("installation")
            )
            self.person = PersonClient(self._http(address), self.secrets, self.folder.name_of("person"))
        client = self.collector_client
        self.session = Session(client or NoService(), self.clock, paired=client is not None and client.is_paired)
        self.collector = Collector(self.store, client or NoService(), self.session, self.clock, self.hub.tell)
        self._watch()

    def _watch(self) -> None:
        """Watch exactly the folders of the settings."""
        with self._changing:
            self._watch_as_set()

    def _watch_as_set(self) -> None:
        wanted = [one.path for one in self.store.read.folders() if not one.paused] if not self.shows_only else []
        self.collector.watch(self._watches.watch(wanted))

    def _http(self, address: str) -> Http:
        found = Http(address, self.store.read.setting(f"trusted_certificate:{address.rstrip('/')}"))
        self._calls.append(found)
        return found

    def _hang_up(self) -> None:
        while self._calls:
            self._calls.pop().close()

    def trust_certificate(self, address: str, fingerprint: str) -> None:
        """A person looked at this fingerprint and agreed: the service of this address is known by it from now on."""
        with self.store.write() as uow:
            uow.settings.put(f"trusted_certificate:{address.rstrip('/')}", fingerprint)
        kept = self.store.read.setting("service_address") or ""
        if address.rstrip("/") == kept.rstrip("/"):
            self._connect_again()

    def check_service(self, address: str) -> KnownError | None:
        """Ask the service of an address whether it is there: None when it is, else why not.

        Raises UnknownCertificate with the fingerprint that a person would have to agree to.
        """
        http = self._http(address)
        try:
            http.health()
        except UnknownCertificate:
            raise
        except KnownError as trouble:
            return trouble
        return None

    def _connect_again(self) -> None:
        """Build the parts that know the service anew; the folders keep being watched."""
        with self._changing:
            running = self._collecting is not None
            self._stop_collecting()
            self._hang_up()
            self._connect()
            if running:
                self.start()
        self.hub.tell("service_changed")

    @property
    def configured(self) -> bool:
        """Whether there is a folder to watch and a service this PC is paired with."""
        client = self.collector_client
        watches = self.shows_only or bool(self.store.read.folders())
        return watches and client is not None and client.is_paired and not self.half_set_up

    @property
    def half_set_up(self) -> bool:
        """First run was broken off after the pairing: nothing leaves before its person saw what leaves (A-N8)."""
        return self.store.read.setting("set_up") == "paired"

    def finish_set_up(self) -> None:
        """First run is done: collect from now on."""
        with self.store.write() as uow:
            uow.settings.put("set_up", "done")
        self.begin_collecting()

    @property
    def shows_only(self) -> bool:
        """This PC shows and does not collect (A-16)."""
        return self.store.read.setting("shows_only") == "yes"

    def show_only(self, only: bool) -> None:
        with self.store.write() as uow:
            uow.settings.put("shows_only", "yes" if only else "no")
        self._watch()
        self.hub.tell("connection_changed")
        self.wake()

    def take_over(self) -> None:
        """Collect in the place of the PC that did so until now."""
        self.collector.take_over()
        self.wake()

    def folders(self) -> list[FolderSetting]:
        return self.store.read.folders()

    def save_folders(self, folders: Sequence[FolderSetting]) -> None:
        """The watched folders from now on. Jobs and what is known of sets stay when a folder is taken out."""
        with self._changing:
            with self.store.write() as uow:
                uow.folders.put(folders)
            self._watch_as_set()
        self.hub.tell("connection_changed")
        self.wake()

    def test_folder(self, path: str, code_page: str) -> FolderTest:
        return inspection.test_folder(Path(path), code_page)

    def preview_folder(self, setting: FolderSetting, progress: Callable[[FolderPreview], bool]) -> FolderPreview:
        """What an import of this folder would bring; `progress` is told now and then and stops it by giving False.

        Raises KnownError when the folder cannot be read.
        """
        target = self.collector.target_with(setting)
        counting = Previewing(target, day_in(target.zone, self.clock.now_utc()))

        def take(estimate: Estimate | None, done: int, total: int) -> bool:
            counting.take(estimate, done, total)
            return progress(counting.result()) if done % 20 == 0 else True

        inspection.preview(Path(setting.path), setting.code_page, take)
        return counting.result()

    @property
    def reader(self) -> Reader:
        return self.store.read

    def _changed(self) -> None:
        self.hub.tell("jobs_changed")
        self.wake()

    def collector_state(self) -> CollectorState:
        read = self.store.read
        offer = 0
        if read.setting("programmes_offer") == "yes":
            offer = sum(read.filtered(self.clock.now_utc() - OFFERED).values())
        return replace(
            self.collector.state,
            shows_only=self.shows_only,
            sending_stopped=self.collector.sending_stopped,
            offer=offer,
            surveys=read.setting("surveys") != "no",
        )

    def scan_now(self) -> None:
        self.collector.scan_now()
        self.wake()

    def reconnect(self) -> None:
        self.collector.reconnect()
        self.wake()

    def begin_collecting(self) -> None:
        """Start once there is something to collect; a second call does nothing."""
        with self._changing:
            if self.configured and self._collecting is None:
                self.start()

    def usual_folders(self) -> list[str]:
        """Folders of this PC into which estimating systems export by default."""
        return usual_folders()

    def configure(self, service: str, folder: str | None, email: str, password: str) -> None:
        """First run: remember address and folder and pair this PC; without a folder it only shows.

        Raises KnownError; nothing is kept then.
        """
        if folder is not None and not Path(folder).is_dir():
            raise KnownError("folder")
        client = CollectorClient(self._http(service), self.secrets, self.folder.name_of("installation"))
        answer = client.pair(email, password, socket.gethostname())
        self.options = replace(self.options, service=service, folder=None if folder is None else Path(folder))
        self._remember()
        with self.store.write() as uow:
            uow.settings.put("shows_only", "yes" if folder is None else "no")
            uow.settings.put("set_up", "paired")
        self._take_shops([shop_of(info) for info in answer.shops])
        self._connect()
        self.hub.tell("service_changed")

    def pair_again(self, address: str, email: str, password: str) -> None:
        """Pair this PC anew, maybe with a service elsewhere: after it was revoked, or when the service moved.

        Raises KnownError; nothing is changed then. What waits in the outbox is sent to the new address.
        """
        client = CollectorClient(self._http(address), self.secrets, self.folder.name_of("installation"))
        answer = client.pair(email, password, socket.gethostname())
        self.last_results.leave()
        self.last_results.forget()
        with self.store.write() as uow:
            uow.settings.put("service_address", address)
        self._take_shops([shop_of(info) for info in answer.shops])
        self._connect_again()
        self.begin_collecting()

    def pair(self, email: str, password: str) -> list[Shop]:
        """Make this PC an installation of the account that signs in; gives its shops."""
        if self.collector_client is None:
            raise KnownError("cli.no_service")
        answer = self.collector_client.pair(email, password, socket.gethostname())
        shops = [shop_of(info) for info in answer.shops]
        self._take_shops(shops)
        self.session.paired()
        return shops

    def _take_shops(self, shops: list[Shop]) -> None:
        """Remember the account's shops; with a single one every folder belongs to it (DESIGN 4.1)."""
        with self.store.write() as uow:
            uow.settings.put_shops(shops)
            if len(shops) == 1:
                uow.folders.put([replace(one, shop_id=shops[0].id) for one in self.store.read.folders()])
        self._place_folder()

    def _place_folder(self) -> None:
        """Give the folder of the command line its shop once the account is known; what a person chose stays."""
        given, shop_id = self.options.folder, self._shop_of_folder()
        if given is None or shop_id is None:
            return
        path = str(given.absolute())
        folders = self.store.read.folders()
        if any(one.path == path and one.shop_id is None for one in folders):
            with self.store.write() as uow:
                uow.folders.put([replace(one, shop_id=shop_id) if one.path == path else one for one in folders])

    def start(self) -> None:
        """Collect on threads of its own until `stop`."""
        if self._stopped:
            return
        self._collecting = Collecting(self.collector, self.clock, self.options.cycle_seconds, self.folder.store_path)
        self._start_watching()
        self._collecting.start()
        if not self._stops_collector:
            self._stops.add("collector", self._stop_collecting)
            self._stops_collector = True

    def _stop_collecting(self) -> None:
        collecting, self._collecting = self._collecting, None
        if collecting is not None:
            collecting.stop()

    def _start_watching(self) -> None:
        self._watches.start()
        self._stops.add("folders", self._watches.stop)

    def wake(self) -> None:
        if self._collecting is not None:
            self._collecting.wake()

    def cycle_until_quiet(self, wait: Callable[[float], None]) -> CycleResult:
        """One full cycle for `agent --once`."""
        self._start_watching()
        return one_cycle.cycle_until_quiet(self.collector, self.clock, wait)

    def take_once(self, seconds: float) -> None:
        """Look now and wait up to `seconds` until the running collector has taken what is ready."""
        one_cycle.wait_until_taken(self.collector, self.clock, seconds, time.sleep, self.scan_now)

    def stop(self) -> None:
        with self._changing:
            self._stopped = True
        self._stops.run()
