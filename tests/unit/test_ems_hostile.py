"""What the second hostile reading found: half-written sets, lying headers, wrong values without a note."""

import os
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from repaircenter.assembly.commands import ems
from repaircenter.demo.ems_writer import fields
from repaircenter.ems import cells, memo, naming
from repaircenter.ems.encoding import detect
from repaircenter.ems.estimate import Estimate, Line
from repaircenter.ems.reading import read_set
from repaircenter.runtime.errors import InputRefused, KnownError
from repaircenter.share import files, inspection
from repaircenter.share.tracker import SetTracker
from repaircenter.shop.ports import FileFacts
from tests.conftest import SAMPLES
from tests.unit.test_ems_dbase import table

LIN = fields()["LIN"]
Cell = str | int


def lin(*records: Mapping[str, Cell], width: dict[str, int] | None = None) -> bytes:
    """A LIN table of these records; what is not named is blank."""
    columns = [(n, k, (width or {}).get(n, w), d) for n, k, w, d in LIN]
    rows = [
        b" "
        + b"".join(
            (str(r.get(n, "")).rjust if k == "N" else str(r.get(n, "")).ljust)(w).encode()[:w] for n, k, w, _ in columns
        )
        for r in records
    ]
    return table(columns, rows)


@pytest.fixture
def ccc() -> dict[str, bytes]:
    return {path.suffix[1:].upper(): path.read_bytes() for path in (SAMPLES / "ccc-style-E01").iterdir()}


def read_lines(ccc: dict[str, bytes], *records: Mapping[str, Cell]) -> tuple[Line, ...]:
    return read_set("x", {**ccc, "LIN": lin(*records)}).lines


def codes(found: Estimate) -> list[str]:
    return [problem.code for problem in found.problems]


def test_room_that_is_not_written_yet_is_no_whole_set(ccc: dict[str, bytes]) -> None:
    data = ccc["LIN"]
    header, length = struct.unpack_from("<HH", data, 8)
    uncounted = bytearray(data)
    struct.pack_into("<I", uncounted, 4, 0)
    rest = len(data) - header
    half = data[: header + 6 * length] + b"\0" * (rest - 6 * length)
    for written in (data[:header] + b"\0" * rest, half, bytes(uncounted), data[:header] + b" " * rest):
        assert not read_set("x", {**ccc, "LIN": written}).complete
    assert read_set("x", ccc).complete


@pytest.mark.parametrize("kind", ["memo", "lines"])
def test_any_amount_of_accents_takes_time_in_proportion_and_bounded_memory(ccc: dict[str, bytes], kind: str) -> None:
    def given(size: int) -> dict[str, bytes]:
        noise = bytes(Random(1).choices(range(128, 256), k=size))
        if kind == "memo":
            vehicle = table([("V_MEMO", "M", 10, 0)], [b" " + b"         1"], version=0x83)
            return {**ccc, "VEH": vehicle, "DBT": b"\0" * 512 + noise}
        rows = [b" " + noise[at : at + 100] for at in range(0, size, 100)]
        return {**ccc, "LIN": table([("LINE_DESC", "C", 100, 0)], rows)}

    def seconds(size: int) -> float:
        members = given(size)
        started = time.process_time()
        read_set("x", members)
        return time.process_time() - started

    # Eight times the bytes: about eight times the work, never its square (64).
    assert seconds(1_000_000) < 24 * max(seconds(125_000), 0.005)
    members = given(1_000_000)
    tracemalloc.start()
    read_set("x", members)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000


