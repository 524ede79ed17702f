"""Configuration > Opening hours and holidays (requirements 6.1; UI.md)."""

from datetime import date
from typing import Any

import pytest

from repaircenter.desk.settings.hours.hours_page import HoursPage
from repaircenter.desk.settings.hours.hours_panel import read_days, read_spans
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.hours import ALL, NORD, FakeHours


@pytest.fixture
def page(bench: Bench) -> HoursPage:
    bench.sign_in()
    bench.window.open_page("hours")
    found: HoursPage = bench.window.page("configuration").parts["hours"]
    bench.wait(lambda: len(found.list.model.rows) == 2)
    return found


def service(bench: Bench) -> FakeHours:
    kept: FakeHours = bench.control.person.hours
    return kept


def choose(bench: Bench, page: HoursPage, number: int) -> None:
    page.list.table.choose_row([row.node_id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.node_id == number)


def fill(page: HoursPage, **values: Any) -> None:
    for name, value in values.items():
        page._panel.form.put(name, value)
    page._panel.form.changed.emit()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", []),
        ("8:00 – 12:00; 13:30-18:00", ["08:00-12:00", "13:30-18:00"]),
        ("08:00-12:00,", ["08:00-12:00"]),
        ("13:00-18:00, 08:00-12:00", None),
        ("08:00-12:00, 11:00-18:00", None),
        ("08:00-12:00, 12:00-18:00", None),
        ("12:00-08:00", None),
        ("8-12", None),
        ("24:00-25:00", None),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, kept: list[str] | None) -> None:
    assert read_spans(written) == kept


def test_days_off_are_read_one_a_line() -> None:
    assert read_days(" 2026-12-26 \n\n2026-12-25\n2026-12-25") == [date(2026, 12, 25), date(2026, 12, 26)]
    assert read_days("2026-02-30") is None and read_days("Noël") is None


def test_the_list_says_the_week_and_whose_it_is(page: HoursPage) -> None:
    rows = [[page.list.model.index(row, at).data() for at in range(3)] for row in range(2)]
    assert [row[0] for row in rows] == ["Tous les ateliers", "Nord"]
    assert rows[1][1].startswith("(lun. 08:00-17:00 · mar.") and rows[1][2] == "1"


def test_a_shop_gets_hours_of_its_own(bench: Bench, page: HoursPage) -> None:
    choose(bench, page, NORD)
    assert "2026-12-25" in words(page._panel) and not page._panel.is_changed
    assert not page._panel.form._boxes["mon"].isEnabled(), "those of the place above are only read"
    fill(page, own=True, mon="8:00-12:00, 13:30-18:00", tue="", closed="2026-12-24")
    assert page._panel.form._boxes["mon"].isEnabled()
    press(page, "Enregistrer les heures")
    bench.wait(lambda: service(bench).asked and not page._panel.is_changed)
    (asked,) = service(bench).asked
    assert asked.version == 1 and asked.hours.closed == [date(2026, 12, 24)] and asked.hours.opening is not None
    assert asked.hours.opening["mon"] == ["08:00-12:00", "13:30-18:00"] and "tue" not in asked.hours.opening
    bench.wait(lambda: page.list.model.index(1, 1).data().startswith("lun. 08:00-12:00, 13:30-18:00 · mer."))
    fill(page, own=False)
    press(page, "Enregistrer les heures")
    bench.wait(lambda: len(service(bench).asked) == 2)
    assert service(bench).asked[1].hours.opening is None


def test_what_is_no_hours_is_said_and_stays(bench: Bench, page: HoursPage) -> None:
    choose(bench, page, ALL)
    fill(page, own=True, mon="morning")
    press(page, "Enregistrer les heures")
    assert "Écrivez les heures" in words(page._panel) and not service(bench).asked
    fill(page, mon="08:00-12:00", closed="Noël")
    press(page, "Enregistrer les heures")
    assert "jours de congé" in words(page._panel) and not service(bench).asked
    assert page.is_changed
