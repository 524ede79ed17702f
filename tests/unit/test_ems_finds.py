"""What hostile reading found in the first version: each find stays a test."""

import struct
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from repaircenter.assembly.commands import ems
from repaircenter.demo.ems_writer import AUDATEX, CCC, write_set
from repaircenter.ems import naming
from repaircenter.ems.encoding import detect
from repaircenter.ems.estimate import Estimate
from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.errors import InputRefused
from repaircenter.share.tracker import SetTracker
from repaircenter.shop.ports import FileFacts
from tests.conftest import SAMPLES
from tests.unit.test_ems_dbase import table
from tests.unit.test_tracker import seen


@pytest.fixture
def ccc() -> dict[str, bytes]:
    return {path.suffix[1:].upper(): path.read_bytes() for path in (SAMPLES / "ccc-style-E01").iterdir()}


def test_one_damaged_byte_of_decimals_is_a_note(ccc: dict[str, bytes]) -> None:
    damaged = bytearray(ccc["TTL"])
    damaged[32 + 17] = 40
    found = read_set("x", {**ccc, "TTL": bytes(damaged)})
    assert found.totals.gross is None and "bad_value" in [p.code for p in found.problems]


@pytest.mark.parametrize("raw", [b"9" * 30, b"1" * 27 + b".99"])
def test_a_number_too_long_to_be_money_is_a_note(ccc: dict[str, bytes], raw: bytes) -> None:
    data = table([("G_TTL_AMT", "N", 30, 2)], [b" " + raw])
    found = read_set("x", {**ccc, "TTL": data})
    assert found.totals.gross is None and "bad_value" in [p.code for p in found.problems]


@pytest.mark.parametrize("kind", ["C", "N"])
def test_cents_are_never_rounded_away(ccc: dict[str, bytes], kind: str) -> None:
    found = read_set("x", {**ccc, "TTL": table([("G_TTL_AMT", kind, 12, 0)], [b"      1492.81"])})
    assert found.totals.gross == Decimal("1492.81")


def test_minus_zero_is_zero(ccc: dict[str, bytes]) -> None:
    found = read_set("x", {**ccc, "TTL": table([("G_TTL_AMT", "N", 10, 2)], [b"      -0.00"])})
    assert str(found.totals.gross) == "0.00"


def test_records_begin_where_the_header_says(ccc: dict[str, bytes]) -> None:
    env = bytearray(ccc["ENV"])
    env[833:833] = b"\0"
    struct.pack_into("<H", env, 8, 834)
    assert read_set("x", {**ccc, "ENV": bytes(env)}).version == "E01"


def test_a_table_of_tiny_records_is_cut_off(ccc: dict[str, bytes]) -> None:
    found = read_set("x", {**ccc, "LIN": table([("LINE_NO", "N", 1, 0)], [b" 1"] * 50_000)})
    assert "count_mismatch" in [p.code for p in found.problems] and len(found.lines) <= 1


def test_a_half_written_optional_table_is_not_complete(ccc: dict[str, bytes]) -> None:
    assert read_set("x", ccc).complete
    assert not read_set("x", {**ccc, "AD2": ccc["AD2"][:-200]}).complete
    assert not read_set("x", {**ccc, "STL": b""}).complete


def test_an_envelope_without_its_columns_is_refused() -> None:
    with pytest.raises(NotAnEstimate):
        read_set("x", {"ENV": table([("COLOUR", "C", 3, 0)], [b" red"])})


@pytest.mark.parametrize(
    "raw", [b"O\x92Brien", b"Bumper \x96 RT", b"10 \x80", b"Renault \x99", b"Ren\xe9 L\x92Heureux, Qu\xe9bec"]
)
def test_cp1252_punctuation_is_not_taken_for_accents(raw: bytes) -> None:
    assert detect([raw]).code_page == "cp1252"


@pytest.mark.parametrize("code_page", ["cp850", "cp437"])
def test_dos_accents_are_recognised(code_page: str) -> None:
    text = "Éloïse Gagné\nRevêtement, apprêté\ncôté"
    raw = text.encode(code_page)
    assert raw.decode(detect(raw.split(b"\n")).code_page) == text


def test_accents_in_memos_only_count_too() -> None:
    estimate = Estimate(base="Q1", system="A", version="E01", memo_damage="véhicule endommagé")
    files = write_set(estimate, replace(AUDATEX, code_page="cp850"))
    (found,) = naming.group(files)
    read = read_set("Q1", {e: files[n] for e, n in found.files.items()})
    assert read.memo_damage == "véhicule endommagé" and [p.code for p in read.problems] == ["encoding_guessed"]


@pytest.mark.parametrize(("pointer", "text"), [(b"0000000001", "hello"), (b"         0", None), (b"0000000000", None)])
def test_memo_pointers_of_every_spelling(ccc: dict[str, bytes], pointer: bytes, text: str | None) -> None:
    vehicle = table([("V_MEMO", "M", 10, 0)], [b" " + pointer], version=0x83)
    found = read_set("x", {**ccc, "VEH": vehicle, "DBT": b"\0" * 512 + b"hello\x1a\x1a"})
    assert found.memo_note == text and "missing_memo" not in [p.code for p in found.problems]


