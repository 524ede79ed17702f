"""The page of alerts: what is open, who has it, what was done, and of which one gets mail (A-06, A-P1, A-P3; UI.md)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QToolButton, QWidget

from repaircenter.desk.alerts.alert_details import AlertDetails
from repaircenter.desk.alerts.alert_list import columns, is_overdue
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.wire.alerts import AlertAnswer, Recovery
from tests.desk.conftest import Bench, RoomBench
from tests.desk.screen import button_in as button
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.alerts import ADA, CAME, STAN, alert

RECOVERY = Recovery(cause="repair", action="Portière repeinte.", outcome="satisfied")


@pytest.fixture
def alerts(room: Callable[..., RoomBench]) -> Callable[..., RoomBench]:
    """The page with somebody signed in, and the alerts of the service read."""

    def begin(language: str = "en", *, may_end: bool = True, sign_in: bool = True) -> RoomBench:
        found = room("alerts", language)
        service = found.control.person_side.alerts
        service.may_end = may_end
        if not service.alerts:
            service.alerts = [alert(1), alert(2, due_at=CAME - timedelta(hours=1), shop_id=2, state="seen"),
                              alert(3, state="done", ended_at=CAME, ended_by="Ada Min", recovery=RECOVERY)]  # fmt: skip
        page = found.window.page("alerts")
        found.account.attach(found.control)
        page.attach_service(found.control)
        if sign_in:
            found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
            found.wait(lambda: page._page.model.rows)
        return found

    return begin


def page_of(bench: RoomBench) -> Any:
    return bench.window.page("alerts")


def shown(bench: RoomBench) -> list[int]:
    return [row.id for row in page_of(bench)._page.model.rows]


def choose(bench: RoomBench, number: int) -> None:
    page = page_of(bench)
    page._page.table.choose_row(shown(bench).index(number))
    bench.wait(lambda: page.chosen is not None and page.chosen.id == number)


def details(bench: RoomBench) -> AlertDetails:
    found: AlertDetails = page_of(bench)._details
    return found


def chip(bench: RoomBench, text: str) -> QToolButton:
    tools: list[QToolButton] = page_of(bench).findChildren(QToolButton)
    return next(one for one in tools if one.text().startswith(text))


def states(bench: RoomBench) -> dict[int, str]:
    return {one.id: one.state for one in bench.control.person_side.alerts.alerts}


def test_what_is_open_is_listed_the_most_urgent_first_and_counted_in_the_bar(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    assert shown(found) == [2, 1], "overdue first, what is done not at all"
    assert found.window.counts == {"alerts": 2}
    assert chip(found, "Open").text() == "Open (2)" and chip(found, "Overdue").text() == "Overdue (1)"
    chip(found, "Open").click()
    found.wait(lambda: shown(found) == [2, 1, 3])
    chip(found, "Overdue").click()
    found.wait(lambda: shown(found) == [2])


def test_an_alert_says_whose_it_is_what_was_marked_low_and_until_when(alerts: Callable[..., RoomBench]) -> None:
    found = alerts("fr")
    choose(found, 1)
    said = words(details(found))
    for fact in ("Client 1 · 26-0001", "2020 Mazda CX-5", "Assurances Exemple",
                 "4 sur 10 – Qualité de la réparation", "La peinture ne va pas.", "échéance\u00a0: 2026-11-03 09:00"):  # fmt: skip
        assert fact in said, fact
    low = next(one for one in details(found).findChildren(QLabel) if "4 sur 10 –" in one.text())
    assert low.property("role") == "problem" and "Courtoisie" not in low.text()


def test_an_alert_that_is_opened_is_seen_and_one_that_was_taken_stays_taken(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    choose(found, 1)
    found.wait(lambda: states(found)[1] == "seen")
    press(details(found), "Take in hand")
    found.wait(lambda: states(found)[1] == "in_hand")
    found.wait(lambda: "In hand" in words(details(found)))
    assert details(found)._owner.currentText() == "Ada Min" and button(details(found), "Take in hand") is None
    assert [one.owner_id for one in found.control.person_side.alerts.changes if one.state == "in_hand"] == [ADA]


def test_what_was_done_ends_an_alert_and_is_read_by_the_next(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    choose(found, 2)
    press(details(found), "Note what was done…")
    form = page_of(found)._form
    found.wait(form.isVisible)
    press(form, "Save")
    found.wait(lambda: "Say what was wrong" in words(form))
    QTest.keyClicks(form.findChild(QPlainTextEdit), "Called, repainted")
    press(form, "Save")
    assert not [one for one in found.control.person_side.alerts.changes if one.recovery], "nothing is chosen by itself"
    for name, chosen in (("cause", "repair"), ("outcome", "satisfied")):
        box = form.form._boxes[name]
        assert box.currentText() == "Choose…"
        box.setCurrentIndex(box.findData(chosen))
    press(form, "Save")
    found.wait(lambda: states(found)[2] == "done")
    (change,) = [one for one in found.control.person_side.alerts.changes if one.recovery is not None]
    assert change.recovery == Recovery(cause="repair", action="Called, repainted", outcome="satisfied")
    found.wait(lambda: shown(found) == [1] and found.window.counts["alerts"] == 1)
    chip(found, "Open").click()
    found.wait(lambda: 2 in shown(found))
    choose(found, 2)
    assert "Called, repainted" in words(details(found)) and "done by Ada Min: 2026-11-02 09:00" in words(details(found))
    press(details(found), "Open again")
    found.wait(lambda: states(found)[2] == "in_hand")


def test_who_may_not_end_alerts_writes_down_what_was_done_and_ends_none(alerts: Callable[..., RoomBench]) -> None:
    found = alerts(may_end=False)
    choose(found, 1)
    press(details(found), "Note what was done…")
    form = page_of(found)._form
    assert "The alert is done" not in [
        one.text() for one in form.findChildren(QWidget) if hasattr(one, "isChecked") and one.isVisible()
    ]
    QTest.keyClicks(form.findChild(QPlainTextEdit), "Called")
    form.form.put("cause", "delay")
    form.form.put("outcome", "partly")
    press(form, "Save")
    found.wait(lambda: states(found)[1] == "in_hand")
    chip(found, "Open").click()
    found.wait(lambda: 3 in shown(found))
    choose(found, 3)
    assert button(details(found), "Open again") is None


def test_what_is_being_written_is_not_lost_by_another_choice_or_a_reading(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    choose(found, 2)
    press(details(found), "Note what was done…")
    form = page_of(found)._form
    QTest.keyClicks(form.findChild(QPlainTextEdit), "Half a sent")
    page_of(found)._page.table.choose_row(shown(found).index(1))
    found.hub.tell("alerts_changed")
    QTest.qWait(400)
    assert form.isVisible() and page_of(found)._page.chosen == 2
    assert form.findChild(QPlainTextEdit).toPlainText() == "Half a sent"


def test_what_a_colleague_did_meanwhile_is_said_and_shown(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    choose(found, 2)
    service = found.control.person_side.alerts
    service.alerts = [
        msgspec.structs.replace(one, version=2, state="in_hand", owner_id=STAN, owner="Stan Dard", changed_by="Stan Dard")
        if one.id == 2 else one for one in service.alerts
    ]  # fmt: skip
    press(details(found), "Take in hand")
    found.wait(lambda: "Somebody else has changed this" in words(details(found)))
    found.wait(lambda: details(found)._owner.currentText() == "Stan Dard")
    assert "Last changed by Stan Dard" in words(details(found)) and states(found)[2] == "in_hand"


def write(found: RoomBench, number: int, text: str) -> Any:
    """Begin to write about an alert; returns the form."""
    choose(found, number)
    press(details(found), "Note what was done…")
    form = page_of(found)._form
    found.wait(form.isVisible)
    form.form.put("cause", "delay")
    form.form.put("outcome", "partly")
    QTest.keyClicks(form.findChild(QPlainTextEdit), text)
    return form


def test_what_a_colleague_wrote_meanwhile_is_shown_before_it_is_replaced(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    form = write(found, 2, "Mine")
    service = found.control.person_side.alerts
    theirs = Recovery(cause="repair", action="Stan has repainted it.", outcome="satisfied")
    service.alerts = [
        msgspec.structs.replace(one, version=2, recovery=theirs, changed_by="Stan Dard") if one.id == 2 else one
        for one in service.alerts
    ]
    found.hub.tell("alerts_changed")
    found.wait(lambda: page_of(found)._known(2).version == 2)
    press(form, "Save")
    found.wait(lambda: "Stan Dard wrote meanwhile: “Stan has repainted it.”" in words(form))
    assert service.alerts[1].recovery == theirs and form.findChild(QPlainTextEdit).toPlainText() == "Mine"
    press(form, "Save")
    found.wait(lambda: service.alerts[1].recovery is not None and service.alerts[1].recovery.action == "Mine")


def test_an_answer_that_got_lost_is_no_second_change(alerts: Callable[..., RoomBench]) -> None:
    """It was done, which is seen when the list is read again; what was written is not asked for once more."""
    found = alerts()
    form = write(found, 2, "Called")
    service = found.control.person_side.alerts
    service.loses = True
    press(form, "Save")
    found.wait(lambda: not page_of(found).holds_unsaved)
    assert states(found)[2] == "done"
    assert [one.state for one in service.changes if one.state != "seen"] == ["done"]


def test_what_is_tried_again_is_the_same_change(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    form = write(found, 2, "Called")
    service = found.control.person_side.alerts
    service.refuses_changes = True
    for count in (1, 2):
        press(form, "Save")
        found.wait(lambda: not form._is_busy)
        assert len([one for one in service.changes if one.recovery]) == count
    service.refuses_changes = False
    press(form, "Save")
    found.wait(lambda: states(found)[2] == "done")
    assert len({one.key for one in service.changes if one.recovery}) == 1


def test_what_is_begun_while_something_else_is_done_is_not_closed_by_it(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    service = found.control.person_side.alerts
    choose(found, 1)
    found.wait(lambda: states(found)[1] == "seen")
    service.gate.clear()
    press(details(found), "Take in hand")
    assert not details(found).isEnabled(), "nothing else is begun meanwhile"
    page_of(found)._page.table.choose_row(shown(found).index(2))
    service.gate.set()
    found.wait(lambda: states(found)[1] == "in_hand" and details(found).isEnabled())
    assert page_of(found).chosen.id == 2


def test_what_is_written_is_not_left_unasked(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    form, gone = write(found, 2, "Half"), list[str]()
    assert not page_of(found).may_leave(lambda: gone.append("gone")) and form.isVisible()
    press(page_of(found), "Discard changes")
    assert gone == ["gone"] and not form.isVisible() and page_of(found).may_leave(lambda: None)


def test_without_a_demand_an_alert_is_done_without_a_word(alerts: Callable[..., RoomBench]) -> None:
    found = alerts(sign_in=False)
    found.control.person_side.alerts.alerts = [alert(1, recovery_demanded=False)]
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(lambda: shown(found) == [1])
    choose(found, 1)
    press(details(found), "Note what was done…")
    press(page_of(found)._form, "Save")
    found.wait(lambda: states(found)[1] == "done")


def test_somebody_else_who_signs_in_finds_nothing_of_the_one_before(alerts: Callable[..., RoomBench]) -> None:
    """Also in place, where a session has ended; whoever comes back finds what they were writing."""
    found = alerts()
    form = write(found, 2, "Ada's words")
    found.account.end_session(lambda: None, lambda: None)
    found.wait(lambda: not page_of(found)._page.isVisible())
    found.account.lock()
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(form.isVisible)
    assert form.findChild(QPlainTextEdit).toPlainText() == "Ada's words"
    found.account.end_session(lambda: None, lambda: None)
    found.account.sign_in("otto@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(lambda: page_of(found)._page.isVisible())
    assert page_of(found)._form is None and page_of(found).chosen is None


def test_every_alert_that_is_gone_through_is_seen(alerts: Callable[..., RoomBench]) -> None:
    found = alerts(sign_in=False)
    service = found.control.person_side.alerts
    service.alerts = [alert(number) for number in range(1, 5)]
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(lambda: len(shown(found)) == 4)
    service.gate.clear()
    first, *others, last = shown(found)
    choose(found, first)
    choose(found, last)
    service.gate.set()
    found.wait(lambda: states(found)[first] == "seen" and states(found)[last] == "seen")
    assert {states(found)[other] for other in others} == {"new"}


def test_times_are_those_of_the_alerts_shop(alerts: Callable[..., RoomBench]) -> None:
    found = alerts(sign_in=False)
    found.control.person_side.alerts.alerts = [alert(1, zone="Europe/Madrid")]
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(lambda: shown(found) == [1])
    choose(found, 1)
    assert "due: 2026-11-03 15:00" in words(details(found))


def test_the_lowest_mark_is_by_its_scale(context: DeskContext) -> None:
    marks = [
        AlertAnswer(label="a", value=4, maximum=10, low=True),
        AlertAnswer(label="b", value=3, maximum=5, low=True),
    ]
    (column,) = [one for one in columns(lambda: CAME) if one.name == "mark"]
    lower, higher = alert(1, answers=marks), alert(2, answers=[AlertAnswer(label="c", value=10, maximum=10, low=True)])
    assert column.text(lower, context) == "4 / 10"
    assert column.order(lower) < column.order(higher)


def test_only_the_first_of_many_are_said_to_be_shown(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    assert "Only the first" not in words(page_of(found))
    found.control.person_side.alerts.more = True
    found.hub.tell("alerts_changed")
    found.wait(lambda: "Only the first 3 are shown." in words(page_of(found)))


def test_an_alert_is_given_to_a_colleague_of_its_shop(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    choose(found, 1)
    owner = details(found)._owner
    assert [owner.itemText(n) for n in range(owner.count())] == ["Nobody yet", "Ada Min", "Stan Dard"]
    owner.setCurrentIndex(2)
    owner.activated.emit(2)
    found.wait(lambda: found.control.person_side.alerts.alerts[0].owner_id == STAN)
    chip(found, "Mine")
    owner.setCurrentIndex(1)
    owner.activated.emit(1)
    found.wait(lambda: found.control.person_side.alerts.alerts[0].owner_id == ADA)
    found.wait(lambda: chip(found, "Mine").text() == "Mine (1)")


def test_a_new_alert_is_there_as_soon_as_the_service_tells_of_it(alerts: Callable[..., RoomBench]) -> None:
    """And said once beside the tray's icon; what was there when somebody signed in is not."""
    found, said = alerts(), list[int]()
    page_of(found)._say_new = said.append
    found.control.person_side.alerts.alerts.append(alert(4))
    found.hub.tell("alerts_changed")
    found.wait(lambda: 4 in shown(found) and found.window.counts["alerts"] == 3)
    found.hub.tell("alerts_changed")
    page_of(found)._page.read_all()
    QTest.qWait(300)
    assert said == [1]


