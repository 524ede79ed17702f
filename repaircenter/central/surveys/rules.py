"""How long a customer may answer, and whose work an answer is about (requirements 6.2, 7.5, B-N1). Pure."""

from datetime import timedelta

# Answers come within days, the last ones after the reminder; a link that is older says so and its sample has expired.
SURVEY_LIFE = timedelta(days=30)
# The timers of a sample: when its customer is asked, when reminded, and when the survey ends without an answer.
INVITE, REMIND, EXPIRE = "survey.invite", "survey.remind", "survey.expire"
# Why a customer is not asked who was asked a short while ago (A-P4).
THROTTLED = "throttled"
# The roles of the people of a job.
ESTIMATOR, APPRAISER = "estimator", "appraiser"
