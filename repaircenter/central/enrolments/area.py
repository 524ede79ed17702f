"""What the programmes people change bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.enrolments.web import HANDLERS

AREA = Area("enrolments", handlers=lambda _service: HANDLERS)
