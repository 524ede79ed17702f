"""First run and the service of this PC: address, pairing, trusted certificate (DESIGN 3.10, A-N8)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.text import sort_key
from repaircenter.shop.model.folder import FolderSetting
from repaircenter.shop.model.job import Shop
from repaircenter.shop.model.preset import Preset
from repaircenter.shop.ports import FolderInspector, ServiceLinks, Store, UnknownCertificate
from repaircenter.shop.service.last_results import LastResults
from repaircenter.shop.service.session import shop_of
from repaircenter.wire.identity import ShopInfo

# Set while the recovery code of a new store was not yet shown to its end.
CODE_TO_SHOW = "code_to_show"


@dataclass(frozen=True, slots=True)
class Given:
    """What a command line says of this PC: the service's address, a folder, the name of the shop the folder is of."""

    service: str | None = None
    folder: str | None = None
    shop: str | None = None


class Setup:
    """Every call may block; `tell` says to the screens that something has changed."""

    def __init__(
        self,
        store: Store,
        links: ServiceLinks,
        inspector: FolderInspector,
        last_results: LastResults,
        given: Given,
        cutoff_of_new: Callable[[str], date | None],
        read_preset: Callable[[], Preset],
    ) -> None:
        self._store = store
        self._links = links
        self._inspector = inspector
        self._last_results = last_results
        self._given = given
        self._cutoff_of_new = cutoff_of_new
        self._read_preset = read_preset

    @property
    def configured(self) -> bool:
        """Whether there is a folder to watch and a service this PC is paired with."""
        watches = self._store.read.setting("shows_only") == "yes" or bool(self._store.read.folders())
        return watches and self._links.is_paired and not self.half_set_up

    @property
    def half_set_up(self) -> bool:
        """First run was broken off after the pairing: nothing leaves before its person saw what leaves (A-N8)."""
        return self._store.read.setting("set_up") == "paired"

    def finish(self) -> None:
        """First run is done: collect from now on."""
        with self._store.write() as uow:
            uow.settings.put("set_up", "done")
        self.begin_collecting()

    def begin_collecting(self) -> None:
        """Start once there is something to collect; a second call does nothing."""
        if self.configured:
            self._links.begin()

    def note_code_kept(self) -> None:
        """A person has kept the recovery code: it is not shown again."""
        with self._store.write() as uow:
            uow.settings.put(CODE_TO_SHOW, "no")

    def usual_folders(self) -> list[str]:
        """Folders of this PC into which estimating systems export by default."""
        return self._inspector.usual_folders()

    def preset(self) -> Preset:
        """What the office decided for its PCs. Raises KnownError where the file that says so cannot be used."""
        return self._read_preset()

    def configure(self, service: str, folder: str | None, email: str, password: str) -> None:
        """First run: remember address and folder and pair this PC; without a folder it only shows.

        Raises KnownError; nothing is kept then.
        """
        if folder is not None and not self._inspector.is_folder(folder):
            raise KnownError("folder")
        answer = self._links.pair(service, email, password, collects=folder is not None)
        self._given = replace(self._given, service=service, folder=folder)
        self.remember_given()
        with self._store.write() as uow:
            uow.settings.put("shows_only", "yes" if folder is None else "no")
            uow.settings.put("set_up", "paired")
        self._take_shops(answer.shops)
        self._links.connect()

    def pair_again(self, address: str, email: str, password: str) -> None:
        """Pair this PC anew, maybe with a service elsewhere: after it was revoked, or when the service moved.

        Raises KnownError; nothing is changed then. What waits in the outbox is sent to the new address.
        """
        only_shows = self._store.read.setting("shows_only") == "yes"
        collects = not only_shows or bool(self._store.read.shops())
        answer = self._links.pair(address, email, password, collects=collects)
        self._last_results.leave()
        self._last_results.forget()
        with self._store.write() as uow:
            uow.settings.put("service_address", address)
        self._take_shops(answer.shops)
        self._links.connect_again()
        self.begin_collecting()

    def pair(self, email: str, password: str) -> None:
        """Make this PC an installation of the account that signs in, at the service it knows. Raises KnownError."""
        address = self._store.read.setting("service_address")
        if not address:
            raise KnownError("cli.no_service")
        answer = self._links.pair(address, email, password, collects=True)
        self._take_shops(answer.shops)
        self._links.note_paired()

    def trust_certificate(self, address: str, fingerprint: str) -> None:
        """A person looked at this fingerprint and agreed: the service of this address is known by it from now on."""
        with self._store.write() as uow:
            uow.settings.put(trusted(address), fingerprint)
        kept = self._store.read.setting("service_address") or ""
        if address.rstrip("/") == kept.rstrip("/"):
            self._links.connect_again()

    def check_service(self, address: str) -> KnownError | None:
        """Ask the service of an address whether it is there: None when it is, else why not.

        Raises UnknownCertificate with the fingerprint that a person would have to agree to.
        """
        try:
            self._links.check(address)
        except UnknownCertificate:
            raise
        except KnownError as trouble:
            return trouble
        return None

    def remember_given(self) -> None:
        """Keep what the command line said: the address, the folder and, once the account is known, its shop."""
        given = self._given
        with self._store.write() as uow:
            if given.service is not None:
                uow.settings.put("service_address", given.service)
            if given.folder is not None:
                path = given.folder
                folders = {folder.path: folder for folder in self._store.read.folders()}
                setting = folders.get(path) or FolderSetting(path, cutoff=self._cutoff_of_new(path))
                folders[path] = replace(setting, shop_id=self._shop_of_given() or setting.shop_id)
                uow.folders.put(list(folders.values()))

    def _shop_of_given(self) -> int | None:
        """The shop a folder given on the command line belongs to: the only one, or the one that is named."""
        shops, name = self._store.read.shops(), self._given.shop
        if name is None or not shops:  # not paired yet: `_take_shops` looks again
            return shops[0].id if len(shops) == 1 else None
        named = [shop.id for shop in shops if sort_key(shop.name) == sort_key(name)]
        if not named:
            known = ", ".join(shop.name for shop in shops)
            raise KnownError("cli.no_shop", name=name, known=known)
        return named[0]

    def _take_shops(self, infos: list[ShopInfo]) -> None:
        """Remember the account's shops; with a single one every folder belongs to it (DESIGN 4.1)."""
        shops: list[Shop] = [shop_of(info) for info in infos]
        with self._store.write() as uow:
            uow.settings.put_shops(shops)
            if len(shops) == 1:
                uow.folders.put([replace(folder, shop_id=shops[0].id) for folder in self._store.read.folders()])
        self._place_given()

    def _place_given(self) -> None:
        """Give the folder of the command line its shop once the account is known; what a person chose stays."""
        path, shop_id = self._given.folder, self._shop_of_given()
        if path is None or shop_id is None:
            return
        folders = self._store.read.folders()
        if any(folder.path == path and folder.shop_id is None for folder in folders):
            placed = [replace(folder, shop_id=shop_id) if folder.path == path else folder for folder in folders]
            with self._store.write() as uow:
                uow.folders.put(placed)


def trusted(address: str) -> str:
    """The setting that keeps the fingerprint a person agreed to for the service of this address."""
    return f"trusted_certificate:{address.rstrip('/')}"
