"""What leaves this PC, on the screen: the log, refused messages, the switch (A-N8; anchors.md 5-9, 5-10)."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QCheckBox, QPushButton, QTableWidget

from repaircenter.shop.model.outbox import Counts, LoggedMessage, OutboxRow
from repaircenter.shop.outbox.messages import every_field, payload_of
from tests.desk.conftest import NOW, Bench, FakeControl, RoomBench, job
from tests.desk.screen import field, press, visible, words_on


def message(number: int, state: str, status: str | None = None, **fields: object) -> LoggedMessage:
    given: dict[str, object] = {
        "id": f"row{number}",
        "job_id": number,
        "shop_id": 1,
        "kind": "job",
        "schema": 1,
        "payload": payload_of(job(number), None),
        "digest": "",
        "state": state,
        "started": 1,
        "next_try_at_utc": NOW,
        "last_status": status,
        "created_at_utc": NOW,
        "sent_at_utc": NOW if state == "sent" else None,
    }
    return LoggedMessage(OutboxRow(**{**given, **fields}), f"26-{number} · Gagné {number}")  # type: ignore[arg-type]


@pytest.fixture
def messages(control: FakeControl) -> None:
    control.messages = [
        message(1, "sent", "kept"),
        message(2, "sent", "filtered"),
        message(3, "refused", "bad_value"),
        message(4, "parked", "unreadable"),
        message(5, "waiting", attempts=2),
        message(6, "sent", "withdrawn", kind="withdraw", payload='{"job_key":"C:6","reason":"excluded"}'),
    ]
    control.counts = Counts(to_send=1, refused=2, oldest_waiting_utc=NOW, last_sent_utc=NOW)


@pytest.fixture
def opened(room: Callable[..., RoomBench], messages: None) -> RoomBench:
    found = room("sending", place="refused")
    found.wait(lambda: found.window.page("sending")._lists["log"].messages)
    return found


def test_a_message_is_found_and_leads_to_its_job_and_back(opened: RoomBench) -> None:
    page = opened.window.page("sending")
    page._tabs.setCurrentIndex(0)
    log = page._lists["log"]
    log.page.search.setText("Gagné 2")
    opened.wait(lambda: log.page.model.rowCount() == 1)
    log.page.choose_first()
    assert "The message of 26-2 · Gagné 2:" in words_on(opened)
    press(opened, "Open this job")
    press(opened, "← Back to the jobs")
    assert opened.window.opened == ["jobs/26-2", "jobs"]


def test_nothing_has_left_is_said_only_when_nothing_has(opened: RoomBench, control: FakeControl) -> None:
    """Issue 15.16: beside a message that left, the page asks to choose one."""
    page = opened.window.page("sending")
    page._tabs.setCurrentIndex(0)
    page._lists["log"].page.choose(None)
    page._show_chosen()
    assert "Choose a message" in words_on(opened) and "Nothing has left" not in words_on(opened)
    page._lists["log"].page.search.setText("nobody")
    opened.wait(lambda: "Nothing found" in words_on(opened))
    assert "Nothing has left" not in words_on(opened), "an empty search says nothing of what left"
    page._lists["log"].page.search.clear()
    control.messages = []
    opened.hub.tell("jobs_changed")
    opened.wait(lambda: "Nothing has left this PC yet." in words_on(opened))


@pytest.fixture
def whole(start: Callable[..., Bench], messages: None) -> Bench:
    """The whole window, for what other pages and the status bar say."""
    found = start("en")
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.window.open_page("sending/refused")
    return found


def cells(bench: RoomBench, name: str) -> list[str]:
    model = bench.window.page("sending")._lists[name].page.model
    texts = [[str(model.data(model.index(r, c))) for c in range(1, 4)] for r in range(model.rowCount())]
    return [" | ".join(row) for row in texts]


def test_the_log_says_what_left_and_what_became_of_it(opened: RoomBench) -> None:
    assert cells(opened, "log") == [
        "26-1 · Gagné 1 | Job | kept",
        "26-2 · Gagné 2 | Job | not kept",
        "26-6 · Gagné 6 | Withdrawal | withdrawn",
    ]
    assert cells(opened, "refused") == [
        "26-3 · Gagné 3 | Job | a value cannot be right",
        "26-4 · Gagné 4 | Job | this program cannot read the message",
    ]
    assert "failed 2 times" in cells(opened, "waiting")[0]
    assert "the oldest waits since" in words_on(opened) and "last success" in words_on(opened)


def test_a_message_is_shown_word_for_word(opened: RoomBench) -> None:
    page = opened.window.page("sending")
    page._tabs.setCurrentIndex(0)
    page._lists["log"].page.table.selectRow(0)
    assert "The message of 26-1" in words_on(opened)
    values = {page._sent._fields.item(r, 0).text(): page._sent._fields.item(r, 1).text() for r in range(8)}
    assert values["Last name"] == "Gagné 1"
    page._lists["log"].page.table.selectRow(2)
    press(opened, "Word for word")
    assert '"reason": "excluded"' in page._sent._text.toPlainText()


def test_refused_messages_are_tried_again_or_given_up(opened: RoomBench) -> None:
    opened.window.page("sending")._lists["refused"].page.table.selectRow(1)
    press(opened, "Try again")
    opened.wait(lambda: ("again", "row4") in opened.control.calls)
    press(opened, "Discard")
    opened.wait(lambda: ("discard", "row4") in opened.control.calls and len(cells(opened, "refused")) == 1)
    again = next(b for b in visible(opened, QPushButton) if b.text().replace("&", "") == "Try again")
    assert not again.isEnabled(), "nothing is chosen any more: nothing can be given up by mistake"


def test_a_message_that_comes_in_above_moves_no_choice(opened: RoomBench) -> None:
    opened.window.page("sending")._lists["refused"].page.table.selectRow(1)
    opened.control.messages.insert(2, message(9, "refused", "bad_value"))
    opened.hub.tell("jobs_changed")
    opened.wait(lambda: len(cells(opened, "refused")) == 3)
    press(opened, "Discard")
    opened.wait(lambda: ("discard", "row4") in opened.control.calls)


def test_the_switch_stops_all_sending_and_every_page_says_so(whole: Bench) -> None:
    (switch,) = [box for box in visible(whole, QCheckBox) if "Stop all sending" in box.text().replace("&", "")]
    switch.click()
    whole.wait(lambda: ("setting", "sending_stopped", "yes") in whole.control.calls)
    whole.hub.tell("connection_changed")
    whole.wait(lambda: "Sending stopped" in whole.window.status_text("outbox"))
    whole.window.show_page("jobs")
    whole.wait(lambda: "All sending is stopped by a person" in words_on(whole))
    press(whole, "Send again")
    whole.wait(lambda: ("setting", "sending_stopped", "no") in whole.control.calls)


def test_every_field_that_may_ever_leave_is_listed(opened: RoomBench) -> None:
    page = opened.window.page("sending")
    page._tabs.setCurrentIndex(3)
    shown = [page._fields.item(row, 1).text() for row in range(page._fields.rowCount())]
    assert shown == every_field() and "contact.email" in shown and len(shown) > 25
    assert not any("vin" in path or "plate" in path or "line" in path for path in shown)
    assert field(opened, "All fields", QTableWidget) is page._fields


def test_the_status_cell_leads_to_what_waits(whole: Bench) -> None:
    whole.window.show_page("jobs")
    whole.window._cell_pressed("outbox")
    whole.wait(lambda: whole.window.page("sending").isVisible())
    assert whole.window.page("sending")._tabs.currentIndex() == 2
