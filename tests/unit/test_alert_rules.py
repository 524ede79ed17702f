"""Which answers are low, when mail leaves, who gets it, what may follow what (A-06, A-20, A-P1, A-P3; requirements 6.3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from repaircenter.central.alerts.rules import (
    concerns,
    last_sunday_evening,
    low_answers,
    next_morning,
    next_sunday_evening,
    refusal,
    silent_stage,
    wants,
    wrong_recovery,
)
from repaircenter.central.questionnaires.questionnaire_file import shipped
from repaircenter.wire.alerts import AlertChange, Recovery
from repaircenter.wire.vocabulary import LONGEST_ACTION

QUESTIONS = shipped()[0].questions
GOOD = Recovery(cause="delay", action="Called.", outcome="partly")


def test_low_is_by_ten_and_stars_count_double() -> None:
    values = {"stars": 3, "quality": 7, "courtesy": 8, "recommend": 0}
    assert low_answers(QUESTIONS, values, 7) == ["stars", "quality", "recommend"], "in the order of the questions"
    assert low_answers(QUESTIONS, values, 6) == ["stars", "recommend"]
    assert low_answers(QUESTIONS, values, 5) == ["recommend"]
    assert low_answers(QUESTIONS, {}, 10) == [], "a missing answer is not low"
    assert low_answers(QUESTIONS, values, None) == []


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        # Monday 19:40 in Toronto -> Tuesday 07:00 (requirements 6.3).
        (datetime(2026, 11, 3, 0, 40), "America/Toronto", datetime(2026, 11, 3, 12)),
        # Friday -> Saturday: also on closed days.
        (datetime(2026, 11, 6, 23, 0), "America/Toronto", datetime(2026, 11, 7, 12)),
        (datetime(2026, 11, 3, 12, 0), "America/Toronto", datetime(2026, 11, 4, 12)),
        (datetime(2026, 11, 3, 11, 59, 59), "America/Toronto", datetime(2026, 11, 3, 12)),
        # The nights in which the clocks change: 07:00 on the wall.
        (datetime(2026, 11, 1, 3, 0), "America/Toronto", datetime(2026, 11, 1, 12)),
        (datetime(2026, 10, 24, 22, 0), "Europe/Madrid", datetime(2026, 10, 25, 6)),
        (datetime(2026, 3, 28, 23, 0), "Europe/Madrid", datetime(2026, 3, 29, 5)),
    ],
)
def test_mail_leaves_at_seven_of_the_next_morning(now: datetime, zone: str, morning: datetime) -> None:
    assert next_morning(now.replace(tzinfo=UTC), zone) == morning.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "may_see_all", "owner", "wanted"),
    [
        (None, True, None, True),
        (None, False, None, False),
        (None, False, 7, True),
        ("all", False, None, False),
        ("mine", True, None, False),
        ("mine", True, 7, True),
        ("mine", True, 8, False),
        ("none", True, 7, False),
        ("fax", True, None, True),
    ],
)
def test_who_gets_mail(choice: str | None, may_see_all: bool, owner: int | None, wanted: bool) -> None:
    assert wants(choice, may_see_all, concerns(owner, [], 7)) is wanted
    assert wants(choice, may_see_all, concerns(owner, [8], 7)) is wanted, "who worked with somebody else"


@pytest.mark.parametrize("owner", [None, 7, 8])
def test_who_worked_on_the_job_is_concerned(owner: int | None) -> None:
    assert concerns(owner, [6, 7], 7)


@pytest.mark.parametrize(
    ("state", "change", "demanded", "may_end", "code"),
    [
        ("new", {"state": "in_hand"}, True, False, ""),
        ("new", {"owner_id": 3}, True, False, ""),
        ("new", {"recovery": GOOD}, True, False, ""),
        ("new", {"state": "new"}, True, True, "not_possible"),
        ("new", {"state": "erased"}, True, True, "not_possible"),
        ("in_hand", {"state": "done"}, True, True, "recovery_missing"),
        ("in_hand", {"state": "done"}, False, True, ""),
        ("in_hand", {"state": "done", "recovery": GOOD}, True, True, ""),
        ("in_hand", {"state": "done", "recovery": GOOD}, True, False, "not_allowed"),
        ("done", {"state": "in_hand"}, True, True, ""),
        ("done", {"state": "in_hand"}, True, False, "not_allowed"),
        ("done", {"recovery": GOOD}, True, False, "not_allowed"),
        ("done", {"recovery": GOOD}, True, True, ""),
        ("done", {"state": "done", "recovery": GOOD}, True, True, "not_possible"),
        ("erased", {"state": "in_hand"}, True, True, "not_possible"),
        ("erased", {"recovery": GOOD}, True, True, "not_possible"),
    ],
)
def test_what_may_follow_what(state: str, change: dict[str, Any], demanded: bool, may_end: bool, code: str) -> None:
    asked = AlertChange(key="k", version=1, **change)
    assert refusal(asked, state, demanded, may_end) == code


def test_a_recovery_says_all_three_and_is_not_endless() -> None:
    assert wrong_recovery(GOOD) == ""
    assert wrong_recovery(Recovery(cause="delay", action="x" * LONGEST_ACTION, outcome="partly")) == ""
    assert wrong_recovery(Recovery(cause="delay", action="x" * (LONGEST_ACTION + 1), outcome="partly")) == "too_long"
    for cause, action, outcome in (("", "x", "partly"), ("delay", " ", "partly"), ("delay", "x", "great")):
        assert wrong_recovery(Recovery(cause=cause, action=action, outcome=outcome)) == "recovery_missing"


@pytest.mark.parametrize(
    ("now", "zone", "evening"),
    [
        (datetime(2026, 11, 2, 15), "America/Toronto", datetime(2026, 11, 9, 1)),
        (datetime(2026, 11, 9, 0, 59, 59), "America/Toronto", datetime(2026, 11, 9, 1)),
        (datetime(2026, 11, 9, 1), "America/Toronto", datetime(2026, 11, 16, 1)),
        # The week in which the clocks go forward and the one in which they go back, in Toronto and in Madrid.
        (datetime(2027, 3, 10, 12), "America/Toronto", datetime(2027, 3, 15, 0)),
        (datetime(2026, 10, 28, 12), "America/Toronto", datetime(2026, 11, 2, 1)),
        (datetime(2026, 10, 21, 12), "Europe/Madrid", datetime(2026, 10, 25, 19)),
        (datetime(2027, 3, 24, 12), "Europe/Madrid", datetime(2027, 3, 28, 18)),
    ],
)
def test_a_week_ends_on_sunday_at_eight_of_the_wall(now: datetime, zone: str, evening: datetime) -> None:
    ends = next_sunday_evening(now.replace(tzinfo=UTC), zone)
    assert ends == evening.replace(tzinfo=UTC)
    assert last_sunday_evening(ends, zone) == ends
    before = last_sunday_evening(ends - timedelta(microseconds=1), zone)
    assert timedelta(days=7, hours=-1) <= ends - before <= timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("is_paired", "seen_days_ago", "was_filtered", "stage"),
    [
        (False, None, False, "not_connected"),
        (False, 1, True, "not_connected"),
        (True, 1, True, "filtered"),
        (True, None, True, "filtered"),
        (True, None, False, "not_heard"),
        (True, 4, False, "not_heard"),
        (True, 3, False, "no_estimates"),
    ],
)
def test_the_first_stage_that_explains_the_silence_is_named(
    is_paired: bool, seen_days_ago: int | None, was_filtered: bool, stage: str
) -> None:
    until = datetime(2026, 11, 9, 1, tzinfo=UTC)
    seen = None if seen_days_ago is None else until - timedelta(days=seen_days_ago)
    assert silent_stage(is_paired, seen, was_filtered, until) == stage
