"""What the intake brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.intake import web

AREA = Area("intake", handlers=web.handlers)
