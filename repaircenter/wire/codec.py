"""Encoding and decoding of messages, and the digest by which a repeated message is known."""

import hashlib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_encoder = msgspec.json.Encoder(order="sorted")


class BadMessage(Exception):
    """The bytes are no message of the expected kind."""


def encode(message: Any) -> bytes:
    """JSON with sorted keys, so that equal messages give equal bytes."""
    return _encoder.encode(message)


def decode(data: bytes | str, kind: type[T]) -> T:
    """Raises BadMessage, whose text holds no part of the data."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise BadMessage(kind.__name__) from None


def digest(data: bytes | str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
