"""Configuration > People and rights: who may what where, asked in, changed, closed (MODULES 2, accounts; UI.md)."""

from functools import partial
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from repaircenter.desk.settings.account_page import AccountPage
from repaircenter.desk.settings.organisation_page import OrganisationPage
from repaircenter.desk.settings.people.people_page import PeoplePage
from repaircenter.wire.people import Grant, MyAddress, NewPerson, Node, PersonChange
from repaircenter.wire.vocabulary import PROGRAMME
from tests.desk.conftest import Bench
from tests.desk.screen import button_in as button
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.people import ADA, LEA, STAN, FakePeople


@pytest.fixture
def page(bench: Bench) -> PeoplePage:
    bench.sign_in()
    bench.window.open_page("people")
    found: PeoplePage = bench.window.page("configuration").parts["people"]
    bench.wait(lambda: len(found.list.model.rows) == 3)
    return found


def service(bench: Bench) -> FakePeople:
    kept: FakePeople = bench.control.person.people
    return kept


def choose(bench: Bench, page: PeoplePage, number: int) -> None:
    page.list.table.choose_row([row.id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.id == number)


def cells(page: PeoplePage, column: str) -> list[str]:
    names = [one.name for one in page.list.model.columns]
    at = names.index(column)
    return [page.list.model.index(row, at).data() for row in range(len(page.list.model.rows))]


def boxes(page: PeoplePage) -> list[QComboBox]:
    return [box for box in page._panel.grants.findChildren(QComboBox) if not box.isHidden() and box.isVisible()]


def take(box: QComboBox, data: Any) -> None:
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def fill(page: PeoplePage, **values: str) -> None:
    for name, text in values.items():
        box = page._panel.form._boxes[name]
        box.setText(text)
        box.textEdited.emit(text)


def test_the_list_says_who_may_what_where(page: PeoplePage) -> None:
    assert cells(page, "name") == ["Ada Min", "Lea Roy", "Stan Dard"]
    assert cells(page, "state") == ["Actif", "Invitation envoyée", "Actif"]
    assert cells(page, "grants")[::2] == ["Administrateur d’atelier – Tous les ateliers", "Personnel – Nord"]


def test_somebody_is_asked_in(bench: Bench, page: PeoplePage) -> None:
    press(page, "Inviter quelqu’un…")
    assert "valable sept jours" in words(page._panel) and page.is_changed
    press(page, "Envoyer l’invitation")
    assert "Un nom compte" in words(page._panel) and not service(bench).asked
    fill(page, name="Zoé Roy", email="zoe")
    press(page, "Envoyer l’invitation")
    assert "pas une adresse" in words(page._panel)
    fill(page, email="zoe@one.example")
    press(page, "Ajouter un autre rôle")
    bench.wait(lambda: len(boxes(page)) == 4)
    first_role, first_place, second_role, second_place = boxes(page)
    take(first_role, "manager")
    take(first_place, 2)
    take(second_place, 4)
    assert second_role.currentData() == "staff" and first_place.currentText().strip() == "Estrie"
    press(page, "Envoyer l’invitation")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, NewPerson) and (asked.name, asked.email, asked.language) == (
        "Zoé Roy",
        "zoe@one.example",
        "fr",
    )
    assert asked.grants == [Grant(role="manager", node_id=2), Grant(role="staff", node_id=4)]
    bench.wait(lambda: len(page.list.model.rows) == 4)
    assert page._panel.record is not None and page._panel.record.name == "Zoé Roy"


def test_an_answer_that_got_lost_is_asked_for_with_the_same_key(bench: Bench, page: PeoplePage) -> None:
    service(bench).loses = True
    press(page, "Inviter quelqu’un…")
    fill(page, name="Zoé Roy", email="zoe@one.example")
    press(page, "Envoyer l’invitation")
    bench.wait(lambda: page._panel.problem.isVisible())
    assert page._panel.form.values()["name"] == "Zoé Roy", "what was written stays"
    service(bench).loses = False
    press(page, "Envoyer l’invitation")
    bench.wait(lambda: not page.is_changed)
    first, second = service(bench).asked
    assert first == second
    press(page, "Inviter quelqu’un…")
    fill(page, name="Zoé Roy", email="zoe@one.example")
    press(page, "Envoyer l’invitation")
    bench.wait(lambda: len(service(bench).asked) == 3)
    assert service(bench).asked[2].key != first.key, "asked in anew is another thing"


