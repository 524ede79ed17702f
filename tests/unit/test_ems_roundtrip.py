"""For any estimate our writer makes, in any style, code page and header variant, reading gives it back."""

import random
import struct
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repaircenter.demo.ems_writer import AUDATEX, CCC, MITCHELL, Style, write_set
from repaircenter.ems.columns import ALIASES, COLUMNS
from repaircenter.ems.dbase import Field, read_table
from repaircenter.ems.estimate import (
    Address,
    Customer,
    Dates,
    Estimate,
    Insurer,
    Labor,
    Line,
    RepairFacility,
    Totals,
    Vehicle,
)
from repaircenter.ems.naming import group
from repaircenter.ems.reading import NOBODY, read_set

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ éèàçôÉ"
words = st.text(LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
maybe = st.none() | words
names = words.filter(lambda name: name.upper() not in NOBODY)
emails = st.none() | st.from_regex(r"[a-z]{1,8}[0-9]@[a-z]{2,9}[.](com|ca)", fullmatch=True)
money = st.decimals(0, 99999, places=2)
hours = st.decimals(0, 99, places=1)
days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda d: d.replace(microsecond=0))
phones = st.lists(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True), max_size=2, unique=True).map(tuple)

lines = st.lists(
    st.builds(
        Line,
        number=st.none(),
        description=words,
        operation=st.sampled_from(["OP11", "OP9"]),
        part_type=st.just("PAN"),
        part_number=words,
        quantity=st.integers(0, 99).map(Decimal),
        price=money,
        misc=money,
        sublet=st.booleans(),
        version=st.just("E01"),
        labor=st.lists(
            st.builds(Labor, st.sampled_from(["LAB", "LAR", "LAM"]), hours, money, st.booleans()), max_size=3
        ).map(tuple),
    ),
    max_size=6,
).map(lambda found: tuple(msgspec.structs.replace(line, number=index + 1) for index, line in enumerate(found)))

estimates = st.builds(
    Estimate,
    base=st.from_regex(r"[A-Z0-9]{7}", fullmatch=True),
    system=st.just("C"),
    ems_version=st.just("2.01"),
    software_version=st.none(),
    country=st.just("CAN"),
    estimate_id=words,
    export_id=st.just("X"),
    ro_number=st.none(),
    version=st.sampled_from(["E01", "S01", "S02"]),
    transaction=st.just("E"),
    created_at=moments,
    transmitted_at=st.none() | moments,
    customer=st.builds(
        Customer,
        role=st.sampled_from(["owner", "insured", "claimant"]),
        first_name=st.none() | names,
        last_name=names,
        company=st.none() | names,
        email=emails,
        phones=phones,
        address=st.builds(Address, maybe, maybe, maybe, st.just("QC"), st.just("G0G 0G0"), st.none()),
    ),
    insurer=st.builds(
        Insurer, st.none(), maybe, maybe, maybe, st.none() | money, st.none() | days, st.just("C"), st.none()
    ),
    vehicle=st.builds(
        Vehicle,
        vin=maybe,
        year=st.none() | st.integers(1929, 2028),
        make=maybe,
        model=maybe,
        body_style=maybe,
        color=maybe,
        plate=st.none() | st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True),
        plate_region=st.just("QC"),
        mileage=st.none() | st.integers(0, 999999).map(str),
        impact=st.just("12"),
    ),
    estimator=maybe,
    appraiser=st.none(),
    shop=st.builds(RepairFacility, maybe, st.none(), maybe, maybe, maybe),
    dates=st.builds(Dates, *(st.none() | days for _ in range(4))),
    lines=lines,
    totals=st.builds(Totals, money, money, money, money, money),
    memo_options=maybe,
    memo_damage=maybe,
    memo_note=maybe,
)


