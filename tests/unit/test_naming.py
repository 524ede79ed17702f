"""Which files belong to one set (ems.md 2): exact stem first, never stripped blindly."""

from repaircenter.ems.naming import group


def sets(*names: str) -> dict[str, dict[str, str]]:
    return {found.base: found.files for found in group(names)}


def test_mitchell_letters_belong_to_their_tables() -> None:
    found = sets("9508501.ENV", "9508501A.AD1", "9508501B.AD2", "9508501V.VEH", "9508501.LIN")
    assert found == {
        "9508501": {
            "ENV": "9508501.ENV",
            "AD1": "9508501A.AD1",
            "AD2": "9508501B.AD2",
            "VEH": "9508501V.VEH",
            "LIN": "9508501.LIN",
        }
    }


def test_a_ccc_base_that_ends_in_a_keeps_its_letter() -> None:
    found = sets("4b53232a.env", "4b53232a.ad1", "4b532320.env")
    assert found["4b53232a"]["AD1"] == "4b53232a.ad1" and set(found) == {"4b53232a", "4b532320"}


def test_a_set_whose_base_plus_letter_is_another_set_is_not_mixed_up() -> None:
    found = sets("Q1.env", "Q1V.env", "Q1V.veh")
    assert "VEH" not in found["Q1"] and found["Q1V"]["VEH"] == "Q1V.veh"


def test_memo_goes_with_its_table_and_case_does_not_matter() -> None:
    found = sets("QYUZK0P.env", "qyuzk0pv.VEH", "QYUZK0PV.dbt")
    assert found["QYUZK0P"] == {"ENV": "QYUZK0P.env", "VEH": "qyuzk0pv.VEH", "DBT": "QYUZK0PV.dbt"}


def test_copies_and_foreign_files_are_no_sets() -> None:
    names = ("5e1f00a1.env", "5e1f00a1-9f3c.env", "5e1f00a1.AWF", "x.lock", "0f0e0d0c-1111", "Thumbs.db", "a.txt")
    assert set(sets(*names)) == {"5e1f00a1"}


def test_tables_without_an_envelope_wait_as_a_set_of_their_own() -> None:
    assert sets("abc.lin", "abc.veh") == {"abc": {"LIN": "abc.lin", "VEH": "abc.veh"}}