def test_somebody_is_changed_and_apply_keeps_it(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    assert not page._panel.form._boxes["email"].isVisible(), "an address stays what it is"
    assert button(page._panel, "Enregistrer les modifications").isEnabled() is False
    fill(page, name="Stan D.")
    take(boxes(page)[0], "manager")
    assert page.is_changed
    bench.window.page("configuration")._apply.click()
    bench.wait(lambda: not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, PersonChange) and asked.version == 1
    assert (asked.name, asked.grants, asked.closed) == ("Stan D.", [Grant(role="manager", node_id=3)], None)
    bench.wait(lambda: "Stan D." in cells(page, "name"))


def test_a_refusal_is_said_and_what_was_written_stays(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    fill(page, name="Stan D.")
    service(bench).refusal = "beyond_reach"
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: "dépasse les ateliers" in words(page._panel))
    assert page.is_changed and page._panel.form.values()["name"] == "Stan D."
    press(page, "Abandonner les modifications")
    assert page._panel.form.values()["name"] == "Stan Dard"
    assert not bench.window.page("configuration").holds_unsaved


def test_what_is_not_kept_holds_the_choice(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    fill(page, name="Stan D.")
    page.list.table.choose_row(0)
    assert page._panel.record is not None and page._panel.record.id == STAN
    assert "pas encore enregistré" in words(page._panel)
    assert not bench.window.page("configuration").may_leave(lambda: None)


def test_an_account_is_closed_and_reopened_but_not_ones_own(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    press(page, "Fermer le compte")
    bench.wait(lambda: button(page._panel, "Rouvrir le compte") is not None)
    assert (
        service(bench).asked[0].closed is True
        and button(page._panel, "Envoyer un lien pour changer de mot de passe") is None
    )
    press(page, "Rouvrir le compte")
    bench.wait(lambda: button(page._panel, "Fermer le compte") is not None)
    choose(bench, page, ADA)
    assert button(page._panel, "Fermer le compte") is None


def test_an_invitation_is_sent_again(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, LEA)
    assert "n’a pas encore choisi" in words(page._panel)
    press(page, "Envoyer de nouveau l’invitation")
    bench.wait(lambda: service(bench).asked)
    (asked,) = service(bench).asked
    assert asked.link and (asked.closed, asked.grants, asked.name) == (None, None, None)


def test_who_works_elsewhere_too_has_their_roles_changed_only(bench: Bench, page: PeoplePage) -> None:
    kept = service(bench)
    kept.people = [msgspec.structs.replace(one, wholly=False) if one.id == STAN else one for one in kept.people]
    page.list.read_all()
    bench.wait(lambda: "d’autres ateliers" in cells(page, "grants")[2])
    choose(bench, page, STAN)
    assert not page._panel.form.isEnabled() and button(page._panel, "Fermer le compte") is None
    take(boxes(page)[0], "manager")
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: kept.asked)
    assert (kept.asked[0].name, kept.asked[0].language) == (None, None)


def test_what_was_done_is_said_in_words(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    table = page._panel._history._table
    bench.wait(lambda: table.rowCount() == 5)
    assert [table.item(row, 1).text() for row in range(5)] == [
        "Ada Min a créé le compte pour stan@one.example",
        "Ada Min a donné\N{NO-BREAK SPACE}: Personnel – Nord",
        "Ada Min a changé la langue\N{NO-BREAK SPACE}: English est devenu Français",
        "L’exploitant du service a fait envoyer un lien pour choisir un mot de passe",
        "Demande un poste plus récent",
    ]


def test_whoever_may_not_manage_people_is_told_so(bench: Bench) -> None:
    bench.control.person.permissions = ["reports.run"]
    bench.sign_in()
    bench.window.open_page("people")
    found: PeoplePage = bench.window.page("configuration").parts["people"]
    bench.wait(lambda: "administrateurs d’atelier" in words(found))
    assert not found.list.isVisible() and button(found, "Inviter quelqu’un…") is None


def test_who_leaves_leaves_nobody_on_screen(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    bench.window.account.sign_out()
    assert not page.list.model.rows and page._panel.record is None and not page._panel.isVisible()
    assert page.list.search.text() == ""


def test_what_somebody_else_did_meanwhile_is_said_and_can_be_overwritten(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    fill(page, name="Stan D.")
    kept = service(bench)
    kept.people = [msgspec.structs.replace(one, version=5) if one.id == STAN else one for one in kept.people]
    kept.refusal = "changed_meanwhile"
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: "est encore là" in words(page._panel))
    assert page._panel.form.values()["name"] == "Stan D."
    kept.refusal = ""
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: len(kept.asked) == 2 and not page._panel.is_changed)
    assert [one.version for one in kept.asked] == [1, 5]


def test_a_refusal_of_a_button_stays_on_screen(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    service(bench).refusal = "beyond_reach"
    press(page, "Fermer le compte")
    bench.wait(lambda: "dépasse les ateliers" in words(page._panel))
    page.list.read_all()
    bench.wait(lambda: not page.list._reading.is_asking)
    assert "dépasse les ateliers" in words(page._panel)
    choose(bench, page, LEA)
    assert "dépasse" not in words(page._panel)


def test_a_lost_answer_about_one_is_no_key_for_another(bench: Bench, page: PeoplePage) -> None:
    service(bench).loses = True
    choose(bench, page, STAN)
    press(page, "Envoyer un lien pour changer de mot de passe")
    bench.wait(lambda: page._panel.problem.isVisible())
    service(bench).loses = False
    kept = service(bench)
    kept.people = [msgspec.structs.replace(one, version=1) for one in kept.people]
    choose(bench, page, LEA)
    press(page, "Envoyer de nouveau l’invitation")
    bench.wait(lambda: len(kept.asked) == 2)
    assert kept.asked[0].key != kept.asked[1].key


def test_an_ended_session_takes_nothing_that_was_written(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    fill(page, name="Stan D.")
    bench.control.person.ended = True
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: bench.window.account.is_interrupted)
    assert page._panel.record is not None and page._panel.form.values()["name"] == "Stan D."


def test_the_wheel_over_a_number_changes_no_rule(bench: Bench) -> None:
    bench.sign_in()
    bench.window.open_page("programmes")
    found = bench.window.page("configuration").parts["programmes"]
    bench.wait(lambda: found.list.model.rows)
    found.list.table.choose_row(0)
    bench.wait(lambda: found._panel.record is not None)
    box = found._panel.form._boxes["ageing_days"]
    found.list.setFocus()
    center = QPointF(box.rect().center())
    event = QWheelEvent(
        center, QPointF(box.mapToGlobal(center.toPoint())), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)
    assert box.value() == 19


@pytest.fixture
def pcs(bench: Bench) -> OrganisationPage:
    bench.sign_in()
    bench.window.open_page("organisation")
    found: OrganisationPage = bench.window.page("configuration").parts["organisation"]
    bench.wait(lambda: len(found._page.model.rows) == 2)
    return found


def test_what_is_licensed_and_which_pcs_collect_is_said(pcs: OrganisationPage) -> None:
    assert "Groupe Nord\N{NO-BREAK SPACE}: Sondages et rapports, Alertes" in words(pcs)
    rows = [[pcs._page.model.index(row, at).data() for at in range(3)] for row in range(2)]
    assert [row[:2] for row in rows] == [["Jumelé", "FRONT-PC"], ["Jumelé", "OFFICE"]]
    assert "dans d’autres ateliers" in rows[1][2]


def test_a_pc_is_revoked_after_one_is_sure(bench: Bench, pcs: OrganisationPage) -> None:
    assert not pcs._revoke.isEnabled()
    pcs._page.table.choose_row(1)
    assert not pcs._revoke.isEnabled(), "it collects for somebody else's shops, too"
    pcs._page.table.choose_row(0)
    press(pcs, "Révoquer…")
    assert "FRONT-PC ne collectera" in words(pcs) and service(bench).pcs[0].revoked_at is None
    press(pcs, "Révoquer ce poste")
    bench.wait(lambda: service(bench).pcs[0].revoked_at is not None)
    bench.wait(lambda: pcs._page.model.rows[-1].name == "FRONT-PC")
    assert not pcs._revoke.isEnabled() and service(bench).pcs[1].revoked_at is None


def _says(widget: QWidget, sentence: str) -> bool:
    return sentence in words(widget)


@pytest.fixture
def mine(bench: Bench) -> AccountPage:
    bench.sign_in()
    bench.window.open_page("my_account")
    found: AccountPage = bench.window.page("configuration").parts["my_account"]
    bench.wait(lambda: "ada@one.example" in words(found))
    return found


def test_ones_address_is_changed_by_two_mails(bench: Bench, mine: AccountPage) -> None:
    """A-26: what is missing is said until both have confirmed."""
    mine._form.put("address", "nobody")
    press(mine, "Écrire aux deux adresses")
    assert "pas une adresse" in words(mine) and service(bench).mine.wanted is None
    mine._form.put("address", "ada@new.example")
    press(mine, "Écrire aux deux adresses")
    bench.wait(lambda: "ada@new.example la remplacera" in words(mine))
    assert mine._form.values()["address"] is None and "pas une adresse" not in words(mine)
    for confirmed, sentence in (
        ("old_confirmed", "actuelle a confirmé"),
        ("new_confirmed", "ada@new.example a confirmé"),
    ):
        now = MyAddress(address="ada@one.example", wanted="ada@new.example")
        service(bench).mine = msgspec.structs.replace(now, **{confirmed: True})
        mine.load()
        bench.wait(partial(_says, mine, sentence))
    service(bench).refusal = "address_taken"
    mine._form.put("address", "stan@one.example")
    press(mine, "Écrire aux deux adresses")
    bench.wait(lambda: "déjà un compte" in words(mine))
    bench.window.account.sign_out()
    assert "ada@" not in words(mine) and mine._form.values()["address"] is None


def test_an_insurer_is_invited_at_a_programme(bench: Bench) -> None:
    """A-02: where a role may be held follows the role, and another row is of the same kind."""
    service(bench).nodes.insert(1, Node(id=9, kind=PROGRAMME, name="Assurance Nord", parent_id=1))
    bench.sign_in()
    bench.window.open_page("people")
    page: PeoplePage = bench.window.page("configuration").parts["people"]
    bench.wait(lambda: len(page.list.model.rows) == 3)
    press(page, "Inviter quelqu’un…")
    bench.wait(lambda: len(boxes(page)) == 2)
    role, place = boxes(page)
    assert (role.currentData(), place.currentData()) == ("staff", 4)
    assert "Programme\u00a0: Assurance Nord" not in [place.itemText(n) for n in range(place.count())]
    take(role, "insurer")
    assert [place.itemText(n) for n in range(place.count())] == ["Programme\u00a0: Assurance Nord"]
    press(page, "Ajouter un autre rôle")
    bench.wait(lambda: len(boxes(page)) == 4)
    assert [box.currentData() for box in boxes(page)] == ["insurer", 9, "insurer", 9]
    fill(page, name="Nora Nord", email="nora@insurer.example")
    press(page, "Envoyer l’invitation")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    assert service(bench).asked[0].grants == [Grant(role="insurer", node_id=9)]
    assert "Assureur (lit un programme) – Programme\u00a0: Assurance Nord" in cells(page, "grants")
    bench.wait(lambda: len(boxes(page)) == 2)
    role, place = boxes(page)
    take(role, "manager")
    assert place.count() == 4 and place.currentData() == 4, "back among the shops, at the narrowest place"


def test_without_a_programme_nobody_is_offered_an_insurers_role(bench: Bench, page: PeoplePage) -> None:
    choose(bench, page, STAN)
    role = boxes(page)[0]
    assert role.findData("insurer") < 0 and role.findData("manager") >= 0
