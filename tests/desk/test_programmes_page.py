"""Configuration > Programs: rules, insurers, shops, names nobody claims (MODULES 4; UI.md)."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QWidget

from repaircenter.desk.settings.programmes.programmes_page import ProgrammesPage
from repaircenter.wire.surveys.programmes import NewProgramme, PreviewRequest, ProgrammeChange
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.programmes import INSURER, OWN, FakeProgrammes


@pytest.fixture
def page(bench: Bench) -> ProgrammesPage:
    bench.sign_in()
    bench.window.open_page("programmes")
    found: ProgrammesPage = bench.window.page("configuration").parts["programmes"]
    bench.wait(lambda: len(found.list.model.rows) == 2)
    return found


def service(bench: Bench) -> FakeProgrammes:
    kept: FakeProgrammes = bench.control.person.programmes
    return kept


def choose(bench: Bench, page: ProgrammesPage, number: int) -> None:
    page.list.table.choose_row([row.id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.id == number)


def fill(page: ProgrammesPage, **values: Any) -> None:
    for name, value in values.items():
        page._panel.form.put(name, value)
    page._panel.form.changed.emit()


def seen(page: ProgrammesPage, name: str) -> bool:
    box: QWidget = page._panel.form._boxes[name]
    return box.isVisible()


def test_the_list_says_when_and_how_many_are_asked(page: ProgrammesPage) -> None:
    rows = [[page.list.model.index(row, at).data() for at in range(6)] for row in range(2)]
    assert rows[0] == ["Actif", "Assurances Exemple", "D’un assureur", "19 jours", "2", "3"]
    assert rows[1][:3] == ["Actif", "Maison", "Des ateliers"]


def test_rules_are_changed_and_kept_once(bench: Bench, page: ProgrammesPage) -> None:
    choose(bench, page, INSURER)
    assert "3 clients attendent" in words(page._panel)
    assert not page._panel.is_changed
    fill(page, ageing_days=10, names="Assurances Exemple inc.\n\n  AE  ", reminder_days=0)
    page._panel.shops.item(0).setCheckState(Qt.CheckState.Unchecked)
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, ProgrammeChange) and asked.version == 1
    before = service(bench).programmes[-1].rules
    assert (asked.rules.ageing_days, asked.rules.reminder_days) == (10, 0)
    assert asked.rules.names == ["Assurances Exemple inc.", "AE"] and asked.rules.shops == [2]
    assert asked.rules == before and asked.rules.throttle_days == 30


def test_without_alerts_their_rules_are_not_asked(bench: Bench, page: ProgrammesPage) -> None:
    choose(bench, page, OWN)
    assert seen(page, "alert_hours") and not seen(page, "names") and not seen(page, "kind")
    fill(page, alerts=False)
    assert not seen(page, "alert_hours") and not seen(page, "recovery_demanded")
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: service(bench).asked)
    assert service(bench).asked[0].rules.alert_at_most is None


def test_channels_are_chosen_in_their_order(bench: Bench, page: ProgrammesPage) -> None:
    """A-P5: what is chosen twice is tried once; the fake's programme is an older service's, which knows no channels."""
    choose(bench, page, OWN)
    assert not page._panel.is_changed
    fill(page, channel_first="sms", channel_second="phone", channel_third="sms")
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    assert service(bench).asked[0].rules.channels == ["sms", "phone"]
    assert page._panel.form.values()["channel_second"] == "phone" and not page._panel.form.values()["channel_third"]


def test_a_program_is_added(bench: Bench, page: ProgrammesPage) -> None:
    press(page, "Ajouter un programme…")
    press(page, "Ajouter le programme")
    assert "Un nom compte" in words(page._panel)
    fill(page, name="Réseau", kind="insurer")
    press(page, "Ajouter le programme")
    assert "au moins un nom ou un code" in words(page._panel) and not service(bench).asked
    fill(page, kind="shop")
    press(page, "Ajouter le programme")
    bench.wait(lambda: len(page.list.model.rows) == 3)
    (asked,) = service(bench).asked
    assert isinstance(asked, NewProgramme) and (asked.kind, asked.rules.name) == ("shop", "Réseau")
    assert asked.rules.shops == [1, 2] and asked.rules.questionnaire == "standard" and asked.rules.active


def test_a_name_nobody_claims_becomes_one_of_the_program(bench: Bench, page: ProgrammesPage) -> None:
    choose(bench, page, INSURER)
    assert page._panel.unclaimed.item(0).text() == "Mutuelle du Nord – 4 travaux"
    page._panel.unclaimed.setCurrentRow(0)
    press(page, "Ajouter aux noms de ce programme")
    assert page._panel.rules().names == ["Assurances Exemple inc.", "Mutuelle du Nord"]
    choose_other = page.list.table.choose_row
    choose_other(1)
    assert page._panel.record is not None and page._panel.record.id == INSURER, "it is not kept yet"
    assert "pas encore enregistré" in words(page._panel)
    press(page, "Abandonner les modifications")
    choose(bench, page, OWN)
    assert not page._panel.unclaimed.isVisible()


def test_what_is_not_theirs_is_seen_and_not_changed(bench: Bench, page: ProgrammesPage) -> None:
    kept = service(bench)
    kept.programmes = [msgspec.structs.replace(one, changeable=False) for one in kept.programmes]
    page.list.read_all()
    bench.wait(lambda: not page.list.model.rows[0].changeable)
    choose(bench, page, INSURER)
    assert not page._panel.form.isEnabled() and not page._panel.shops.isEnabled()
    assert "ne sont pas les vôtres" in words(page._panel) and not page._panel.unclaimed.isVisible()


class Opened(QObject):
    """The system's browser: remembers what it was to show."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def show(self, address: QUrl) -> None:
        self.addresses.append(address.toString())


