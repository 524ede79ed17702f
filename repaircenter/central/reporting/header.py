"""What stands above every report: its title, all that limits its figures, whose data may be late (requirements 9.1)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from repaircenter.central.accounts.logo import logo_of
from repaircenter.central.reporting.parameters import PARAMETERS
from repaircenter.central.reporting.report import ReportContext
from repaircenter.central.reporting.sql import choices
from repaircenter.central.reporting.sql.periods import Period, last_day
from repaircenter.runtime.days import day_in, start_of_day
from repaircenter.wire.document.nodes import Empty
from repaircenter.wire.document.parts import Header, Part

Fact = tuple[str, str]
# Late after so long; so many shops are named one by one, and in the line below the title.
_LATE, _NAMED, _IN_TITLE = timedelta(days=7), 3, 6


def header(context: ReportContext, formulas: Sequence[str], jobs: int | None = None) -> Header:
    """Title and all facts a printed page must say (requirements 9.1).

    It counts the answers the report is about, whatever a single figure counts of them; a list of jobs its `jobs`.
    """
    words, request = context.words, context.request
    n, counted = context.answers if jobs is None else jobs, counted_as(jobs)
    names = [name for name, _ in context.shops.values()]
    facts = [
        *(() if context.job_key else _dates(context, counted)),
        *_filters(context),
        (words(f"report.fact.{context.report.counts or counted}"), context.number(n, 0)),
    ]
    if formulas:
        facts.append((words("report.fact.formulas"), ", ".join(dict.fromkeys(formulas))))
    return Header(
        report=request.report,
        title=words(context.report.title(context)),
        subtitle=", ".join(names) if len(names) <= _IN_TITLE else words("report.fact.shop_count", count=len(names)),
        facts=facts,
        language=words.language,
        data_as_of=request.now_utc,
        run_by=request.person,
        zone=context.zone,
        landscape=context.report.landscape,
        notices=_notices(context),
        logo=logo_of(context.connection, next(iter(context.shops), 0)),
    )


def empty(context: ReportContext, counted: str = "answers") -> Part:
    """Why there is nothing, and periods that would show something (A-50); `counted` is what the report lists."""
    newest_month = choices.newest_answer_month if counted == "answers" else choices.newest_job_month
    newest = newest_month(context.connection, list(context.shops), context.request.now_utc)
    filtered = any(
        context.request.parameters.get(name) for name, parameter in PARAMETERS.items() if parameter.is_filter
    )
    words, suggestions = context.words, []
    if context.job_key:
        sentence = "job"
    else:
        sentence = f"{counted}.{'never' if newest is None else 'filtered' if filtered else 'text'}"
    if newest is not None and not context.job_key:
        suggestions = [(word, words(f"report.period.{word}")) for word in ("last_month", "year_to_date")]
        month = f"{newest:%Y-%m}"
        suggestions.append((month, words(f"report.empty.{counted}.newest", month=month)))
    days = choices.least_ageing_days(context.connection)
    node = Empty(text=words(f"report.empty.{sentence}", days=days), suggestions=suggestions)
    return Part(number=0, header=header(context, (), None if counted == "answers" else 0), nodes=[node], last=True)


def counted_as(jobs: int | None) -> str:
    return "answers" if jobs is None else "jobs"


def _dates(context: ReportContext, counted: str) -> list[Fact]:
    words = context.words
    facts = [
        (words("report.fact.period"), _days(context.period)),
        (words("report.fact.date_basis"), words(f"report.date_basis.{_basis(context, counted)}")),
    ]
    if "compare" in context.report.parameters:
        compared = context.compared_period()
        named = words("report.compare.none") if compared is None else _days(compared)
        facts.append((words("report.fact.compare"), named))
    return facts


def _basis(context: ReportContext, counted: str) -> str:
    """Jobs are dated by their receipt, unless by their delivery or, as the base of a response rate, their invitation."""
    basis = context.selection.basis
    if context.report.dated_by:
        return context.report.dated_by
    if context.selection.invited and basis != "delivery":
        return "invitation"
    return "receipt" if counted == "jobs" and basis != "delivery" else basis


def _filters(context: ReportContext) -> list[Fact]:
    """Every filter that limits the report, in words."""
    words, chosen, taken = context.words, context.selection, context.report.parameters
    facts = [(words("report.fact.programme"), _programme(context))]
    for name in (name for name, parameter in PARAMETERS.items() if parameter.is_said):
        is_moot = name == "contested" and bool(context.job_key)  # a job's own survey is shown whatever was decided
        value = context.choice(name) if name in taken and not is_moot else ""
        if value:
            text = context.measure.title(words) if name == "measure" else words(f"report.{name}.{value}")
            facts.append((words(f"report.fact.{name}"), text))
    if "grain" in taken:
        facts.append((words("report.fact.grain"), words(f"report.grain.{context.grain}")))
    if chosen.stars is not None:
        facts.append((words("report.column.stars"), str(chosen.stars)))
    if chosen.questions:
        score = "" if chosen.score is None else f" = {chosen.score}"
        facts.append((words("report.fact.answered"), named_questions(context, chosen.questions) + score))
    if chosen.invited:
        facts.append((words("report.fact.jobs"), words("report.fact.invited_only")))
    if chosen.employees:
        facts.append((context.role(chosen.role), ", ".join(chosen.employees)))
    if "min_n" in taken:
        facts.append((words("report.fact.min_n"), str(context.least)))
    return facts


def _programme(context: ReportContext) -> str:
    """The programme by its name; one that is not ours is said to be unknown, never "all"."""
    chosen = context.selection.programme_id
    if chosen is None:
        return context.words("report.fact.all")
    names = choices.programmes_of(context.connection, list(context.shops))
    return names.get(chosen) or context.words("report.fact.unknown")


def named_questions(context: ReportContext, keys: Sequence[str]) -> str:
    """One question by its text; several are those of the overall CSI."""
    if len(keys) > 1:
        return context.words("report.column.overall_csi")
    texts = (q.label(context.words.language) for q in context.all_questions() if q.key == keys[0])
    return next(texts, keys[0])


def _notices(context: ReportContext) -> list[str]:
    """Shops whose jobs stopped coming before the period's end: what is missing is said, not left out (V-N4)."""
    if context.job_key or context.request.of_programmes:
        return []  # who sees one programme's jobs cannot tell whether others came
    words, now = context.words, context.request.now_utc
    end = min(start_of_day(context.zone, context.period.end), now)
    last = choices.freshness(context.connection, list(context.shops), end, now)
    # A shop whose first job came after the period has nothing to be late with.
    joined = (shop for shop in context.shops if shop not in last or last[shop] is not None)
    late = {shop: at for shop in joined if (at := last.get(shop)) is None or end - at > _LATE}
    if len(late) > _NAMED:
        return [words("report.notice.many", count=len(late), days=_LATE.days)]
    return [_late(context, shop, at) for shop, at in late.items()]


def _late(context: ReportContext, shop: int, at: datetime | None) -> str:
    name, zone = context.shops[shop]
    if at is None:
        return context.words("report.notice.never", shop=name)
    return context.words("report.notice.late", shop=name, day=day_in(zone, at).isoformat())


def _days(period: Period) -> str:
    return f"{period.start.isoformat()} – {last_day(period)}"
