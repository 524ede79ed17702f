"""How long a customer may answer, and whose work an answer is about (requirements 6.2, 7.5, B-N1). Pure."""

from datetime import datetime, timedelta

from repaircenter.central.programmes.rules import AT_ONCE
from repaircenter.runtime.days import day_in, start_of_day

# Answers come within days, the last ones after the reminder; a link that is older says so and its sample has expired.
SURVEY_LIFE = timedelta(days=30)
# The timers of a sample: when its customer is asked, when reminded, and when the survey ends without an answer.
INVITE, REMIND, EXPIRE = "survey.invite", "survey.remind", "survey.expire"
# The timers of a sample: its customer was out of reach and may be asked another way, or did not answer and is called.
ASK_AGAIN, CALL = "survey.ask_again", "survey.call"
# Who is not reminded is called after so many days, others as many days after the reminder as that came after the invitation.
CALLED_AFTER = 10
# The timer of an answer that is not shown at once.
PUBLISH = "survey.publish"
# Why a customer is not asked who was asked a short while ago (A-P4).
THROTTLED = "throttled"
# The roles of the people of a job.
ESTIMATOR, APPRAISER = "estimator", "appraiser"


def visible_from(at: datetime, zone: str, publishing: str) -> datetime:
    """When an answer is shown (A-21, requirements 6.3): at once, or loaded the evening after and shown from midnight, in
    the shop's zone: answered on a Monday, loaded on Tuesday at 20:00, there on Wednesday."""
    return at if publishing == AT_ONCE else start_of_day(zone, day_in(zone, at) + timedelta(days=2))
