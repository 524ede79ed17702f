"""What reporting brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.reporting import web

AREA = Area("reporting", handlers=web.handlers)