def test_the_memo_file_of_the_vehicle_is_chosen() -> None:
    (found,) = naming.group(["9.ENV", "9A.DBT", "9V.DBT", "9V.VEH"])
    assert found.files["DBT"] == "9V.DBT"
    (other,) = naming.group(["9.ENV", "9A.DBT", "9V.VEH"])
    assert "DBT" not in other.files


def test_a_copy_beside_a_half_deleted_set_crashes_nothing() -> None:
    names = ["4b53232a-1f.env", "4b53232a.lin", "good.env"]
    assert all(found.files for found in naming.group(names))
    tracker = SetTracker(1.0)
    look = {name: FileFacts(1, 1) for name in names}
    seen(tracker, look, 0.0)
    assert "good" in [s.base for s in seen(tracker, look, 2.0)]


def test_a_hyphen_in_a_name_makes_no_copy() -> None:
    assert {s.base for s in naming.group(["25.env", "25-0417.env", "JOB.env", "JOB-1.env"])} == {
        "25",
        "25-0417",
        "JOB",
        "JOB-1",
    }


def test_a_set_without_its_envelope_stays_one_set() -> None:
    (found,) = naming.group(["7700123A.AD1", "7700123B.AD2", "7700123V.VEH", "7700123.LIN"])
    assert found.base == "7700123" and set(found.files) == {"AD1", "AD2", "VEH", "LIN"}


def test_names_that_differ_by_case_are_not_mixed() -> None:
    (found,) = naming.group(["ABC.ENV", "abc.env", "ABC.LIN", "abc.lin"])
    assert found.files == {"ENV": "ABC.ENV", "LIN": "ABC.LIN"}


def test_a_settled_set_that_only_loses_files_is_no_news() -> None:
    tracker = SetTracker(1.0)
    whole = {"a.env": FileFacts(1, 1), "a.lin": FileFacts(2, 2)}
    seen(tracker, whole, 0.0)
    (ready,) = seen(tracker, whole, 2.0)
    tracker.settle(ready)
    seen(tracker, {"a.lin": FileFacts(2, 2)}, 3.0)
    assert seen(tracker, {"a.lin": FileFacts(2, 2)}, 300.0) == []


def test_one_bad_directory_entry_does_not_hide_the_folder(tmp_path: Path) -> None:
    for name, data in write_set(Estimate(base="4b000001", system="C", version="E01"), CCC).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "loop.env").symlink_to(tmp_path / "loop.env")
    assert {entry["base"] for entry in ems.check(tmp_path)} == {"4b000001", "loop"}


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def sample(folder: str = "") -> dict[str, bytes]:
    return {folder + path.name: path.read_bytes() for path in (SAMPLES / "ccc-style-E01").iterdir()}


def test_a_zip_of_one_set_is_read_even_from_a_mac(tmp_path: Path) -> None:
    members = {**sample("estimate/"), "__MACOSX/estimate/._5e1f00a1.env": b"x", "notes.txt": b"x"}
    assert ems.show(zipped(tmp_path / "a.zip", members))["version"] == "E01"


@pytest.mark.parametrize(
    "members",
    [{}, {"a.txt": b"x"}, {**sample("old/"), **sample("new/")}, {f"{n}.env": b"x" for n in range(70)}],
    ids=["empty", "foreign", "two folders", "too many"],
)
def test_other_zips_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    with pytest.raises(InputRefused):
        ems.show(zipped(tmp_path / "a.zip", members))


def test_compressions_without_a_limit_and_damaged_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="compression"):
        ems.show(zipped(tmp_path / "a.zip", sample(), zipfile.ZIP_BZIP2))
    good = bytearray(zipped(tmp_path / "b.zip", sample()).read_bytes())
    good[60:90] = b"\xff" * 30
    (tmp_path / "b.zip").write_bytes(good)
    with pytest.raises(InputRefused):
        ems.show(tmp_path / "b.zip")


def test_mitchell_sublet_money_is_found(ccc: dict[str, bytes]) -> None:
    fields = [
        ("LINE_NO", "N", 3, 0),
        ("PART_TYPE", "C", 4, 0),
        ("ALT_PARTNO", "C", 10, 0),
        ("LBR_AMT", "N", 9, 2),
        ("DB_REF", "C", 6, 0),
    ]
    found = read_set("x", {**ccc, "LIN": table(fields, [b"   1PAE Sublet        85.00900500"])})
    (line,) = found.lines
    assert line.sublet and line.misc == Decimal("85.00") and line.part_number is None


def test_model_years_up_to_the_year_after_next(ccc: dict[str, bytes]) -> None:
    for written, year in ((b"27", 2027), (b"28", 2028), (b"29", 1929), (b"00", 2000)):
        vehicle = table([("V_MODEL_YR", "C", 2, 0)], [b" " + written])
        assert read_set("x", {**ccc, "VEH": vehicle}, year=2028).vehicle.year == year
