"""Which answers are low, when mail leaves, who gets it, what may follow what (A-06, A-20, A-P1, A-P3; requirements 6.3)."""

from datetime import UTC, datetime

import pytest

from repaircenter.central.alerts.rules import low_answers, next_morning, refusal, wants, wrong_recovery
from repaircenter.central.surveys.questionnaire import shipped
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
    assert wants(choice, may_see_all, owner, 7) is wanted


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
def test_what_may_follow_what(state: str, change: dict[str, object], demanded: bool, may_end: bool, code: str) -> None:
    asked = AlertChange(key="k", version=1, **change)  # type: ignore[arg-type]
    assert refusal(asked, state, demanded, may_end) == code


def test_a_recovery_says_all_three_and_is_not_endless() -> None:
    assert wrong_recovery(GOOD) == ""
    assert wrong_recovery(Recovery(cause="delay", action="x" * LONGEST_ACTION, outcome="partly")) == ""
    assert wrong_recovery(Recovery(cause="delay", action="x" * (LONGEST_ACTION + 1), outcome="partly")) == "too_long"
    for cause, action, outcome in (("", "x", "partly"), ("delay", " ", "partly"), ("delay", "x", "great")):
        assert wrong_recovery(Recovery(cause=cause, action=action, outcome=outcome)) == "recovery_missing"
