"""Cells and records one by one: what is a value, what is a note, what is left out (ems.md 3, tech.md 1)."""

from datetime import date
from decimal import Decimal

import pytest

from repaircenter.ems import cells
from repaircenter.ems.dbase import BadTable, read_table
from repaircenter.ems.estimate import Estimate
from repaircenter.ems.reading import read_set
from repaircenter.share.tracker import SetTracker
from tests.unit.test_ems_dbase import table
from tests.unit.test_ems_hostile import ccc, codes, lin
from tests.unit.test_tracker import look

__all__ = ["ccc"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"  12.50", "12.50"),
        (b" 1,50", "1.50"),
        (b"-3", "-3.00"),
        (b"+3.1", "3.10"),
        (b".5", "0.50"),
        (b"7.", "7.00"),
        (b"1.234", "1.234"),
        (b"-0.00", "0.00"),
        (b"       ", None),
        (b"\0\0\0", None),
        (b"****", None),
    ],
)
def test_numbers_of_every_spelling(raw: bytes, value: str | None) -> None:
    known = cells.NumberCells(2)
    found = known[raw]
    assert (None if found is None else str(found)) == value and not known.bad


@pytest.mark.parametrize(
    "raw", [b"abc", b"-", b".", b"1-2", b"12-", b"1 2", b"1e5", b"1_0", b"NaN", b"1.2.3", b"1,2,3", b"--1", b"9" * 16]
)
def test_what_is_no_number_is_none_and_known_as_bad(raw: bytes) -> None:
    known = cells.NumberCells(2)
    assert known[raw] is None and raw in known.bad


def test_decimals_no_money_has_are_refused() -> None:
    known = cells.NumberCells(9)
    assert known[b"1.5"] is None and known.bad


def test_nulls_in_a_text_are_no_characters() -> None:
    assert cells.texts("cp1252")[b"Ga\0gn\xe9\0 "] == "Gagné" and cells.texts("cp1252")[b"\0 \0"] is None


def test_a_line_number_of_a_hundred_digits_is_read_each_time() -> None:
    known = cells.wholes(0)
    assert known[b"7".rjust(100)] == 7 and b"7".rjust(100) not in known and known[b" 12"] == 12


def test_what_is_remembered_of_cells_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_MOST_CELLS", 3)
    texts, numbers = cells.texts("cp1252"), cells.numbers(3)
    for n in range(9):
        assert cells.texts("cp1252")[b"%d" % n] == str(n)
        assert cells.numbers(3)[b"%d" % n] == n
    assert cells.texts("cp1252") is not texts and cells.numbers(3) is not numbers
    assert texts[b"x"] == "x", "whoever still holds the old ones may go on"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"20240131", (date(2024, 1, 31), True)),
        (b"        ", (None, True)),
        (b"00000000", (None, True)),
        (b"\0" * 8, (None, True)),
        (b"20241399", (None, False)),
        (b"31.01.24", (None, False)),
    ],
)
def test_dates_and_both_kinds_of_blank(raw: bytes, value: tuple[date | None, bool]) -> None:
    assert cells.day(raw) == value


def test_a_bad_date_is_a_note(ccc: dict[str, bytes]) -> None:
    data = table([("RF_CO_NM", "C", 5, 0), ("DATE_OUT", "D", 8, 0)], [b" North20241399"])
    found = read_set("x", {**ccc, "AD2": data})
    assert found.dates.delivered is None and codes(found) == ["bad_value"]


def test_a_bad_number_in_a_line_is_a_note(ccc: dict[str, bytes]) -> None:
    record = {"LINE_NO": 1, "LINE_DESC": "Hood", "PART_TYPE": "PAN", "ACT_PRICE": "abc"}
    found = read_set("x", {**ccc, "LIN": lin(record)})  # type: ignore[arg-type]
    assert found.lines[0].price is None and "bad_value" in codes(found)


def test_deleted_and_damaged_records_are_left_out_and_said(ccc: dict[str, bytes]) -> None:
    whole = lin(*({"LINE_NO": n, "LINE_DESC": "Hood", "PART_TYPE": "PAN"} for n in (1, 2, 3)))
    record = (len(whole) - 1473) // 3
    data = bytearray(whole)
    data[1473 + record] = ord("*")
    data[1473 + 2 * record] = ord("?")
    found = read_set("x", {**ccc, "LIN": bytes(data)})
    assert [line.number for line in found.lines] == [1] and not found.complete
    assert {"deleted_records", "bad_value"} <= set(codes(found))


def test_a_header_that_never_ends_is_refused() -> None:
    good = table([("A", "C", 3, 0), ("B", "C", 3, 0)], [b" aaabbbc"], record=8)
    endless = bytearray(good)
    endless[96] = ord("C")
    for cut in (bytes(endless), bytes(endless[:8]) + (96).to_bytes(2, "little") + bytes(endless[10:])):
        with pytest.raises(BadTable):
            read_table(cut)


@pytest.mark.parametrize(
    ("written", "year"), [("2024", 2024), ("1899", None), ("2099", None), ("24A", None), ("7", 2007)]
)
def test_model_years_of_other_widths(ccc: dict[str, bytes], written: str, year: int | None) -> None:
    data = table([("V_MODEL_YR", "C", 4, 0)], [b" " + written.encode().ljust(4)])
    assert read_set("x", {**ccc, "VEH": data}).vehicle.year == year


@pytest.mark.parametrize(("pointer", "code"), [(b"      junk", "bad_value"), (b"         1", "missing_memo")])
def test_memo_pointers_without_a_memo(ccc: dict[str, bytes], pointer: bytes, code: str) -> None:
    files = {**ccc, "VEH": table([("V_MEMO", "M", 10, 0)], [b" " + pointer])}
    del files["DBT"]
    found = read_set("x", files)
    assert found.memo_note is None and codes(found) == [code]


def test_a_sublet_line_without_money_stays_as_it_is(ccc: dict[str, bytes]) -> None:
    found = read_set("x", {**ccc, "LIN": lin({"LINE_NO": 1, "LINE_DESC": "Align", "PART_TYPE": "PAS"})})
    assert found.lines[0].sublet and found.lines[0].misc is None


def test_lines_whose_part_columns_stand_on_the_second_record(ccc: dict[str, bytes]) -> None:
    first = {"LINE_NO": 1, "LINE_DESC": "Hood", "ACT_PRICE": "0.00", "MOD_LBR_TY": "LAB"}
    second = {"LINE_NO": 1, "OEM_PARTNO": "A1", "ACT_PRICE": "25.00", "MOD_LBR_TY": "LAR"}
    (line,) = read_set("x", {**ccc, "LIN": lin(first, second)}).lines  # type: ignore[arg-type]
    assert (line.description, line.part_number, line.price, len(line.labor)) == ("Hood", "A1", Decimal("25.00"), 2)


def test_release_leaves_what_was_not_begun() -> None:
    tracker = SetTracker(1.0)
    tracker.observe(look(a_env=1, b_env=1), 0.0)
    tracker.observe(look(a_env=1, b_env=1), 5.0)
    a, b = tracker.ready(5.0)
    tracker.begin(a)
    tracker.settle(b)
    tracker.release()
    assert tracker.ready(6.0) == [a]


def test_an_estimate_knows_nothing_it_was_not_told() -> None:
    assert Estimate(base="x").totals.gross is None and not Estimate(base="x").complete
