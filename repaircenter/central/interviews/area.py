"""What interviews bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.interviews.listening import LISTENERS
from repaircenter.central.interviews.web import HANDLERS

AREA = Area(
    "interviews", handlers=lambda _service: HANDLERS, listeners=LISTENERS, plain_tables=("interview", "interview_call")
)
