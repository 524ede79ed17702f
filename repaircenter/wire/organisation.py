"""What an organisation is known by."""

from msgspec import Struct


class Logo(Struct, frozen=True, kw_only=True):
    """A picture in PNG, at most LOGO_BYTES; empty for none."""

    image: bytes = b""
