"""The three sheets of exported feedback: by employee, by date, comments (B-20, B-21, requirements 9.3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from msgspec.structs import replace as struct_replace

from repaircenter.central.reporting.builders.r05_by_employee import sum_of
from repaircenter.central.reporting.builders.r07_reviews import people_of
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import aggregates, employees, rows
from repaircenter.central.reporting.sql.aggregates import PERIOD, Responses
from repaircenter.central.reporting.sql.employees import Employee
from repaircenter.central.reporting.sql.periods import bucket_start
from repaircenter.central.reporting.sql.rows import Review
from repaircenter.central.surveys.rules import ESTIMATOR
from repaircenter.metrics import attribution, means, nps, shares
from repaircenter.metrics.histogram import Histogram
from repaircenter.runtime.days import zone_of
from repaircenter.runtime.text import sort_key
from repaircenter.wire.document.cells import Cell, Day, Figure
from repaircenter.wire.document.nodes import Column, Heading, Table
from repaircenter.wire.document.parts import Part


def build(context: ReportContext) -> Iterator[Part]:
    words = context.words
    histograms = aggregates.histograms(context.connection, context.selection, ["stars"], (PERIOD,), "day")
    by_day = {key[0]: histogram for key, histogram in histograms.items()}
    n = sum(histogram.n for histogram in by_day.values())
    if not n:
        yield empty(context)
        return
    formulas = (attribution.WEIGHTED_MEAN, attribution.WEIGHTED_NPS_STARS, nps.NPS_FROM_STARS, shares.RESPONSE_RATE)
    heading = Heading(text=words("report.R-31.by_employee"), new_page=True)
    yield Part(number=0, header=header(context, formulas), nodes=[heading, _by_employee(context)])
    yield Part(number=1, nodes=[Heading(text=words("report.R-31.by_date"), new_page=True), _by_date(context, by_day)])
    number = 2
    for batch in rows.reviews(context.connection, context.selection, "newest", commented=True):
        table = Table(
            columns=_comment_columns(context),
            rows=[_comment(context, comment) for comment in batch],
            continued=number > 2,
        )
        named = [Heading(text=words("report.R-31.comments"), new_page=True)] if number == 2 else []
        yield Part(number=number, nodes=[*named, table])
        number += 1
    if number == 2:
        table = Table(columns=_comment_columns(context), rows=[])
        yield Part(number=2, nodes=[Heading(text=words("report.R-31.comments"), new_page=True), table])
        number = 3
    yield Part(number=number, nodes=[], last=True)


def _by_employee(context: ReportContext) -> Table:
    columns = [
        context.column(*named)
        for named in (
            ("role", 1.1, "text"),
            ("employee", 1.7, "text"),
            ("jobs", 0.8, "integer"),
            ("invited", 0.8, "integer"),
            ("ratings", 0.8, "number"),
            ("mean_stars", 0.8, "number"),
            ("nps_stars", 0.9, "number"),
            ("promoters", 0.9, "number"),
            ("passives", 0.8, "number"),
            ("detractors", 0.9, "number"),
            ("response_rate_short", 0.9, "percent"),
            ("comments", 0.9, "integer"),
        )
    ]
    credited = employees.employees(context.connection, context.selection).values()
    people = sorted(credited, key=lambda person: (person.role, sort_key(person.name)))
    rows = [_employee(context, person) for person in people]
    return Table(columns=columns, rows=rows, total=_role_total(context, people))


def _role_total(context: ReportContext, people: list[Employee]) -> list[Cell]:
    """Of the role with most credits: roles share the same answers, so that they have no sum together."""
    roles = {person.role: [other for other in people if other.role == person.role] for person in people}
    weights = {role: round(sum(person.ratings.weight for person in named)) for role, named in roles.items()}
    role = max(weights, key=lambda name: (weights[name], name == ESTIMATOR))
    whole = sum_of(roles[role])
    line = _employee(context, replace(whole, role=role, name=context.words("report.total")))
    invited, rate, comments = 3, 10, 11
    for counted_twice in (invited, rate, comments):
        line[counted_twice] = None
    # Credits are not independent answers: together they have no interval.
    return [struct_replace(cell, low=None, high=None) if isinstance(cell, Figure) else cell for cell in line]


def _employee(context: ReportContext, person: Employee) -> list[Cell]:
    """Ratings and groups are credits: they sum to the answers over each role."""
    sent = person.responses
    return [
        context.role(person.role),
        person.name,
        person.jobs,
        sent.sent,
        person.ratings.weight,
        context.shown(attribution.weighted_mean(person.ratings, 1, 5), "plain", plain=True),
        context.shown(attribution.weighted_nps(person.stars, attribution.WEIGHTED_NPS_STARS), "nps", plain=True),
        person.stars.promoters,
        person.stars.passives,
        person.stars.detractors,
        context.rate(sent, plain=True),
        person.comments,
    ]


def _by_date(context: ReportContext, by_day: dict[date, Histogram]) -> Table:
    """Every day of the period on which something happened."""
    columns = [
        context.column(*named)
        for named in (
            ("date", 1.2, "date"),
            ("jobs", 0.8, "integer"),
            ("invited", 0.8, "integer"),
            ("ratings", 0.8, "integer"),
            ("mean_stars", 0.9, "number"),
            *((f"star_{star}", 0.5, "integer") for star in (5, 4, 3, 2, 1)),
            ("nps_stars", 1.0, "number"),
            ("response_rate_short", 0.9, "percent"),
        )
    ]
    rates = {
        key[0]: responses
        for key, responses in aggregates.responses(context.connection, context.selection, (PERIOD,), "day").items()
    }
    counted = employees.counts_jobs(context.selection)
    jobs = aggregates.delivered(context.connection, context.selection, "day") if counted else {}
    lines: list[list[Cell]] = []
    for step in context.buckets("day"):
        day = bucket_start(step.start, "day")
        overall, rate = by_day.get(day, Histogram()), rates.get(day, Responses())
        if not overall.n and not rate.sent and not jobs.get(day):
            continue
        lines.append(
            [
                Day(value=day),
                jobs.get(day, 0) if counted else None,
                rate.sent,
                overall.n,
                context.shown(means.mean(overall.moments(), 1, 5), "plain", plain=True),
                *(overall.of(star) for star in (5, 4, 3, 2, 1)),
                context.shown(nps.nps(overall.groups(stars=True), nps.NPS_FROM_STARS), "nps", plain=True),
                context.rate(rate, plain=True),
            ]
        )
    overall, rate = Histogram.pooled(by_day.values()), sum(rates.values(), Responses())
    total: list[Cell] = [
        context.words("report.total"),
        sum(jobs.get(bucket_start(step.start, "day"), 0) for step in context.buckets("day")) if counted else None,
        rate.sent,
        overall.n,
        context.shown(means.mean(overall.moments(), 1, 5), "plain", plain=True),
        *(overall.of(star) for star in (5, 4, 3, 2, 1)),
        context.shown(nps.nps(overall.groups(stars=True), nps.NPS_FROM_STARS), "nps", plain=True),
        context.rate(rate, plain=True),
    ]
    return Table(columns=columns, rows=lines, total=total)


def _comment_columns(context: ReportContext) -> list[Column]:
    return [
        context.column(*named)
        for named in (
            ("date", 1.1, "date"),
            ("time", 0.7, "text"),
            ("ro", 0.9, "text"),
            ("customer", 1.4, "text"),
            ("vehicle", 1.3, "text"),
            ("stars_number", 0.5, "integer"),
            ("comment", 3.2, "text"),
            ("language", 0.8, "text"),
            ("people", 1.3, "text"),
            ("appraiser", 1.2, "text"),
            ("technicians", 1.4, "text"),
            ("service_writers", 1.3, "text"),
            ("channel", 0.8, "text"),
        )
    ]


def _comment(context: ReportContext, review: Review) -> list[Cell]:
    at = review.submitted_at.astimezone(zone_of(review.zone))
    return [
        Day(value=at.date()),
        f"{at:%H:%M}",
        review.ro_number,
        review.customer,
        review.vehicle,
        review.stars,
        review.comment,
        context.words(f"report.language.{review.language}"),
        people_of(review, ESTIMATOR),
        people_of(review, "appraiser"),
        people_of(review, "technician"),
        people_of(review, "service_writer"),
        context.words(f"report.channel.{review.channel}"),
    ]


REPORT = Report("R-31", COMMON, build, landscape=True, of_the_shop=True)