class Variant:
    """How another writer might lay out the same tables: order, widths, names, versions, strays (ems.md 2, 3, 8.15)."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.shuffled, self.wider = rng.random() < 0.5, rng.choice((0, 0, 3))
        self.lower, self.aliases = rng.random() < 0.5, rng.random() < 0.5
        self.strange, self.thin = rng.random() < 0.5, rng.random() < 0.5
        self.version, self.end_mark = rng.choice((0x03, 0x83, 0x8B)), rng.random() < 0.5
        self.dead, self.loose = rng.random() < 0.5, rng.choice((0, 0, 1))
        self._rng = rng

    def rewrite(self, name: str, data: bytes) -> bytes:
        """The same table with another header; memo files stay as they are."""
        table = read_table(data)
        layout, used = table.layout, COLUMNS.get(name, ())
        found = [
            field for field in layout.fields.values() if not self.thin or field.name in used or name not in COLUMNS
        ]
        if self.shuffled:
            self._rng.shuffle(found)
        columns = [
            (self._name(f), f.type, f.length + (self.wider if f.type == "C" else 0), f.decimals, f) for f in found
        ]
        if self.strange:
            columns.insert(len(columns) // 2, ("ZZ_EXTRA", "C", 7, 0, None))  # type: ignore[arg-type]
        head = b"".join(
            n.encode().ljust(11, b"\0") + k.encode() + bytes(4) + bytes((w, d)) + bytes(14) for n, k, w, d, _ in columns
        )
        rows = []
        for at in range(table.count):
            start = layout.header_length + at * layout.record_length
            record = data[start : start + layout.record_length]
            cells = [
                b"?!?".ljust(w) if f is None else record[f.offset : f.offset + f.length].ljust(w)
                for *_, w, _, f in columns
            ]
            if self.dead:
                rows.append(b"*" + b"".join(bytes(len(cell)) for cell in cells))
            rows.append(record[:1] + b"".join(cells))
        width = 1 + sum(w for _, _, w, _, _ in columns)
        sizes = struct.pack("<IHH20x", len(rows), 33 + len(head) + self.loose, width)
        start = bytes((self.version, self._rng.randrange(256), 1, 1)) + sizes  # type: ignore[assignment]
        return start + head + b"\r" + bytes(self.loose) + b"".join(rows) + (b"\x1a" if self.end_mark else b"")  # type: ignore[return-value]

    def _name(self, field: Field) -> str:
        alias = (
            {own: other for other, own in ALIASES.items()}.get(field.name, field.name) if self.aliases else field.name
        )
        return alias.lower() if self.lower else alias


def rewritten(files: Mapping[str, bytes], variant: Variant) -> dict[str, bytes]:
    return {name: data if name == "DBT" else variant.rewrite(name, data) for name, data in files.items()}


@pytest.mark.parametrize("code_page", ["cp1252", "cp850", "cp437"])
@pytest.mark.parametrize("style", [CCC, MITCHELL, AUDATEX], ids=["ccc", "mitchell", "audatex"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(estimates, st.integers(0, 2**32))
def test_reading_gives_back_what_was_written_whatever_the_headers(
    style: Style, code_page: str, estimate: Estimate, seed: int
) -> None:
    style = replace(style, code_page=code_page)
    estimate = replace(estimate, system=style.system)
    files = write_set(estimate, style)
    (found,) = group(files)
    plain = {extension: files[name] for extension, name in found.files.items()}
    variant = Variant(seed)
    read = read_set(found.base, rewritten(plain, variant), code_page)
    expected = read_set(found.base, plain, code_page)
    assert read.complete and {p.code for p in read.problems} <= {"deleted_records", "encoding_guessed"}
    assert replace(read, problems=()) == replace(expected, problems=())
    assert read.encoding == code_page
    wanted = estimate if style.memo_file else replace(estimate, memo_options=None, memo_damage=None, memo_note=None)
    assert replace(read, problems=(), tables=(), encoding="", complete=False) == replace(wanted, encoding="", tables=())


@pytest.mark.parametrize("style", [CCC, MITCHELL, AUDATEX], ids=["ccc", "mitchell", "audatex"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(estimates)
def test_reading_gives_back_what_was_written(style: Style, estimate: Estimate) -> None:
    estimate = replace(estimate, system=style.system)
    files = write_set(estimate, style)
    (found,) = group(files)
    read = read_set(found.base, {extension: files[name] for extension, name in found.files.items()}, style.code_page)
    expected = estimate
    if not style.memo_file:
        expected = replace(estimate, memo_options=None, memo_damage=None, memo_note=None)
    assert read.complete
    assert replace(read, problems=(), tables=(), encoding="", complete=False) == replace(
        expected, encoding="", tables=()
    )


@pytest.mark.parametrize("code_page", ["cp1252", "cp850", "cp437"])
def test_the_code_page_is_recognised(code_page: str) -> None:
    customer = Customer("owner", "Éloïse", "Gagné-Lévesque", None, None, (), Address("rue de l'Église", city="Québec"))
    estimate = Estimate(base="Q1", system="A", version="E01", transaction="E", customer=customer)
    files = write_set(estimate, replace(AUDATEX, code_page=code_page))
    (found,) = group(files)
    read = read_set("Q1", {e: files[n] for e, n in found.files.items()}, "cp1252")
    assert read.customer is not None and read.customer.last_name == "Gagné-Lévesque"
    noted = [p.code for p in read.problems if p.code == "encoding_guessed"]
    assert noted == ([] if code_page == "cp1252" else ["encoding_guessed"])
