"""Guards of the house: known bad Qt, coverage of requirement ids, contracts that bite, logs without data."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from repaircenter.runtime.logs import SafeFormatter, set_up_logs
from repaircenter.store import personal, tables
from tests.mutants import MUTANTS

ROOT = Path(__file__).parents[2]


def test_void_qt_calls_do_not_eat_none() -> None:
    """PySide6 6.12.0 on Python 3.11 dies after about 5,000 calls that return nothing (tech.md 0)."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - 100


def test_every_named_mistake_still_has_its_place() -> None:
    """`dev.py mutants` breaks the code in named ways; one whose place is gone proves nothing."""
    lost = [
        mutant.name for mutant in MUTANTS if mutant.old not in (ROOT / "repaircenter" / mutant.path).read_text("utf-8")
    ]
    assert lost == []


def test_no_file_of_the_product_is_longer_than_400_lines() -> None:
    long = {path.name for path in (ROOT / "repaircenter").rglob("*.py") if path.read_text("utf-8").count("\n") > 400}
    assert long == set()


def test_every_room_says_what_it_owns() -> None:
    silent = [
        str(path.parent.relative_to(ROOT))
        for path in (ROOT / "repaircenter").rglob("__init__.py")
        if not path.read_text("utf-8").startswith('"""')
    ]
    assert silent == []


def test_every_requirement_id_has_one_row_of_coverage() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-E]-[PN]?\d+) \|", text, re.MULTILINE)
    counts = {"A": (52, 12, 8), "B": (27, 8, 8), "C": (33, 13, 10), "D": (44, 11, 7), "E": (50, 13, 11)}
    expected = {
        f"{letter}-{prefix}{number:02d}" if not prefix else f"{letter}-{prefix}{number}"
        for letter, (plain, peers, new) in counts.items()
        for prefix, highest in (("", plain), ("P", peers), ("N", new))
        for number in range(1, highest + 1)
    }
    assert len(rows) == len(set(rows)) and set(rows) == expected


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("repaircenter/ems/dbase.py", "import sqlalchemy"),
        ("repaircenter/desk/jobs/timeline.py", "import requests"),
        ("repaircenter/desk/kit/theme.py", "import repaircenter.desk.jobs.timeline"),
        ("repaircenter/desk/jobs/timeline.py", "import repaircenter.desk.surveys.parameters"),
        ("repaircenter/shop/outbox/send_rule.py", "import repaircenter.shop.jobs.steps"),
        ("repaircenter/central/messages/rules.py", "import repaircenter.central.surveys.tasks"),
        ("repaircenter/desk/frame/main_bar.py", "import repaircenter.desk.frame.main_window"),
        ("repaircenter/central/core/secrets.py", "import repaircenter.shop.model"),
        ("repaircenter/shop/outbox/send_rule.py", "import PySide6"),
        ("repaircenter/wire/codec.py", "import repaircenter.shop.model"),
        ("repaircenter/share/tracker.py", "import repaircenter.store.tables"),
    ],
)
def test_the_import_contracts_bite(module: str, line: str, tmp_path: Path) -> None:
    """A forbidden arrow is found: the contracts are run on a copy with one line too many."""
    import shutil

    shutil.copytree(ROOT / "repaircenter", tmp_path / "repaircenter", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / module
    target.write_text(target.read_text("utf-8") + f"\n{line}\n", "utf-8")
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1 and "BROKEN" in done.stdout, done.stdout + done.stderr


def test_a_logged_exception_shows_type_and_place_but_never_its_text() -> None:
    try:
        raise ValueError("Éloïse Gagné-Côté 514 555 0101")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "it failed", None, sys.exc_info())
    text = SafeFormatter().format(record)
    assert "ValueError" in text and "test_house.py" in text and "Gagn" not in text


def test_every_column_of_the_store_was_judged_personal_or_not() -> None:
    for table in tables.metadata.sorted_tables:
        columns = {column.name for column in table.columns}
        judged = set(personal.PERSONAL.get(table.name, ())) | set(personal.PLAIN[table.name])
        assert columns == judged, table.name
        assert not set(personal.PERSONAL.get(table.name, ())) & set(personal.PLAIN[table.name])


# What runs before the window is painted.
_START = """
import repaircenter.cli as cli
cli._shop_options(cli._parser().parse_args(["desk"]))
import repaircenter.assembly.desk, repaircenter.desk.frame.program
"""


def test_the_start_of_the_desk_imports_nothing_heavy() -> None:
    """The first paint comes before sqlalchemy, requests and keyring are imported (DESIGN 5, tech.md 11)."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", _START], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded & {
        "sqlalchemy",
        "requests",
        "keyring",
        "arabic_reshaper",
        "bidi",
        "qtawesome",
        "reportlab",
        "xlsxwriter",
        "alembic",
        "msgspec",
        "multiprocessing",
        "concurrent",
    }


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    before, level = list(logging.getLogger().handlers), logging.getLogger().level
    set_up_logs(tmp_path / "logs")
    try:
        (tmp_path / "logs").rmdir()
        (tmp_path / "logs").write_text("not a folder")
        logging.getLogger("test").warning("nobody is stopped by this")
    finally:
        logging.getLogger().handlers[:] = before
        logging.getLogger().setLevel(level)
    assert "Logging error" in capsys.readouterr().err
