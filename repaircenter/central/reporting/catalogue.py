"""The reports there are. A new one is named here once; the rest is its own file (docs/reports.md)."""

from repaircenter.central.core.calls import Call
from repaircenter.central.reporting.builders import (
    r01_scorecard,
    r02_survey_detail,
    r03_nps_overview,
    r04_by_date,
    r05_by_employee,
    r06_nps_by,
    r07_reviews,
    r09_strengths,
    r12_alerts,
    r14_benchmark,
    r15_evolution,
    r19_sample_status,
    r20_funnel,
    r21_programmes,
    r29_jobs,
    r30_data_quality,
    r31_feedback_data,
)
from repaircenter.central.reporting.report import Report
from repaircenter.central.reporting.sql import choices

REPORTS: dict[str, Report] = {
    builder.REPORT.id: builder.REPORT
    for builder in (
        r01_scorecard,
        r02_survey_detail,
        r03_nps_overview,
        r04_by_date,
        r05_by_employee,
        r06_nps_by,
        r07_reviews,
        r09_strengths,
        r12_alerts,
        r14_benchmark,
        r15_evolution,
        r19_sample_status,
        r20_funnel,
        r21_programmes,
        r29_jobs,
        r30_data_quality,
        r31_feedback_data,
    )
}


def may_read(call: Call, name: str) -> bool:
    """Return whether there is such a report, and for whom asks.

    Whoever reads a programme for an insurer is not told how its shops work, nor what they did where it is not shared
    (A-02, A-P2): a report without it would say that nothing was done.
    """
    report = REPORTS.get(name)
    if report is None or not call.caller.scope.of_programmes:
        return report is not None
    return not report.of_the_shop and (not report.of_recoveries or choices.shares_recoveries(call.connection))
