"""The strict dBASE table: bytes in, whole live records out, every header number checked against the bytes that exist.

Facts: ems.md 3, tech.md 1. A bad header is a refusal (`BadTable`); anything milder is left to notes.
Time and memory are bounded by the length of the data, never by a number found in it.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

VERSIONS = frozenset((0x03, 0x83, 0x8B))
# ASCII types only: a binary column read as text would give wrong values without a note (ems.md 3).
TYPES = frozenset("CNLDMF")
# Letters other programs use (FoxPro's Y, T, I, B, G; dBASE 7's @, +): such a column is left out.
_FOREIGN = frozenset("ABEGHIJKOPQRSTUVWXYZ@+")
MAX_TABLE_BYTES = 16 * 1024 * 1024
LIVE, DELETED = b" ", b"*"
_CACHED_HEADER = 8192


class BadTable(Exception):
    """The bytes are no dBASE table this reader accepts. `code` is `bad_header` or `unsupported_type`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Field:
    """One column: `type` is the dBASE letter, `offset` counts from the start of the record (the marker is byte 0)."""

    name: str
    type: str
    offset: int
    length: int
    decimals: int


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What a header declares: columns by upper-case name, and the sizes in bytes. Compared by identity (cached)."""

    fields: dict[str, Field]
    header_length: int
    record_length: int
    # Columns of a type that is not read, and what else is odd about the header, in words.
    left_out: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header was accepted: `count` whole records lie in `data`; `declared` is what the header says."""

    layout: Layout
    data: bytes
    declared: int
    count: int
    truncated: bool
    surplus: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """One descriptor of a header; `high` is the byte that some writers use for widths over 255."""

    name: str
    type: str
    width: int
    high: int


@lru_cache(maxsize=256)
def _layout(header: bytes, record_length: int) -> Layout:
    """Columns of a header (its bytes from 32 on), cached because sets of one system repeat them.

    The records begin where the header's own length says. What can be read is read: a missing end mark is made up for
    by columns that fill the record, a longer record keeps its rest, a foreign type leaves out its column only.
    """
    columns, marked = _columns(header, record_length)
    oddities = [] if marked else ["the header has no end mark"]
    needed = 1 + sum([column.width for column in columns])
    is_wide = False
    if needed != record_length:
        # Clipper writes the width of a C column in two bytes; taken only where it makes the record fit exactly.
        wide = 1 + sum([column.width + _high(column) for column in columns])
        is_wide = wide == record_length
    if not is_wide and needed > record_length:
        raise BadTable("bad_header", f"the columns need {needed} bytes, the records have {record_length}")
    if not is_wide and needed < record_length:
        if not marked:
            raise BadTable("bad_header", "the header has no end mark")
        oddities.append(f"the columns need {needed} bytes, the records have {record_length}")
    fields: dict[str, Field] = {}
    left_out, offset = [], 1
    for column in columns:
        width = column.width + (_high(column) if is_wide else 0)
        if column.type in TYPES:
            decimals = 0 if is_wide and column.type == "C" else column.high
            fields.setdefault(column.name, Field(column.name, column.type, offset, width, decimals))
        else:
            left_out.append(column.name)
        offset += width
    if not fields:
        raise BadTable("unsupported_type", "no column has a type that can be read")
    return Layout(fields, len(header) + 32, record_length, tuple(left_out), tuple(oddities))


def _high(column: _Column) -> int:
    return column.high * 256 if column.type == "C" else 0


def _columns(header: bytes, record_length: int) -> tuple[list[_Column], bool]:
    """The descriptors up to the end mark, and whether there was one; without it columns that fill the record end them."""
    columns: list[_Column] = []
    at, filled = 0, 1
    while at < len(header) and header[at] != 0x0D:
        descriptor = header[at : at + 32]
        if filled == record_length or len(descriptor) < 32:
            return columns, False
        name = descriptor[:11].split(b"\0", 1)[0].decode("ascii", "replace").strip().upper()
        kind, width = chr(descriptor[11]), descriptor[16]
        if not name or not width:
            raise BadTable("bad_header", f"column {len(columns) + 1} has no name or no width")
        if kind not in TYPES and kind not in _FOREIGN:
            raise BadTable("bad_header", f"column {len(columns) + 1} has no type")
        columns.append(_Column(name, kind, width, descriptor[17]))
        filled += width
        at += 32
    return columns, at < len(header)


def read_table(data: bytes) -> Table:
    """Accept or refuse a table. Raises BadTable; never looks past `len(data)`."""
    if len(data) < 33:
        raise BadTable("bad_header", "the file is empty or too short for a table")
    if len(data) > MAX_TABLE_BYTES:
        raise BadTable("bad_header", "the file is larger than 16 MB")
    if data[0] not in VERSIONS:
        raise BadTable("bad_header", "the file is no dBASE table")
    declared, header_length, record_length = struct.unpack_from("<IHH", data, 4)
    if header_length < 64 or header_length > len(data) or record_length < 2:
        raise BadTable("bad_header", "the header’s sizes do not fit the file")
    header = data[32:header_length]
    layout = (_layout if len(header) <= _CACHED_HEADER else _layout.__wrapped__)(header, record_length)
    available = (len(data) - header_length) // record_length
    count = min(declared, available)
    end = header_length + declared * record_length
    surplus = declared < available and data[end : end + 1] in (LIVE, DELETED)
    return Table(layout, data, declared, count, declared > available, surplus)


def plan(columns: tuple[Field, ...], record_length: int) -> struct.Struct:
    """A struct that takes the marker and the wanted columns (in order of offset) out of a record in one call."""
    parts, at = ["1s"], 1
    for column in columns:
        if column.offset > at:
            parts.append(f"{column.offset - at}x")
        parts.append(f"{column.length}s")
        at = column.offset + column.length
    if record_length > at:
        parts.append(f"{record_length - at}x")
    return struct.Struct("<" + "".join(parts))


def markers(table: Table) -> bytes:
    """The first byte of each whole record: LIVE, DELETED or damage."""
    start, length = table.layout.header_length, table.layout.record_length
    return table.data[start : start + table.count * length : length]
