"""What the pages for browsers bring to the service."""

from repaircenter.central.consumer import address_page, password_page, preview_page, survey_page
from repaircenter.central.core.area import Area

AREA = Area(
    "consumer",
    pages=lambda service: [page.routes(service) for page in (survey_page, password_page, address_page, preview_page)],
)
