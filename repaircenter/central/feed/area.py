"""What the feed brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.feed import web

AREA = Area("feed", handlers=web.handlers, plain_tables=("feed",))
