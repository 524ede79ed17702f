"""Who speaks with the service: pairing, sessions, shops and the lease (DESIGN 3.10)."""

from datetime import datetime

from msgspec import Struct

from repaircenter.wire.vocabulary import SURVEYS


class PairRequest(Struct, frozen=True, kw_only=True):
    """A shop admin makes this PC an installation of the account. One that `collects` nothing may be anybody's."""

    email: str
    password: str
    device_name: str
    collects: bool = True


class ShopInfo(Struct, frozen=True, kw_only=True):
    """A shop as the service knows it; the facility fields match AD2 RF_* (DESIGN 4.1)."""

    id: int
    name: str
    zone: str
    group: str | None = None
    tax_id: str | None = None
    licence: str | None = None
    phone: str | None = None


class PairAnswer(Struct, frozen=True, kw_only=True):
    installation_id: int
    secret: str
    shops: list[ShopInfo]


class SessionRequest(Struct, frozen=True, kw_only=True):
    """The installation's own sign-in."""

    installation_id: int
    secret: str


class SignInRequest(Struct, frozen=True, kw_only=True):
    email: str
    password: str


class RefreshRequest(Struct, frozen=True, kw_only=True):
    """A person's session is opened again after the cut-off; the answer brings the next refresh token."""

    refresh: str
    attempt: str = ""


class Newest(Struct, frozen=True, kw_only=True):
    """The newest desk and the address at which a person gets it."""

    version: str
    where: str


class SessionAnswer(Struct, frozen=True, kw_only=True):
    """A session of either kind; `ends_at` is the announced cut-off (requirements 6.12).

    `now` is the service's own time: a desk whose clock is wrong reckons with the difference. `refresh` is a person's
    next refresh token (DESIGN 3.10). `surveys` is the licence for reports (A-01). `programmes` changes whenever the
    programmes of these shops do (DESIGN 4.6). `modules` are licensed beside surveys (MODULES 1). `newest` is the
    desk that the operator offers. `permissions` are what a person may do in at least one of
    the shops, `role` the strongest they have.
    """

    token: str
    ends_at: datetime
    shops: list[ShopInfo]
    person: str | None = None
    role: str | None = None
    language: str | None = None
    now: datetime | None = None
    refresh: str | None = None
    surveys: bool = True
    programmes: str | None = None
    newest: Newest | None = None
    modules: list[str] = []
    permissions: list[str] = []

    @property
    def licences(self) -> frozenset[str]:
        """What is licensed: surveys, and the modules that stand on them; nothing without surveys."""
        return frozenset((SURVEYS, *self.modules)) if self.surveys else frozenset()


class LeaseClaim(Struct, frozen=True, kw_only=True):
    """A shop and the place (a digest of the share's address) from which an installation collects for it."""

    shop_id: int
    place: str


class LeaseRequest(Struct, frozen=True, kw_only=True):
    """An installation says where it collects for which shop (A-16); `take_over` puts it in another one's place."""

    claims: list[LeaseClaim]
    device_name: str
    take_over: bool = False


class LeaseInfo(Struct, frozen=True, kw_only=True):
    """Who collects for a shop from a place, and since when."""

    shop_id: int
    place: str
    mine: bool
    device_name: str
    since: datetime


class LeaseAnswer(Struct, frozen=True, kw_only=True):
    held: list[LeaseInfo]
