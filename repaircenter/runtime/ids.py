"""Ids made here and kept for ever (UUID version 7: ordered by time)."""

import os
import uuid
from datetime import datetime


def new_id(now_utc: datetime) -> str:
    """A UUIDv7 as text; the time part comes from the clock that was handed in."""
    stamp = int(now_utc.timestamp() * 1000) & ((1 << 48) - 1)
    tail = int.from_bytes(os.urandom(10), "big")
    value = (stamp << 80) | (0x7 << 76) | ((tail >> 68 & 0xFFF) << 64) | (0b10 << 62) | (tail & ((1 << 62) - 1))
    return str(uuid.UUID(int=value))
