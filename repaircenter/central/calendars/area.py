"""What calendars bring to the service."""

from repaircenter.central.calendars.web import HANDLERS
from repaircenter.central.core.area import Area

AREA = Area("calendars", handlers=lambda _service: HANDLERS)