def test_damaged_entry_names_of_a_zip_are_refused(tmp_path: Path, ccc: dict[str, bytes]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Q.txt", b"x")
        archive.writestr("a.env", ccc["ENV"])
    path.write_bytes(path.read_bytes().replace(b"Q.txt", b"\0.txt"))
    with pytest.raises(InputRefused):
        ems.show(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_in_a_zip_is_refused(tmp_path: Path, ccc: dict[str, bytes]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.env", ccc["ENV"])
        archive.writestr("a.env", ccc["ENV"])
    with pytest.raises(InputRefused, match="twice"):
        ems.show(path)


def test_a_pipe_named_like_an_archive_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    with pytest.raises(InputRefused):
        ems.show(tmp_path / "a.zip")


def test_labour_without_a_type_is_kept_and_makes_no_heading(ccc: dict[str, bytes]) -> None:
    (money,) = read_lines(ccc, {"LINE_NO": 1, "LINE_DESC": "SHOP CHARGE", "LBR_AMT": "45.00"})
    assert [one.amount for one in money.labor] == [Decimal("45.00")]
    (hours,) = read_lines(ccc, {"LINE_NO": 1, "LINE_DESC": "DIAGNOSTIC", "MOD_LB_HRS": "1.5"})
    assert [one.hours for one in hours.labor] == [Decimal("1.5")]
    (part,) = read_lines(ccc, {"LINE_NO": 1, "LINE_DESC": "BOLT", "OEM_PARTNO": "90119"})
    assert part.part_number == "90119"
    assert read_lines(ccc, {"LINE_NO": 1, "LINE_DESC": "FRONT BUMPER & GRILLE"}) == ()


def test_sublet_money_stands_in_one_place(ccc: dict[str, bytes]) -> None:
    labour: dict[str, Cell] = {"MOD_LBR_TY": "LAM", "MOD_LB_HRS": "1.0", "LBR_AMT": "50.00"}
    sublet: dict[str, Cell] = {"LINE_NO": 1, "LINE_DESC": "Align", "PART_TYPE": "PAS", "LBR_OP": "OP16"}
    (priced,) = read_lines(ccc, {**sublet, "ACT_PRICE": "100.00", **labour})
    assert (priced.price, priced.misc) == (Decimal("100.00"), None)
    assert [one.amount for one in priced.labor] == [Decimal("50.00")]
    (two,) = read_lines(ccc, {**sublet, "LBR_AMT": "85"}, {**sublet, "LBR_AMT": "15"})
    assert two.misc == 100 and two.labor == ()
    (typed,) = read_lines(ccc, {**sublet, "ALT_PARTNO": "Sublet", **labour})
    assert typed.misc == Decimal("50.00") and [(one.type, one.amount) for one in typed.labor] == [("LAM", None)]


def test_different_parts_of_one_number_stay_two_lines(ccc: dict[str, bytes]) -> None:
    fender: dict[str, Cell] = {
        "LINE_NO": 5,
        "LINE_DESC": "Fender",
        "OEM_PARTNO": "A1",
        "ACT_PRICE": "100",
        "MOD_LBR_TY": "LAB",
    }
    hood: dict[str, Cell] = {
        "LINE_NO": 5,
        "LINE_DESC": "Hood",
        "OEM_PARTNO": "B2",
        "ACT_PRICE": "200",
        "MOD_LBR_TY": "LAB",
    }
    paint: dict[str, Cell] = {**hood, "MOD_LBR_TY": "LAR"}
    found = read_set("x", {**ccc, "LIN": lin(fender, hood, paint)})
    assert [(line.price, len(line.labor)) for line in found.lines] == [(100, 1), (200, 2)]
    assert "bad_value" in codes(found)


def test_the_thousandth_line_counts_its_price_once(ccc: dict[str, bytes]) -> None:
    part: dict[str, Cell] = {"LINE_NO": "***", "LINE_DESC": "Clip", "OEM_PARTNO": "C1", "ACT_PRICE": "3.00"}
    other: dict[str, Cell] = {**part, "OEM_PARTNO": "C2"}
    lines = read_lines(
        ccc, {**part, "MOD_LBR_TY": "LAB"}, {**part, "MOD_LBR_TY": "LAR"}, {**other, "MOD_LBR_TY": "LAB"}
    )
    assert [(line.part_number, len(line.labor)) for line in lines] == [("C1", 2), ("C2", 1)]


@pytest.mark.parametrize(
    ("written", "hour"), [(b"080000", 8), (b" 93000", 9), (b"93000 ", 9), (b"9:30  ", 9), (b"0930  ", 9)]
)
def test_times_of_every_spelling_order_the_exports(written: bytes, hour: int) -> None:
    columns = [("EST_SYSTEM", "C", 1, 0), ("CREATE_DT", "D", 8, 0), ("CREATE_TM", "C", 6, 0)]
    found = read_set("x", {"ENV": table(columns, [b" C20240115" + written])})
    assert found.created_at is not None and found.created_at.hour == hour and found.problems == ()


@pytest.mark.parametrize("written", [b"083060", b"noon  ", b"250000", b"12    "])
def test_a_time_that_cannot_be_read_is_noted(written: bytes) -> None:
    columns = [("EST_SYSTEM", "C", 1, 0), ("CREATE_DT", "D", 8, 0), ("CREATE_TM", "C", 6, 0)]
    found = read_set("x", {"ENV": table(columns, [b" C20240115" + written])})
    assert found.created_at == datetime(2024, 1, 15) and codes(found) == ["bad_value"]


def test_binary_columns_are_refused_and_not_read_as_text(ccc: dict[str, bytes]) -> None:
    data = table([("LINE_NO", "I", 4, 0), ("LINE_DESC", "C", 6, 0)], [b" " + struct.pack("<i", 53) + b"Fender"])
    assert "unsupported_type" in codes(read_set("x", {**ccc, "LIN": data}))


def test_a_name_with_half_a_character_stops_no_folder() -> None:
    tracker = SetTracker(1.0)
    look = {"\ud83d.env": FileFacts(1, 1), "good.env": FileFacts(1, 1)}
    tracker.observe(look, 0.0)
    tracker.observe(dict(look), 2.0)
    assert "good" in [one.base for one in tracker.ready(5.0)]


def memo4(text: bytes) -> bytes:
    block = memo.MARK + struct.pack("<I", len(text) + 10) + text + b"\x1a\x1a"
    return block + b"\0" * (-len(block) % 512)


HEAD = (b"\1\0\0\0" + b"\0" * 16 + struct.pack("<H", 512)).ljust(512, b"\0")


def test_a_pointer_into_the_middle_of_a_memo_finds_nothing() -> None:
    assert memo.read_memo(HEAD + memo4(b"0123456789abcdef" * 100) + memo4(b"second"), 2) == (None, False)
    assert memo.read_memo(HEAD + memo4(b"0123456789abcdef" * 100) + memo4(b"second"), 5) == (b"second", True)


def test_a_memo_file_that_still_grows_is_noted_and_nulls_go(ccc: dict[str, bytes]) -> None:
    assert memo.read_memo(HEAD + memo4(b"a" * 700)[:600], 1) == (b"a" * 592, False)
    assert memo.read_memo(HEAD + memo4(b"te\0xt"), 1) == (b"text", True)
    assert memo.read_memo(b"\0" * 512 + b"without an end", 1) == (b"without an end", False)
    grown = read_set("x", {**ccc, "DBT": ccc["DBT"][:600]})
    assert "missing_memo" in codes(grown)


@pytest.mark.parametrize("name", ["Sørensen", "Novotný", "Østergaard", "Škoda", "Žukauskas", "Ångström", "Größe"])
def test_a_name_that_fits_the_folders_code_page_stays_as_it_is(name: str) -> None:
    assert detect([name.encode("cp1252")]).code_page == "cp1252"


@pytest.mark.parametrize("name", ["Größe", "Strauß Müller", "Ö.Smith", "Père", "Éloïse Gagné"])
def test_dos_names_are_recognised_in_a_folder_said_to_be_windows(name: str) -> None:
    raw = name.encode("cp850")
    assert raw.decode(detect([raw, "Gagné à côté".encode("cp850")]).code_page) == name


def test_blank_rows_make_no_subtotals(ccc: dict[str, bytes]) -> None:
    columns = [("TTL_TYPECD", "C", 4, 0), ("TTL_AMT", "N", 9, 2)]
    found = read_set("x", {**ccc, "STL": table(columns, [b" PAN      10.00", b" " * 14])})
    assert [row.code for row in found.subtotals] == ["PAN"]


def test_overflow_and_memo_pointers_are_no_text(ccc: dict[str, bytes]) -> None:
    columns = [("V_MILEAGE", "N", 6, 0), ("V_COLOR", "M", 10, 0), ("V_MODEL", "C", 5, 0)]
    found = read_set("x", {**ccc, "VEH": table(columns, [b" ******         1Jetta"])}).vehicle
    assert (found.mileage, found.color, found.model) == (None, None, "Jetta")


def test_a_lettered_plain_table_takes_nothing_from_a_set_with_an_envelope() -> None:
    sets = {one.base: set(one.files) for one in naming.group(["Q1.env", "Q1A.ad1", "Q1V.veh", "Q1V.dbt", "Q1V.lin"])}
    assert sets == {"Q1": {"ENV", "AD1", "VEH", "DBT"}, "Q1V": {"LIN"}}


def test_only_ascii_letters_have_two_cases_in_names() -> None:
    sets = {one.base: set(one.files) for one in naming.group(["ß.env", "ß.ad1", "SS.env", "SS.lin", "x.ſtl"])}
    assert sets == {"ß": {"ENV", "AD1"}, "SS": {"ENV", "LIN"}}


def test_the_base_is_spelled_by_the_set_s_own_files() -> None:
    (found,) = naming.group(["ab.stl", "ab.veh", "ABV.veh"])
    assert found.base == "ab" and found.files["VEH"] == "ab.veh"


def test_a_file_of_the_year_ten_thousand_stops_no_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "look", lambda *_: {"a.env": FileFacts(1, 253402300800 * 10**9)})
    found = inspection.test_folder(tmp_path, "cp1252")
    assert (found.sets, found.newest_utc, found.trouble) == (1, None, None)


def test_a_path_no_system_can_have_is_refused() -> None:
    with pytest.raises(KnownError):
        ems.check(Path("a\0b"))


def test_cells_that_are_no_money_are_not_remembered(ccc: dict[str, bytes]) -> None:
    before = len(cells.numbers(9))
    for decimals in range(7, 200, 40):
        data = table([("G_TTL_AMT", "N", 200, decimals)], [b" " + str(decimals).encode().rjust(200)])
        read_set("x", {**ccc, "TTL": data})
    assert len(cells.numbers(9)) == before and set(cells._numbers) <= set(range(8))
