"""How long a customer may answer, and whose work an answer is about (requirements 6.2, 7.5, B-N1). Pure."""

from datetime import date, datetime, timedelta

from repaircenter.central.programmes.rules import AT_ONCE
from repaircenter.runtime.days import day_in, start_of_day

# Answers come within days, the last ones after the reminder; a link that is older says so and its sample has expired.
SURVEY_LIFE = timedelta(days=30)
# The timers of a sample: when its customer is asked, when reminded, and when the survey ends without an answer.
INVITE, REMIND, EXPIRE = "survey.invite", "survey.remind", "survey.expire"
# The timers of a sample: its customer was out of reach and may be asked another way, or did not answer and is called.
ASK_AGAIN, CALL = "survey.ask_again", "survey.call"
# Who is not reminded is called after so many days, others as many days after the reminder as that came after the
# invitation; while there is still time to call again.
CALLED_AFTER, CALLED_BEFORE = 10, 25
# Whoever had their car back longer ago gets no text any more; mail and calls go on (A-P12).
TEXTS_FOR = timedelta(days=30)
# The timer of an answer that is not shown at once.
PUBLISH = "survey.publish"
# Why a customer is not asked who was asked a short while ago (A-P4).
THROTTLED = "throttled"
# The roles of the people of a job.
ESTIMATOR, APPRAISER = "estimator", "appraiser"


def may_text(now_utc: datetime, zone: str, came_on: date) -> bool:
    """Return whether texts about a job have not stopped yet; it was delivered, or came, on that day of the shop."""
    return day_in(zone, now_utc) <= came_on + TEXTS_FOR


def called_after(reminder_days: int) -> timedelta:
    """Return how long after the invitation a customer is called who does not answer it."""
    return timedelta(days=min(2 * reminder_days or CALLED_AFTER, CALLED_BEFORE))


def visible_from(at: datetime, zone: str, publishing: str) -> datetime:
    """When an answer is shown (A-21, requirements 6.3): at once, or loaded the evening after and shown from midnight, in
    the shop's zone: answered on a Monday, loaded on Tuesday at 20:00, there on Wednesday."""
    return at if publishing == AT_ONCE else start_of_day(zone, day_in(zone, at) + timedelta(days=2))
