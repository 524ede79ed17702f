"""What the feed brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.feed import web

# The keys of jobs in it go with an erasure (trigger of migration 0015), the rest after two days.
AREA = Area("feed", handlers=web.handlers, plain_tables=("feed",))
