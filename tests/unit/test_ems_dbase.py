"""Hostile and half-written tables: a refusal or a note, bounded by the bytes that exist (tech.md 1)."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repaircenter.ems import memo
from repaircenter.ems.dbase import BadTable, markers, plan, read_table
from repaircenter.ems.reading import NotAnEstimate, read_set
from tests.conftest import SAMPLES


def table(
    fields: list[tuple[str, str, int, int]],
    rows: list[bytes],
    count: int | None = None,
    record: int | None = None,
    version: int = 3,
    mark: bytes = b"\r",
) -> bytes:
    length = 1 + sum(f[2] for f in fields)
    head = b"".join(
        n.encode().ljust(11, b"\0") + k.encode() + b"\0" * 4 + bytes((w, d)) + b"\0" * 14 for n, k, w, d in fields
    )
    start = struct.pack(
        "<B3xIHH20x",
        version,
        len(rows) if count is None else count,
        33 + len(head),
        length if record is None else record,
    )
    return start + head + mark + b"".join(rows)


ONE = [("NAME", "C", 5, 0), ("AMOUNT", "N", 8, 2)]


def rows_of(data: bytes) -> list[tuple[bytes, ...]]:
    found = read_table(data)
    layout = found.layout
    fields = tuple(sorted(layout.fields.values(), key=lambda f: f.offset))
    assert len(markers(found)) == found.count
    end = layout.header_length + found.count * layout.record_length
    return list(plan(fields, layout.record_length).iter_unpack(data[layout.header_length : end]))


def test_a_plain_table_gives_its_records() -> None:
    assert rows_of(table(ONE, [b" Alice   12.50"])) == [(b" ", b"Alice", b"   12.50")]


def test_a_cut_record_is_not_invented() -> None:
    found = read_table(table(ONE, [b" Alice   12.50", b" Bob"], count=2))
    assert found.count == 1 and found.truncated


@pytest.mark.parametrize("count", [1_000_000, 4_000_000_000])
def test_the_header_count_is_only_an_upper_bound(count: int) -> None:
    found = read_table(table(ONE, [b" Alice   12.50"], count=count))
    assert found.count == 1 and found.truncated


def test_a_count_that_is_too_small_wins_and_is_noted() -> None:
    found = read_table(table(ONE, [b" Alice   12.50"] * 3, count=1))
    assert found.count == 1 and found.surplus


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"0123456789",
        b"\x00" * 4000,
        table(ONE, [], version=4),
        table(ONE, [], record=0),
        table(ONE, [])[:50],
        table([("A", "?", 3, 0)], []),
        table([("A", "Y", 8, 0)], []),
        table(ONE, [], record=5),
        table([("", "C", 3, 0)], []),
        table([("A", "C", 0, 0)], []),
        b"\x03" + b"\xff" * 500,
    ],
)
def test_bad_headers_are_refused(data: bytes) -> None:
    with pytest.raises(BadTable):
        read_table(data)


def test_a_table_over_16_mb_is_refused() -> None:
    with pytest.raises(BadTable, match="16 MB"):
        read_table(b"\x03" + b"\0" * (16 * 1024 * 1024))


@given(st.binary(max_size=3000))
def test_any_bytes_return_or_refuse(data: bytes) -> None:
    try:
        found = read_table(data)
    except BadTable:
        return
    assert found.count * found.layout.record_length <= len(data)


@settings(max_examples=150, deadline=1000)
@given(st.data())
def test_any_damage_to_a_real_set_returns_or_refuses(data: st.DataObject) -> None:
    folder = SAMPLES / "audatex-canada-style-fr"
    files = {path.suffix[1:].upper(): path.read_bytes() for path in folder.iterdir()}
    for _ in range(data.draw(st.integers(1, 12))):
        name = data.draw(st.sampled_from(sorted(files)))
        raw = bytearray(files[name])
        if raw and data.draw(st.booleans()):
            raw[data.draw(st.integers(0, min(len(raw), 2000) - 1))] = data.draw(st.integers(0, 255))
        else:
            raw = raw[: data.draw(st.integers(0, len(raw)))]
        files[name] = bytes(raw)
    try:
        read_set("QTEST0P", files)
    except NotAnEstimate:
        pass


def test_a_memo_that_claims_4_gb_gives_the_bytes_that_exist() -> None:
    data = b"\0" * 512 + memo.MARK + b"\xff\xff\xff\xff" + b"hello"
    assert memo.read_memo(data, 1) == (b"hello", False)


def test_a_dbase_3_memo_runs_to_its_end_mark() -> None:
    assert memo.read_memo(b"\0" * 512 + b"some text\x1a\x1arubbish", 1) == (b"some text", True)


@pytest.mark.parametrize("block", [0, 9, 10**9])
def test_a_memo_outside_the_file_is_none(block: int) -> None:
    assert memo.read_memo(b"\0" * 1024, block) == (None, False)
