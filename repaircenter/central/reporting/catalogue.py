"""The reports there are. A new one is named here once; the rest is its own file (docs/reports.md)."""

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
