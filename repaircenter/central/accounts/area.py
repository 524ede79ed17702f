"""What accounts bring to the service."""

from repaircenter.central.accounts import web
from repaircenter.central.core.area import Area

AREA = Area("accounts", handlers=web.handlers)
