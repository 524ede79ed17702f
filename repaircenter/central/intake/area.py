"""What the intake brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.intake import web
from repaircenter.central.intake.personal import PERSONAL, PLAIN

AREA = Area("intake", handlers=web.handlers, personal=PERSONAL, plain_tables=PLAIN)
