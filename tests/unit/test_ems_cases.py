"""Sets as shops in the field have them, each with what is right (tests/fixtures/cases: a base set and what differs)."""

from datetime import date
from pathlib import Path

import pytest

from repaircenter.ems.cells import NumberCells, day
from repaircenter.ems.encoding import detect
from repaircenter.ems.estimate import Customer, Estimate
from repaircenter.ems.naming import group
from repaircenter.ems.reading import NotAnEstimate, read_set
from tests.unit.test_ems_dbase import table

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
BASE = {path.suffix[1:].upper(): path.read_bytes() for path in (CASES / "base").iterdir()}


def read(case: str) -> Estimate:
    (folder,) = CASES.glob(f"{case}-*")
    return read_set("4b532301", {**BASE, **{p.suffix[1:].upper(): p.read_bytes() for p in folder.iterdir()}})


def customer_of(estimate: Estimate) -> Customer:
    assert estimate.customer is not None
    return estimate.customer


def notes(estimate: Estimate) -> list[tuple[str, str]]:
    return [(problem.table, problem.code) for problem in estimate.problems]


@pytest.mark.parametrize(
    ("case", "last_name", "encoding"),
    [("01", "Lefrançois", "cp1252"), ("02", "Smith", "cp1252"), ("03", "Lefrançois-Côté", "utf-8")],
)
def test_a_no_break_space_and_utf_8_keep_names_and_addresses(case: str, last_name: str, encoding: str) -> None:
    found = read(case)
    assert (customer_of(found).last_name, customer_of(found).email) == (last_name, "ana@example.org")
    assert found.encoding == encoding
    assert case != "03" or customer_of(found).first_name == "Éloïse"


@pytest.mark.parametrize("sign", ["•", "·", "±", "×", "§", "£", "´"])
def test_signs_of_windows_do_not_turn_the_code_page(sign: str) -> None:
    text = "O´Brien" if sign == "´" else f"Kit {sign} 2"
    assert detect([text.encode("cp1252"), b"Lefran\xe7ois"]).code_page == "cp1252"


@pytest.mark.parametrize("name", ["Málaga", "Perú", "García"])
def test_spanish_names_of_another_code_page_are_still_recognised(name: str) -> None:
    assert detect([name.encode("cp850"), "Núñez".encode("cp850")]).code_page == "cp850"


def test_a_letter_cut_by_the_width_of_its_cell_is_still_utf_8() -> None:
    assert detect(["Éloïse".encode(), "Lefran\xe7ois".encode()[:7]]).code_page == "utf-8"
    assert detect([b"Gagn\xe9", b"caf\xc3\xa9"]).code_page != "utf-8"


def test_the_zero_of_a_date_type_is_no_delivery() -> None:
    found = read("04")
    assert found.dates.delivered is None and ("AD2", "bad_value") in notes(found)


@pytest.mark.parametrize("raw", [b"18991230", b"19000101", b"19800101", b"00260101", b"19700101", b"99991231"])
def test_days_that_are_none_are_read_as_bad(raw: bytes) -> None:
    assert day(raw) == (None, False)
    assert day(b"19800102") == (date(1980, 1, 2), True) and day(b"21001231") == (date(2100, 12, 31), True)


@pytest.mark.parametrize(
    ("column", "field"),
    [("RO_IN_DATE", "arrived"), ("TAR_DATE", "promised"), ("RO_CMPDATE", "completed"), ("DATE_OUT", "delivered")],
)
def test_every_date_column_knows_the_zero(column: str, field: str) -> None:
    found = read_set("x", {**BASE, "AD2": table([(column, "D", 8, 0)], [b" 18991230"])})
    assert getattr(found.dates, field) is None and ("AD2", "bad_value") in notes(found)


def test_a_wide_number_is_read_in_its_exponent_form() -> None:
    assert str(read("05").totals.gross) == "659.25"
    known = NumberCells(2)
    assert str(known[b"-1.5E+01"]) == "-15.00" and known[b"6.5925E+99"] is None and b"6.5925E+99" in known.bad


@pytest.mark.parametrize("case", ["06", "07", "08", "09"])
def test_what_an_odd_header_leaves_readable_is_read_and_noted(case: str) -> None:
    found = read(case)
    customer = customer_of(found)
    assert (customer.first_name, customer.last_name, customer.email) == ("Ana", "Smith", "ana@example.org")
    assert found.complete and "AD1" in found.tables
    assert case == "09" or any(table_ == "AD1" for table_, _ in notes(found))


@pytest.mark.parametrize("case", ["10-placeholder-address", "10-placeholder-address-na", "12"])
def test_what_is_no_address_is_left_out_and_noted(case: str) -> None:
    folder = CASES / case if case != "12" else next(CASES.glob("12-*"))
    found = read_set("x", {**BASE, **{p.suffix[1:].upper(): p.read_bytes() for p in folder.iterdir()}})
    assert customer_of(found).email is None and ("AD1", "bad_address") in notes(found)


def test_the_first_of_two_addresses_is_used_and_the_other_noted() -> None:
    found = read("11")
    assert customer_of(found).email == "a@b.example" and ("AD1", "bad_address") in notes(found)


def test_control_characters_become_blanks() -> None:
    customer = customer_of(read("12"))
    assert (customer.first_name, customer.last_name) == ("An a", "Sm ith")


def test_a_conflict_copy_of_one_file_is_no_set_of_its_own() -> None:
    copy = "4b532301 (PC's conflicted copy 2026-10-01).env"
    names = [path.name for path in (CASES / "base").iterdir()]
    assert [found.base for found in group([*names, copy])] == ["4b532301"]
    assert copy not in group([*names, copy])[0].files.values()
    # Without the original, or as a whole set of its own, such a name is a set like any other.
    assert [found.base for found in group([copy])] == ["4b532301 (PC's conflicted copy 2026-10-01)"]
    assert len(group([*names, *(name.replace(".", " (1).") for name in names)])) == 2


def test_a_blank_record_is_room_that_is_filled_later() -> None:
    assert not read("14").complete
    with pytest.raises(NotAnEstimate):
        read_set("x", {**BASE, "ENV": table([("EST_SYSTEM", "C", 1, 0), ("EMS_VER", "C", 4, 0)], [b" " * 6])})


def test_a_placeholder_owner_gives_way_to_the_insured() -> None:
    customer = customer_of(read("15"))
    assert (customer.role, customer.first_name, customer.last_name) == ("insured", "Ana", "Smith")
    assert customer.email == "ana@example.org"


def test_a_name_that_is_only_partly_a_placeholder_is_kept() -> None:
    columns = [("OWNR_FN", "C", 5, 0), ("OWNR_LN", "C", 5, 0)]
    found = read_set("x", {**BASE, "AD1": table(columns, [b" N/A  NA   "])})
    assert found.customer is None
    found = read_set("x", {**BASE, "AD1": table(columns, [b" Kim  NA   "])})
    assert (customer_of(found).first_name, customer_of(found).last_name) == ("Kim", "NA")
    found = read_set("x", {**BASE, "AD1": table(columns, [b" N/A  Smith"])})
    assert (customer_of(found).first_name, customer_of(found).last_name) == (None, "Smith")


def test_an_odd_capital_is_likelier_than_a_line_of_a_box() -> None:
    """Found by the round trip: "aÉ" and "ô" alone were read as "a╔" and a paragraph sign."""
    assert detect([b"\xf4", "aÉ".encode("cp1252")], "cp1252").code_page == "cp1252"
