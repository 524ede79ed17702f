"""The sample sets as ems/normalised.md says they read (issue 2 b)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from repaircenter.assembly.commands import ems
from repaircenter.runtime.errors import InputRefused
from tests.conftest import SAMPLES


def shown(name: str) -> dict[str, Any]:
    return ems.show(SAMPLES / name)


def test_the_real_audatex_set_reads_with_its_memos_and_names_what_is_missing() -> None:
    found = shown("audatex-canada-QYUZK0P/QYUZK0P.env")
    assert (found["system"], found["version"], found["base"]) == ("A", "E01", "QYUZK0P")
    assert found["estimate_id"] == "C602E65C-4E1B-417C-85C0-44A344871DA9"
    assert found["created_at"] == "2017-06-19T10:09:34" and found["transmitted_at"] == "2018-02-02T11:10:33"
    assert found["vehicle"]["vin"] == "3VWRX7AJ4AM065626" and found["vehicle"]["year"] == 2010
    assert found["memos"]["options"].startswith("AC;") and found["memos"]["note"] is None
    assert found["tables"] == ["ENV", "VEH"] and found["complete"] is False
    missing = [p["table"] for p in found["problems"] if p["code"] == "missing_table"]
    assert missing == ["AD1", "LIN", "TTL"]


def test_the_french_set_keeps_its_accents() -> None:
    found = shown("audatex-canada-style-fr")
    assert found["customer"]["first_name"] == "Éloïse" and found["customer"]["last_name"] == "Gagné-Côté"
    assert found["customer"]["address"]["city"] == "Trois-Rivières"
    assert found["lines"][1]["description"] == "Revêtement de pare-chocs, apprêté"
    assert found["memos"]["damage"] == "Avant gauche endommagé"
    assert found["encoding"] == "cp1252" and found["problems"] == []


def test_the_supplement_belongs_to_its_estimate_and_counts_its_money() -> None:
    first, supplement = shown("ccc-style-E01"), shown("ccc-style-S01")
    assert first["estimate_id"] == supplement["estimate_id"] and first["export_id"] != supplement["export_id"]
    assert (first["version"], supplement["version"]) == ("E01", "S01")
    assert supplement["totals"] == {
        "gross": "1767.36",
        "net": "1267.36",
        "deductible": "500.00",
        "supplement": "274.55",
        "tax": "54.31",
    }
    assert supplement["ro_number"] == "25-0417" and first["ro_number"] is None


def test_records_of_one_line_are_merged_and_headings_left_out() -> None:
    lines = shown("ccc-style-E01")["lines"]
    assert [line["number"] for line in lines][:2] == [2, 3]
    cover = lines[1]
    assert cover["price"] == "412.50" and [labor["type"] for labor in cover["labor"]] == ["LAB", "LAR"]
    assert cover["labor"][0] == {"type": "LAB", "hours": "0.0", "amount": "0.00", "included": True}


def test_the_mitchell_set_has_a_company_customer_and_zero_dates_are_blank() -> None:
    found = shown("mitchell-style-E01")
    assert found["customer"]["company"] == "Placeholder Plumbing LLC" and found["customer"]["last_name"] is None
    assert found["customer"]["phones"] == ["5550100177"]
    assert found["dates"] == {
        "arrived": "2025-06-12",
        "promised": "2025-06-27T17:00:00",
        "completed": None,
        "delivered": None,
    }
    assert found["complete"] is True and "VEN" not in found["tables"]


@pytest.mark.parametrize("name", ["audatex-canada-style-fr", "ccc-style-E01", "ccc-style-S01", "mitchell-style-E01"])
def test_totals_of_the_samples_agree(name: str) -> None:
    assert "totals_differ" not in [p["code"] for p in shown(name)["problems"]]


def test_rollups_are_marked() -> None:
    marked = {row["code"] for row in shown("ccc-style-E01")["subtotals"] if row.get("rollup")}
    assert marked == {"PAT", "LAT", "MAT"}


def test_check_lists_every_set_sorted_by_base() -> None:
    found = ems.check(SAMPLES / "audatex-canada-QYUZK0P")
    assert [(entry["base"], entry["state"], entry["missing"]) for entry in found] == [
        ("QYUZK0P", "waiting", ["AD1", "LIN", "TTL"])
    ]


def test_the_command_prints_json_and_one_sentence_on_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "repaircenter", "ems", "show"]
    good = subprocess.run([*command, str(SAMPLES / "ccc-style-E01"), "--json"], capture_output=True, check=True)
    assert json.loads(good.stdout)["base"] == "5e1f00a1"
    bad = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True)
    assert bad.returncode == 1 and bad.stderr.count("\n") == 1 and "no EMS set" in bad.stderr


def test_a_folder_with_two_sets_is_refused_with_their_count(tmp_path: Path) -> None:
    for name in ("one.env", "two.env"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputRefused, match="2 EMS sets"):
        ems.show(tmp_path)
