"""What an organisation is known by, what it has licensed, and which PCs collect for it."""

from datetime import datetime

from msgspec import Struct


class Logo(Struct, frozen=True, kw_only=True):
    """A picture in PNG, at most LOGO_BYTES; empty for none."""

    image: bytes = b""


class Pc(Struct, frozen=True, kw_only=True):
    """A paired PC: `shops` are those within reach of who asks, `wholly` says that it collects for no others. `heard_at`
    is when it last said that it collects."""

    id: int
    name: str
    shops: list[int]
    paired_at: datetime
    wholly: bool = True
    paired_by: str | None = None
    heard_at: datetime | None = None
    revoked_at: datetime | None = None


class Organisation(Struct, frozen=True, kw_only=True):
    """What is licensed: `modules` beside surveys, until `until` (None: for ever)."""

    name: str
    surveys: bool
    modules: list[str]
    pcs: list[Pc]
    until: datetime | None = None
