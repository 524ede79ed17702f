"""How long a customer may answer, and whose work an answer is about (requirements 6.2, 7.5, B-N1). Pure."""

from datetime import timedelta

# Answers come within days, the last ones after the reminder; a link that is older says so and its sample has expired.
SURVEY_LIFE = timedelta(days=30)
# The timers of a sample: when its customer is asked, and when the survey ends without an answer.
INVITE, EXPIRE = "survey.invite", "survey.expire"
# The roles of the people of a job.
ESTIMATOR, APPRAISER = "estimator", "appraiser"
