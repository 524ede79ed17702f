"""What the pages for customers bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.pages import web

AREA = Area("pages", pages=lambda service: [web.routes(service)])
