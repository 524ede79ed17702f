"""R-06 NPS by date or by employee: one report, one toggle (B-27)."""

from collections.abc import Iterator

from repaircenter.central.reporting.builders.r04_by_date import build_dates
from repaircenter.central.reporting.builders.r05_by_employee import build_people
from repaircenter.central.reporting.parameters import COMMON, YEAR
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.wire.document.parts import Part


def build(context: ReportContext) -> Iterator[Part]:
    yield from (build_people if context.choice("by") == "employee" else build_dates)(context, "recommend")


REPORT = Report("R-06", (*COMMON, "by", "grain", "min_n"), build, titled_by="by", usual_period=YEAR, of_the_shop=True)
