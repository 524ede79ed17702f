"""What reporting brings to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Upkeep
from repaircenter.central.reporting import web
from repaircenter.central.reporting.summing import sum_up

# A run's parts name customers and are forgotten minutes after it (`rc_tend_runs`).
PLAIN = (
    *("month_change", "month_sum", "month_answer", "month_mean", "month_score"),
    *("report_run", "report_part", "favourite", "external_benchmark"),
)

AREA = Area("reporting", handlers=web.handlers, upkeep=(Upkeep("month sums", sum_up),), plain_tables=PLAIN)
