"""What reporting brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.reporting import web

# A run's parts name customers and are forgotten minutes after it (`rc_tend_runs`).
PLAIN = ("report_run", "report_part", "favourite", "external_benchmark")

AREA = Area("reporting", handlers=web.handlers, plain_tables=PLAIN)
