"""What the pages for customers bring to the service."""

from repaircenter.central.consumer import web
from repaircenter.central.core.area import Area

AREA = Area("consumer", pages=lambda service: [web.routes(service)])
