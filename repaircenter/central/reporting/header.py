"""What stands above every report: its title, all that limits its figures, whose data may be late (requirements 9.1)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from repaircenter.central.reporting.report import Building
from repaircenter.central.reporting.sql import choices
from repaircenter.central.reporting.sql.periods import Period, last_day
from repaircenter.runtime.days import day_in, start_of_day
from repaircenter.wire.document.nodes import Empty
from repaircenter.wire.document.parts import Header, Part

Fact = tuple[str, str]
_FILTERS = ("channel", "language", "size", "employees", "group", "stars", "programme", "question", "score")
# Late after so long; so many shops are named one by one, and in the line below the title.
_LATE, _NAMED, _IN_TITLE = timedelta(days=7), 3, 6
# Choices that are said in words.
_CHOICES = (
    "section", "channel", "language", "size", "group", "measure", "outcome", "importance", "order", "split",
)  # fmt: skip


def header(building: Building, formulas: Sequence[str], jobs: int | None = None) -> Header:
    """Title and all facts a printed page must say (requirements 9.1).

    It counts the answers the report is about, whatever a single figure counts of them; a list of jobs its `jobs`.
    """
    words, request = building.words, building.request
    n, counted = building.answers if jobs is None else jobs, counted_as(jobs)
    names = [name for name, _ in building.shops.values()]
    facts = [
        *(() if building.job_key else _dates(building, counted)),
        *_filters(building),
        (words(f"report.fact.{counted}"), building.number(n, 0)),
    ]
    if formulas:
        facts.append((words("report.fact.formulas"), ", ".join(dict.fromkeys(formulas))))
    return Header(
        report=request.report,
        title=words(building.report.title(building)),
        subtitle=", ".join(names) if len(names) <= _IN_TITLE else words("report.fact.shop_count", count=len(names)),
        facts=facts,
        language=words.language,
        data_as_of=request.now_utc,
        run_by=request.person,
        zone=building.zone,
        landscape=building.report.landscape,
        notices=_notices(building),
    )


def empty(building: Building, counted: str = "answers") -> Part:
    """Why there is nothing, and periods that would show something (A-50); `counted` is what the report lists."""
    newest_month = choices.newest_answer_month if counted == "answers" else choices.newest_job_month
    newest = newest_month(building.connection, list(building.shops), building.request.now_utc)
    filtered = any(building.request.parameters.get(name) for name in _FILTERS)
    words, suggestions = building.words, []
    if building.job_key:
        sentence = "job"
    else:
        sentence = f"{counted}.{'never' if newest is None else 'filtered' if filtered else 'text'}"
    if newest is not None and not building.job_key:
        suggestions = [(word, words(f"report.period.{word}")) for word in ("last_month", "year_to_date")]
        month = f"{newest:%Y-%m}"
        suggestions.append((month, words(f"report.empty.{counted}.newest", month=month)))
    days = choices.least_ageing_days(building.connection)
    node = Empty(text=words(f"report.empty.{sentence}", days=days), suggestions=suggestions)
    return Part(number=0, header=header(building, (), None if counted == "answers" else 0), nodes=[node], last=True)


def counted_as(jobs: int | None) -> str:
    return "answers" if jobs is None else "jobs"


def _dates(building: Building, counted: str) -> list[Fact]:
    words = building.words
    found = [
        (words("report.fact.period"), _days(building.period)),
        (words("report.fact.date_basis"), words(f"report.date_basis.{_basis(building, counted)}")),
    ]
    if "compare" in building.report.parameters:
        compared = building.compared_period()
        named = words("report.compare.none") if compared is None else _days(compared)
        found.append((words("report.fact.compare"), named))
    return found


def _basis(building: Building, counted: str) -> str:
    """Jobs are dated by their receipt, unless by their delivery."""
    basis = building.selection.basis
    return "receipt" if counted == "jobs" and basis != "delivery" else basis


def _filters(building: Building) -> list[Fact]:
    """Every filter that limits the report, in words."""
    words, chosen, taken = building.words, building.selection, building.report.parameters
    found = [(words("report.fact.programme"), _programme(building))]
    for name in _CHOICES:
        value = building.choice(name) if name in taken else ""
        if value:
            said = building.measure.title(words) if name == "measure" else words(f"report.{name}.{value}")
            found.append((words(f"report.fact.{name}"), said))
    if "grain" in taken:
        found.append((words("report.fact.grain"), words(f"report.grain.{building.grain}")))
    if chosen.stars is not None:
        found.append((words("report.column.stars"), str(chosen.stars)))
    if chosen.questions:
        score = "" if chosen.score is None else f" = {chosen.score}"
        found.append((words("report.fact.answered"), _asked(building, chosen.questions) + score))
    if chosen.employees:
        found.append((building.role(chosen.role), ", ".join(chosen.employees)))
    if "min_n" in taken:
        found.append((words("report.fact.min_n"), str(building.least)))
    return found


def _programme(building: Building) -> str:
    """The programme by its name; one that is not ours is said to be unknown, never "all"."""
    chosen = building.selection.programme_id
    if chosen is None:
        return building.words("report.fact.all")
    names = choices.programmes_of(building.connection, list(building.shops))
    return names.get(chosen) or building.words("report.fact.unknown")


def _asked(building: Building, keys: Sequence[str]) -> str:
    """One question by its text; several are those of the overall CSI."""
    if len(keys) > 1:
        return building.words("report.column.overall_csi")
    texts = (q.label(building.words.language) for q in building.all_questions() if q.key == keys[0])
    return next(texts, keys[0])


def _notices(building: Building) -> list[str]:
    """Shops whose jobs stopped coming before the period's end: what is missing is said, not left out (V-N4)."""
    if building.job_key:
        return []
    words, now = building.words, building.request.now_utc
    end = min(start_of_day(building.zone, building.period.end), now)
    last = choices.freshness(building.connection, list(building.shops), end, now)
    # A shop whose first job came after the period has nothing to be late with.
    joined = (shop for shop in building.shops if shop not in last or last[shop] is not None)
    late = {shop: at for shop in joined if (at := last.get(shop)) is None or end - at > _LATE}
    if len(late) > _NAMED:
        return [words("report.notice.many", count=len(late), days=_LATE.days)]
    return [_late(building, shop, at) for shop, at in late.items()]


def _late(building: Building, shop: int, at: datetime | None) -> str:
    name, zone = building.shops[shop]
    if at is None:
        return building.words("report.notice.never", shop=name)
    return building.words("report.notice.late", shop=name, day=day_in(zone, at).isoformat())


def _days(period: Period) -> str:
    return f"{period.start.isoformat()} – {last_day(period)}"
