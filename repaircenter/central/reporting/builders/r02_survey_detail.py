"""R-02 Survey detail: whole surveys one after the other, or the one of a job (parameter `job`, its key)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from repaircenter.central.accounts.queries import names_of_people
from repaircenter.central.reporting.builders.r07_reviews import people_of
from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.parameters import COMMON
from repaircenter.central.reporting.report import Report, ReportContext, streamed
from repaircenter.central.reporting.sql import rows
from repaircenter.central.reporting.sql.rows import AlertFacts, ContestFacts, Survey
from repaircenter.central.surveys.answers import Answers, in_words
from repaircenter.central.surveys.course import asked
from repaircenter.runtime.days import zone_of
from repaircenter.wire.document.cells import Cell, Day, Link, Linked, Stars
from repaircenter.wire.document.nodes import Column, Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part
from repaircenter.wire.surveys.questionnaires import Question


def build(context: ReportContext) -> Iterator[Part]:
    """A part every 100 surveys, straight from the database's cursor."""
    total = rows.answer_count(context.connection, context.selection)
    if not total:
        yield empty(context)
        return
    columns, names = _columns(context), names_of_people(context.connection)

    def nodes(batch: list[Survey], _is_first: bool) -> list[Node]:
        nodes: list[Node] = []
        for survey in batch:
            nodes.extend(_survey(context, survey, columns))
            if survey.alert is not None:
                nodes.extend(_alert(context, survey.alert, survey.zone, names))
            if survey.contest is not None:
                nodes.extend(_contest(context, survey.contest, survey.zone))
        return nodes

    surveys = rows.surveys(context.connection, context.selection, context.choice("order"))
    yield from streamed(header(context, ()), surveys, nodes)


def _columns(context: ReportContext) -> list[Column]:
    """The page says whose survey it is above the table; exports say it in each row."""
    words = context.words
    return [
        Column(title=words("report.column.date"), kind="date", on_page=False),
        Column(title=words("report.column.shop"), on_page=False),
        Column(title=words("report.column.ro"), on_page=False),
        Column(title=words("report.column.customer"), on_page=False),
        Column(title=words("report.column.question"), width=4.5),
        Column(title=words("report.column.answer"), width=3.5),
        Column(title=words("report.column.scale"), width=0.8),
    ]


def _survey(context: ReportContext, survey: Survey, columns: list[Column]) -> list[Node]:
    title = " · ".join(filter(None, (survey.ro_number, survey.customer))) or context.words("report.column.no_ro")
    facts = [
        survey.shop if len(context.shops) > 1 else "",
        survey.vehicle or "",
        survey.insurer or survey.programme,
        *_people(context, survey),
    ]
    steps = [
        _fact(context, name, day)
        for name, day in (
            ("arrived", survey.arrived_on),
            ("promised", survey.promised_on),
            ("delivered", survey.delivered_on),
            ("sent", _day(survey.sent_at, survey.zone)),
            ("answered", _day(survey.submitted_at, survey.zone)),
        )
        if day is not None
    ]
    steps.append(context.words(f"report.channel.{survey.channel}"))
    return [
        Heading(text=title),
        Paragraph(text=" · ".join(filter(None, facts))),
        Paragraph(text=" · ".join(steps), style="note"),
        Table(columns=columns, rows=_answers(context, survey), continued=False),
    ]


def _alert(context: ReportContext, alert: AlertFacts, zone: str, names: Mapping[int, str]) -> list[Node]:
    """The alert and its recovery (R-02): how it went, whose it is, what was wrong, what came of it, what was done."""
    words, owner = context.words, names.get(alert.owner_id or 0)
    steps = [
        words(f"common.alert.state.{alert.state}"),
        _fact(context, "alert_opened", _day(alert.opened_at, zone)),
        context.labelled(words("report.column.alert_owner"), owner) if owner else "",
    ]
    if alert.ended_at is not None:
        steps.append(_fact(context, "alert_ended", _day(alert.ended_at, zone)))
    nodes: list[Node] = [
        Paragraph(text=context.labelled(words("report.column.alert"), " · ".join(filter(None, steps))), style="note")
    ]
    if alert.cause and alert.outcome:
        found = [words(f"common.alert.cause.{alert.cause}"), words(f"common.alert.outcome.{alert.outcome}")]
        nodes.append(Paragraph(text=" · ".join(filter(None, (*found, alert.action)))))
    return nodes


def _contest(context: ReportContext, contest: ContestFacts, zone: str) -> list[Node]:
    """Why the answer was contested, and what was decided about it (A-N6)."""
    words = context.words
    steps = [
        words(f"common.contest.state.{contest.state}"),
        _fact(context, "contest_made", _day(contest.made_at, zone)),
        "" if contest.decided_at is None else _fact(context, "contest_decided", _day(contest.decided_at, zone)),
        words(f"common.contest.reason.{contest.reason}") if contest.reason else "",
    ]
    said = context.labelled(words("report.column.contest"), " · ".join(filter(None, steps)))
    nodes: list[Node] = [Paragraph(text=said, style="note")]
    nodes.extend(Paragraph(text=text) for text in (contest.evidence, contest.note) if text)
    return nodes


def _people(context: ReportContext, survey: Survey) -> list[str]:
    return [context.labelled(context.role(role), named) for role in survey.people if (named := people_of(survey, role))]


def _fact(context: ReportContext, name: str, day: date) -> str:
    return context.labelled(context.words(f"report.column.{name}"), day.isoformat())


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(zone_of(zone)).date()


def _answers(context: ReportContext, survey: Survey) -> list[list[Cell]]:
    """Every question this customer was asked in its order, those without an answer too, and the comment below."""
    words = context.words
    who: list[Cell] = [
        Day(value=_day(survey.submitted_at, survey.zone)),
        survey.shop,
        Linked(
            value=survey.ro_number or words("report.column.no_ro"),
            link=Link(job_key=survey.job_key, shops=[survey.shop_id]),
        ),
        survey.customer,
    ]
    lines: list[list[Cell]] = []
    for question in asked(context.questionnaire(survey.questionnaire_id), survey.answers):
        said = _answer(context, question, survey.answers)
        lines.append([*who, question.label(words.language, survey.shop), *said])
    if survey.answers.comment:
        lines.append([*who, words("report.column.comment"), survey.answers.comment, None])
    return lines


def _answer(context: ReportContext, question: Question, answers: Answers) -> list[Cell]:
    """The answer and its scale: a value of one, or what was chosen or written in words."""
    if not question.is_scored:
        return [in_words(question, answers, context.words) or None, None]
    value = answers.values.get(question.key)
    return [Stars(value=value) if question.kind == "stars" else value, f"{question.minimum}–{question.maximum}"]


REPORT = Report("R-02", (*COMMON, "group", "stars", "order"), build)