def test_a_questionnaire_is_shown_as_the_customer_sees_it(bench: Bench, page: ProgrammesPage) -> None:
    browser = Opened()
    QDesktopServices.setUrlHandler("https", browser, "show")  # type: ignore[arg-type]  # its stub knows bytes alone
    try:
        choose(bench, page, OWN)
        assert "Réparation de carrosserie" in [box.currentText() for box in page._panel.findChildren(QComboBox)]
        press(page, "Voir le questionnaire comme le client")
        bench.wait(lambda: browser.addresses)
        assert browser.addresses == ["https://service.example/v/standard"]
        (asked,) = service(bench).asked
        assert asked == PreviewRequest(questionnaire="standard", shop_id=1, language="fr")
        service(bench).refusal = "not_possible"
        press(page, "Voir le questionnaire comme le client")
        bench.wait(lambda: "Ce n’est plus possible" in words(page._panel))
    finally:
        QDesktopServices.unsetUrlHandler("https")


def test_a_refusal_is_said_and_what_was_written_stays(bench: Bench, page: ProgrammesPage) -> None:
    choose(bench, page, OWN)
    fill(page, ageing_days=3)
    service(bench).refusal = "changed_meanwhile"
    bench.window.page("configuration")._apply.click()
    bench.wait(lambda: "entre-temps" in words(page._panel))
    assert page._panel.rules().ageing_days == 3 and page.is_changed


def test_whoever_may_not_is_told_so(bench: Bench) -> None:
    bench.control.person.permissions = ["people.manage"]
    bench.sign_in()
    bench.window.open_page("programmes")
    found: ProgrammesPage = bench.window.page("configuration").parts["programmes"]
    bench.wait(lambda: "administrateurs d’atelier" in words(found))
    assert not found.list.isVisible()


def test_what_an_insurer_sees_is_ticked_at_its_programme(bench: Bench, page: ProgrammesPage) -> None:
    """A-P2: names and recoveries are shown to the insurer when the programme says so; a shop's own has none."""
    choose(bench, page, OWN)
    assert not seen(page, "shows_recovery") and not seen(page, "shows_contact")
    choose(bench, page, INSURER)
    assert seen(page, "shows_recovery") and not page._panel.is_changed
    fill(page, shows_recovery=True)
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    rules = service(bench).asked[0].rules
    assert (rules.shows_recovery, rules.shows_contact) == (True, False)


def test_alerts_about_silence_are_chosen_and_a_new_program_tells_whom_nothing_reaches(
    bench: Bench, page: ProgrammesPage
) -> None:
    """A-P8."""
    choose(bench, page, OWN)
    assert not page._panel.is_changed and page._panel.form.values()["alert_silent"] == "nobody"
    fill(page, alert_silent="companies")
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    rules = service(bench).asked[0].rules
    assert (rules.alert_unreached, rules.alert_silent) == (False, "companies")
    press(page, "Ajouter un programme…")
    fill(page, name="Réseau", kind="shop")
    press(page, "Ajouter le programme")
    bench.wait(lambda: len(service(bench).asked) == 2)
    rules = service(bench).asked[1].rules
    assert (rules.alert_unreached, rules.alert_silent) == (True, "nobody")