def test_which_alerts_are_mailed_is_chosen_for_one_shop_or_all(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    mail: QComboBox = page_of(found)._mail.box
    found.wait(lambda: mail.currentText() == "Differs by shop")
    page_of(found).choose_shop(2)
    assert mail.currentText() == "About mine only" and [mail.itemText(n) for n in range(3)] == [
        "About all alerts", "About mine only", "None"]  # fmt: skip
    mail.setCurrentIndex(2)
    mail.activated.emit(2)
    found.wait(lambda: found.control.person_side.alerts.choices == {1: "all", 2: "none"})
    page_of(found).choose_shop(None)
    mail.setCurrentIndex(1)
    mail.activated.emit(1)
    found.wait(lambda: found.control.person_side.alerts.choices == {1: "all", 2: "all"})


def test_the_shop_chosen_in_the_bar_narrows_the_list(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    page_of(found).choose_shop(2)
    found.wait(lambda: shown(found) == [2])
    assert chip(found, "Open").text() == "Open (1)"
    assert found.window.counts["alerts"] == 2, "the bar counts all of them"


def test_an_alert_leads_to_its_job_and_its_survey(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    choose(found, 1)
    press(details(found), "Show the job")
    press(details(found), "Whole survey")
    assert found.window.opened[-2:] == ["jobs/26-0001", "surveys/1/C:1"]


def test_without_the_service_the_list_says_so_and_comes_back(alerts: Callable[..., RoomBench]) -> None:
    found = alerts()
    found.control.person_side.alerts.away = True
    page_of(found)._page.read_all()
    empty = page_of(found)._page.empty
    found.wait(lambda: empty.isVisible() and "cannot be reached" in words(empty))
    choose_none = page_of(found)._page.chosen
    assert choose_none is None
    found.control.person_side.alerts.away = False
    press(empty, "Try again")
    found.wait(lambda: shown(found) == [2, 1])


def test_nobody_reads_alerts_before_they_have_signed_in_and_nothing_stays_after(
    alerts: Callable[..., RoomBench],
) -> None:
    found = alerts(sign_in=False)
    assert not page_of(found)._page.isVisible() and "Sign in" in words(page_of(found))
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(lambda: shown(found) == [2, 1])
    choose(found, 1)
    found.account.sign_out()
    found.wait(lambda: not page_of(found)._page.isVisible())
    assert shown(found) == [] and found.window.counts["alerts"] == 0
    assert "Client 1" not in "\n".join(one.text() for one in page_of(found).findChildren(QLabel))


def test_no_alerts_are_said_to_be_none(alerts: Callable[..., RoomBench]) -> None:
    found = alerts(sign_in=False)
    found.control.person_side.alerts.alerts = []
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    empty = page_of(found)._page.empty
    found.wait(lambda: "Nothing is open" in words(empty))
    chip(found, "Open").click()
    found.wait(lambda: "No alerts" in words(empty))
    page_of(found)._page.search.setText("Gagné")
    found.wait(lambda: "Nothing found" in words(empty))


def test_what_a_newer_service_says_is_shown_as_needing_a_newer_desk(alerts: Callable[..., RoomBench]) -> None:
    found = alerts(sign_in=False)
    found.control.person_side.alerts.alerts = [alert(1, state="escalated")]
    found.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    found.wait(lambda: page_of(found)._page.empty.isVisible())
    chip(found, "Open").click()
    found.wait(lambda: shown(found) == [1])
    choose(found, 1)
    assert "Needs a newer desk" in words(details(found)) and button(details(found), "Take in hand") is None


def test_overdue_is_what_is_open_and_late() -> None:
    late = alert(1, due_at=CAME)
    assert is_overdue(late, CAME + timedelta(seconds=1)) and not is_overdue(late, CAME)
    assert not is_overdue(alert(1, due_at=CAME, state="done", ended_at=CAME), CAME + timedelta(days=9))


def test_the_bar_says_how_many_wait_and_has_no_alerts_without_their_licence(start: Callable[..., Bench]) -> None:
    found = start("en")
    found.wait(lambda: found.window.page("jobs").count_shown)
    person = found.control.person_side
    person.alerts.alerts = [alert(1), alert(2)]
    assert found.window.bar.offers("alerts")
    found.sign_in()
    found.window.show_page("alerts")
    action = found.window.bar.actions_by_page["alerts"]
    found.wait(lambda: action.text() == "Alerts (2)")
    found.window.set_language("fr")
    assert action.text() == "Alertes (2)"
    found.window.account.sign_out()
    assert action.text() == "Alertes"
    person.modules = []
    found.sign_in()
    found.wait(lambda: not found.window.bar.offers("alerts"))


def test_who_is_out_of_reach_and_who_is_silent_are_told_in_words(alerts: Callable[..., RoomBench]) -> None:
    """A-P8: without an answer there are no marks, nothing to contest, and the reason is said."""
    bench = alerts("fr", sign_in=False)
    bench.control.person_side.alerts.alerts = [
        alert(1, kind="unreached", reason="bounced", answers=[], comment=None, answer_id=None),
        alert(2, kind="silent", answers=[], comment=None, answer_id=None),
        alert(3, kind="of a newer service", answers=[], comment=None),
        alert(4),
    ]
    bench.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    bench.wait(lambda: len(shown(bench)) == 4)
    choose(bench, 1)
    told = words(details(bench))
    assert "Rien ne joint ce client" in told and "Rien n’arrive" in told and "Mauvaises notes" not in told
    assert not details(bench)._buttons["contest"].isVisible()
    choose(bench, 2)
    assert "Pas de réponse" in words(details(bench))
    choose(bench, 3)
    assert "Exige une version plus récente" in words(details(bench))
    choose(bench, 4)
    assert details(bench)._buttons["contest"].isVisible()
    column = [one.name for one in page_of(bench)._page.model.columns].index("about")
    model = page_of(bench)._page.model
    abouts = {row.id: model.index(at, column).data() for at, row in enumerate(model.rows)}
    assert abouts[2] == "Pas de réponse\u00a0: appelez le client" and abouts[4] == "Qualité de la réparation"


def test_a_low_answer_is_contested_on_its_page(alerts: Callable[..., RoomBench]) -> None:
    bench = alerts()
    choose(bench, 1)
    press(details(bench), "Contest the answer…")
    assert bench.window.opened == ["contests/901"]


def test_what_a_customer_wrote_back_is_read_in_its_alert(alerts: Callable[..., RoomBench]) -> None:
    """Between what nobody answered and what was answered badly: words, and no marks."""
    bench = alerts("fr", sign_in=False)
    bench.control.person_side.alerts.alerts = [
        alert(1, kind="reply", answers=[], comment="Le pare-chocs vibre.\n\nEncore.", answer_id=None)
    ]
    bench.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    bench.wait(lambda: len(shown(bench)) == 1)
    choose(bench, 1)
    told = words(details(bench))
    assert "Le client vous a écrit" in told and "Le pare-chocs vibre." in told and "Encore." in told
    assert "Mauvaises notes" not in told and not details(bench)._buttons["contest"].isVisible()
    assert not details(bench)._buttons["survey"].isVisible() and details(bench)._buttons["job"].isVisible()


def test_mine_are_those_one_was_given_and_those_of_ones_own_jobs(alerts: Callable[..., RoomBench]) -> None:
    """A-P3: somebody who worked on a job finds its alert, whoever has it."""
    found = alerts()
    side = found.control.person_side.alerts
    side.alerts.append(alert(4, is_own=True))
    found.hub.tell("alerts_changed")
    found.wait(lambda: chip(found, "Mine").text() == "Mine (1)")
    chip(found, "Mine").click()
    found.wait(lambda: shown(found) == [4])
