"""How a job stands, in one sentence with one button (issue 15.4, A-N1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from repaircenter.desk.jobs.job_status import status_of
from repaircenter.desk.jobs.timeline import steps
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.shop.model.job import Event, JobDetails, JobView
from repaircenter.shop.model.outbox import OutboxRow
from tests.desk.conftest import NOW, FakeControl, RoomBench, job
from tests.desk.screen import field, press, visible, words_on

NOT_SENT = {"service_state": None, "sent_digest": None, "service_callable_on": None}
ROW = OutboxRow(
    id="r", job_id=1, shop_id=1, kind="job", schema=1, payload="{}", digest="", next_try_at_utc=NOW, created_at_utc=NOW
)


def told(context: DeskContext, rule: str = "create", **more: Any) -> tuple[str, str]:
    """The sentence and the deed for a job of these facts; `outbox` and `cutoff` are of its view."""
    outbox, cutoff = more.pop("outbox", ()), more.pop("cutoff", None)
    details = JobDetails(job(1, **more), (), (), outbox)
    status = status_of(JobView(details, rule, before_cutoff=cutoff), context)
    return status.sentence, status.deed


def test_before_it_is_sent_a_job_says_what_it_waits_for(context: DeskContext) -> None:
    context.set_language("en")
    for facts, rule, sentence, deed in (
        ({"excluded": True}, "create", "Excluded: this customer is not surveyed.", "include"),
        ({"unsure": True}, "create", "Not sent yet: say below whether", ""),
        ({"shop_id": None}, "create", "Not sent yet: say which shop", ""),
        ({"skipped": True}, "create", "Not sent by itself: it was here before", "send_now"),
        ({"cutoff": date(2026, 11, 1)}, "create", "since the cut-off date 2026-11-01", "send_now"),
        ({}, "convert", "Is sent when it becomes a repair order.", "convert"),
        ({"state": "repair_order"}, "delivery", "Is sent when the vehicle is delivered.", "deliver"),
        ({}, "never", "Nothing is sent by itself here.", "send_now"),
        ({"email": None, "phones": ("+15145550101",)}, "delivery", "Without an e-mail address", "add_email"),
        ({"email": None}, "delivery", "No way to reach this customer", "add_email"),
        ({"do_not_contact": True}, "delivery", "does not want to be contacted", ""),
    ):
        said = told(context, rule, **NOT_SENT, **facts)
        assert sentence in said[0] and said[1] == deed, (facts, said)


def test_after_it_was_sent_a_job_says_what_the_service_does(context: DeskContext) -> None:
    context.set_language("en")
    for facts, sentence, deed in (
        ({}, "The customer is asked on 2026-11-21.", ""),
        ({"service_state": "callable", "service_callable_on": None}, "The customer is about to be asked.", ""),
        ({"service_state": "invited", "service_invited_at": NOW}, "asked on 2026-11-02; no answer yet.", ""),
        ({"service_state": "unreachable", "service_reason": "bounced"}, "nothing arrives at the customer’s address or number.", "correct_email"),
        (
            {"service_state": "unreachable", "service_reason": "no_address", "email": None},
            "no e-mail address is known.",
            "add_email",
        ),
        ({"service_state": "refused", "service_reason": "unsubscribed"}, "the customer unsubscribed.", ""),
        ({"service_state": "filtered", "service_reason": "not_enrolled"}, "Not surveyed: the shop does not", ""),
        ({"service_state": "expired"}, "did not answer in time", ""),
        ({"service_state": "answered", "service_stars": 5}, "The customer answered: 5 stars of 5.", "see_answer"),
        ({"service_state": "answered", "service_stars": 1}, "1 star of 5. Call this customer.", "see_answer"),
        ({"service_state": "answered"}, "Answered", "see_answer"),
        ({"service_state": "sleeping"}, "Needs a newer desk", ""),
        ({"service_state": "withdrawn", "sent_digest": None}, "It is sent with its next export.", "send_now"),
        ({"service_state": None, "service_callable_on": None}, "has not said yet", ""),
    ):
        said = told(context, **facts)
        assert sentence in said[0] and said[1] == deed, (facts, said)


def test_a_low_answer_is_no_green_tick(context: DeskContext) -> None:
    def shown(stars: int) -> tuple[str, str]:
        details = JobDetails(job(1, service_state="answered", service_stars=stars), (), (), ())
        status = status_of(JobView(details, "create"), context)
        return status.mark, status.tone

    assert [shown(stars)[1] for stars in (1, 2, 3, 4, 5)] == ["problem", "problem", "attention", "good", "good"]


def test_what_this_pc_has_to_do_comes_first(context: DeskContext) -> None:
    """Right after an e-mail was added the card no longer says that there is none."""
    context.set_language("en")
    stale = {"service_state": "unreachable", "service_reason": "no_address"}
    assert told(context, **stale, outbox=(ROW,)) == ("Waits to be sent to the service.", "")
    sent = replace(ROW, state="sent", started=1)
    assert told(context, **stale, outbox=(sent,))[0].startswith("Sent with the new e-mail address")
    again = told(context, outbox=(replace(ROW, attempts=2, next_try_at_utc=NOW + timedelta(minutes=5)),))
    assert "It is tried again at" in again[0]
    for state in ("refused", "parked"):
        assert told(context, outbox=(replace(ROW, state=state),))[1] == "try_again"


def test_repeated_hand_overs_are_one_step_and_the_newest_stands_first(context: DeskContext) -> None:
    context.set_language("en")
    events = [Event(NOW, "read", "E01 x")]
    for hour in range(1, 5):
        events += [Event(NOW + timedelta(hours=hour), "answer_kept")]
    outbox = tuple(replace(ROW, id=str(hour), state="sent", started=1) for hour in range(4))
    shown = steps(JobDetails(job(1), (), tuple(events), outbox), context)
    assert [step.text for step in shown] == [
        "Sent again 3 times with what had changed",
        "Sent; the service keeps the job",
        "Seen in the folder and read (E01 x)",
    ]
    assert shown[0].at_utc == NOW + timedelta(hours=4)


@pytest.fixture
def chosen(room: Callable[..., RoomBench], control: FakeControl) -> Callable[..., RoomBench]:
    """The page of jobs with a job of these facts chosen."""

    def choose(**facts: object) -> RoomBench:
        control.kept_jobs = [job(1, **facts)]
        bench = room("jobs")
        bench.wait(lambda: bench.window.page("jobs").count_shown == 1)
        bench.window.page("jobs").select_first()
        bench.wait(lambda: bench.window.page("jobs").shown_job)
        return bench

    return choose


def test_the_card_leads_to_the_field_that_is_missing(chosen: Callable[..., RoomBench]) -> None:
    bench = chosen(**NOT_SENT, email=None)
    press(bench, "Add e-mail…")
    assert field(bench, "E-mail", QLineEdit).hasFocus()
    field(bench, "E-mail").setText("new@example.com")
    press(bench, "Save")
    bench.wait(lambda: "new@example.com" in words_on(bench) and "No way to reach" not in words_on(bench))


def test_the_card_sends_once_and_the_row_does_not_offer_it_too(chosen: Callable[..., RoomBench]) -> None:
    bench = chosen(**NOT_SENT, skipped=True)
    assert [b.text() for b in visible(bench, QPushButton)].count("Send now") == 1
    press(bench, "Send now")
    bench.wait(lambda: ("send", 1) in bench.control.calls)


def test_the_card_includes_an_excluded_job_and_asks_for_the_day_of_delivery(
    chosen: Callable[..., RoomBench], control: FakeControl
) -> None:
    bench = chosen(**NOT_SENT, excluded=True)
    control.rule = "delivery"
    press(bench, "Include")
    bench.wait(lambda: ("include", 1) in bench.control.calls)
    bench.wait(lambda: "Mark delivered…" in words_on(bench))
    press(bench, "Mark delivered…")
    press(bench, "Mark delivered")
    bench.wait(lambda: any(call[0] == "deliver" for call in bench.control.calls))


def test_the_card_leads_to_the_answer(chosen: Callable[..., RoomBench]) -> None:
    bench = chosen(service_state="answered", service_stars=2)
    asked: list[object] = []
    bench.window.page("jobs")._details.survey_wanted.connect(asked.append)
    press(bench, "See the answer")
    assert len(asked) == 1
