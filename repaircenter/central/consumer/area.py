"""What the pages for browsers bring to the service."""

from repaircenter.central.consumer import address_page, password_page, survey_page
from repaircenter.central.core.area import Area

AREA = Area(
    "consumer",
    pages=lambda service: [survey_page.routes(service), password_page.routes(service), address_page.routes(service)],
)
