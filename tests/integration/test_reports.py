"""Every report over a random world: what it says agrees with the answers, with its exports, and with the others (A-N3)."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from msgspec.structs import replace as replace_struct
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import text

from repaircenter.central.db.connections import WORKER
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.parameters import PARAMETERS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.central.reporting.sql.periods import Period, buckets
from repaircenter.central.reporting.summing import sum_changed
from repaircenter.metrics import drivers, means, nps, shares
from repaircenter.metrics.means import Moments
from repaircenter.rendering.exports import write_csv
from repaircenter.rendering.pagination import paginate
from repaircenter.rendering.sorting import sorted_parts
from repaircenter.rendering.workbook import write_xlsx
from repaircenter.runtime.text import Texts
from repaircenter.wire import codec
from repaircenter.wire.document.cells import Cell, Day, Figure, Link, Linked
from repaircenter.wire.document.charts import BarChart, ColumnChart, LineChart, QuadrantChart, StackedChart
from repaircenter.wire.document.nodes import Cards, Empty, Heading, Paragraph, Table
from repaircenter.wire.document.parts import Part, decode_part
from tests import answered
from tests.answered import Answered
from tests.conftest import Central

ZONE = ZoneInfo("America/Toronto")
NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
YEAR = "2025-11-01..2026-10-31"
SPAN = (date(2025, 11, 1), date(2026, 11, 1))


def fill(central: Central, world: list[Answered]) -> list[Answered]:
    """Write a world. Two months of three are summed up as a worker does it, something happened in the third since: figures
    come from sums and from answers."""
    with central.service.admin() as connection:
        answered.write(connection, 1, world)
    sum_months(central, NOW)
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT org_id, shop_id, programme_id, "
                "month + interval '10 days' FROM month_sum WHERE (extract(month FROM month) + shop_id) % 3 = 0"
            )
        )
    return world


def sum_months(central: Central, now: datetime) -> None:
    with central.parts.worker.scoped(WORKER) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('month sums'))"))
        while sum_changed(connection, now):
            pass


def world(central: Central, seed: int = 1, count: int = 900) -> list[Answered]:
    shops = [central.shops["North"], central.shops["South"]]
    return fill(central, list(answered.some(seed, shops, [1], count, date(2025, 10, 20), 380)))


def run(
    central: Central,
    report: str,
    speech: str = "en",
    shops: Iterable[str] = ("North", "South"),
    now: datetime = NOW,
    **given: str,
) -> list[Part]:
    """The report's parts as a person of organisation One gets them."""
    ids = [central.shops[name] for name in shops]
    request = Request(report, {"period": YEAR, **given}, ids, speech, "Ada", now)
    with central.parts.web.scoped(central.scope(ids, 1)) as connection:
        parts = list(REPORTS[report].build(ReportContext(connection, request, REPORTS[report])))
    return [decode_part(codec.encode(part)) for part in parts]


def tables(parts: list[Part]) -> list[Table]:
    return [node for part in parts for node in part.nodes if isinstance(node, Table)]


def titled(parts: list[Part], title: str) -> Table:
    """The first table of that title."""
    return next(table for table in tables(parts) if table.title == title)


def plain(cell: Cell) -> object:
    cell = cell.value if isinstance(cell, Linked) else cell
    return cell.value if isinstance(cell, Figure) else cell


def figure(cell: Cell) -> Figure:
    """A cell that shows a figure, whether or not it leads to its rows."""
    found = cell.value if isinstance(cell, Linked) else cell
    assert isinstance(found, Figure)
    return found


def within(rows: list[Answered], start: date = SPAN[0], end: date = SPAN[1]) -> list[Answered]:
    """Answered by NOW, on a day of the period in the shop's zone."""
    return [
        one
        for one in rows
        if one.submitted is not None and one.submitted <= NOW and start <= one.submitted.astimezone(ZONE).date() < end
    ]


def invited(rows: list[Answered]) -> list[Answered]:
    return [one for one in rows if SPAN[0] <= one.sent.astimezone(ZONE).date() < SPAN[1]]


def scores(rows: list[Answered], question: str) -> list[int]:
    return [one.values[question] for one in rows if question in one.values]


def groups(values: list[int]) -> nps.Groups:
    named = [nps.group_of_score(value) for value in values]
    return nps.Groups(named.count("promoter"), named.count("passive"), named.count("detractor"))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_scorecard_says_what_was_answered(central: Central, seed: int) -> None:
    rows = world(central, seed)
    parts = run(central, "R-01")
    (cards,) = [node for node in parts[0].nodes if isinstance(node, Cards)]
    mine = within(rows)
    own = [sum(v) / len(v) for one in mine if (v := [one.values[k] for k in answered.OWN_SCALES if k in one.values])]
    assert cards.cards[0].figure.value == pytest.approx(means.mean(Moments.of(own), 1, 10).value)
    assert cards.cards[1].figure.value == pytest.approx(nps.nps(groups(scores(mine, "recommend"))).value)
    sent = invited(rows)
    expected = shares.response_rate(
        len(sent),
        sum(one.bounced for one in sent),
        sum(one.submitted is not None and one.submitted <= NOW for one in sent),
    )
    assert cards.cards[2].figure.value == pytest.approx(expected.value)
    assert figure(cards.cards[3].figure).value == len(mine)
    insurers = [one.values["claim_handling"] for one in mine if "claim_handling" in one.values]
    assert figure(cards.cards[4].figure).value == pytest.approx(sum(insurers) / len(insurers))
    _, questions, by_shop = tables(parts[:1])
    quality = questions.rows[0]
    assert plain(quality[1]) == len(scores(mine, "quality"))
    assert plain(quality[2]) == pytest.approx(sum(scores(mine, "quality")) / len(scores(mine, "quality")))
    assert sum(plain(row[1]) for row in by_shop.rows) == plain(by_shop.total[1]) == len(mine)  # type: ignore[index, misc]


def test_reports_agree_with_each_other(central: Central) -> None:
    """The same answers by shop, by date, by employee, as a league and over time."""
    rows = within(world(central))
    n = len(scores(rows, "recommend"))
    overview = tables(run(central, "R-03"))[0]
    by_date = tables(run(central, "R-06", by="date"))[0]
    league = tables(run(central, "R-14"))[0]
    evolution = tables(run(central, "R-15"))[0]
    assert plain(overview.total[1]) == sum(plain(row[1]) for row in by_date.rows) == n  # type: ignore[index, misc]
    assert sum(plain(row[2]) for row in league.rows) == plain(evolution.total[1]) == n  # type: ignore[index, misc]
    score = nps.nps(groups(scores(rows, "recommend"))).value
    for total in (overview.total[2], by_date.total[2], evolution.total[2]):  # type: ignore[index]
        assert plain(total) == pytest.approx(score)
    stars = tables(run(central, "R-04"))[0]
    assert stars.total is not None and plain(stars.total[1]) == len(rows)
    assert [plain(cell) for cell in stars.total[3:8]] == [scores(rows, "stars").count(star) for star in (5, 4, 3, 2, 1)]


def test_credits_of_a_role_sum_to_its_answers(central: Central) -> None:
    rows = within(world(central))
    (table,) = tables(run(central, "R-05"))
    assert table.total is not None
    assert sum(plain(row[4]) for row in table.rows) == pytest.approx(len(rows))  # type: ignore[misc]
    assert plain(table.total[4]) == pytest.approx(len(rows)) and plain(table.total[3]) == len(rows)
    assert plain(table.total[5]) == pytest.approx(sum(scores(rows, "stars")) / len(rows))
    ana = next(row for row in table.rows if plain(row[0]) == "Ana Ruiz")
    credits_of_ana = [
        (share, one.values["stars"]) for one in rows for name, share in one.people["estimator"] if name == "Ana Ruiz"
    ]
    weight = sum(share for share, _ in credits_of_ana)
    assert plain(ana[4]) == pytest.approx(weight)
    assert plain(ana[5]) == pytest.approx(sum(share * stars for share, stars in credits_of_ana) / weight)


def test_periods_leave_no_gap_at_midnight_month_end_or_a_change_of_clocks(central: Central) -> None:
    """Answers a second around local midnight of each month, and of both days on which the clock changes."""
    seed = next(iter(answered.some(1, [central.shops["North"]], [1], 1, date(2026, 1, 1), 1)))
    moments = [datetime(year, month, 1, tzinfo=ZONE) for year in (2025, 2026) for month in range(1, 13)]
    moments += [datetime(2026, 3, 8, 0, tzinfo=ZONE), datetime(2026, 3, 9, 0, tzinfo=ZONE)]
    moments += [datetime(2025, 11, 2, 0, tzinfo=ZONE), datetime(2025, 11, 3, 0, tzinfo=ZONE)]
    instants = [at.astimezone(UTC) + timedelta(seconds=step) for at in moments for step in (-1, 0, 1)]
    made = [
        replace(seed, id=n, sent=at - timedelta(days=1), submitted=at, values={"recommend": 10, "stars": 5})
        for n, at in enumerate(instants, start=1)
    ]
    fill(central, made)
    for first, last in ((date(2025, 11, 1), date(2026, 11, 1)), (date(2026, 3, 1), date(2026, 4, 1))):
        period = Period(first, last)
        for grain in ("day", "week", "month", "quarter"):
            steps = buckets(period, grain)
            assert [step.end for step in steps[:-1]] == [step.start for step in steps[1:]]
            assert (steps[0].start, steps[-1].end) == (first, last)
            (table,) = tables(run(central, "R-04", grain=grain, period=f"{first}..{last - timedelta(days=1)}"))
            expected = [len(within(made, step.start, step.end)) for step in steps]
            assert [plain(row[1]) for row in table.rows] == expected
    months = [tables(run(central, "R-03", period=f"2026-{month:02}"))[0] for month in range(1, 11)]
    counted = [plain(table.total[1]) for table in months]  # type: ignore[index]
    assert counted == [len(within(made, date(2026, m, 1), date(2026, m + 1, 1))) for m in range(1, 11)]


FILTERS = {
    "channel": ("sms", lambda one: one.channel == "sms"),
    "language": ("fr", lambda one: one.language == "fr"),
    "size": ("medium", lambda one: 250_000 <= one.total_cents < 750_000),
    "employees": ("Ana Ruiz\nCarla Ng", lambda one: {n for n, _ in one.people["estimator"]} & {"Ana Ruiz", "Carla Ng"}),
    "group": ("detractors", lambda one: one.values["recommend"] <= 6),
    "stars": ("3", lambda one: one.values["stars"] == 3),
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_takes_what_it_says(central: Central, name: str) -> None:
    value, wanted = FILTERS[name]
    rows = [one for one in within(world(central)) if wanted(one)]  # type: ignore[no-untyped-call]
    found = [row for table in tables(run(central, "R-07", **{name: value})) for row in table.rows]  # type: ignore[arg-type]
    assert len(found) == len(rows) > 0
    assert {plain(row[2]) for row in found} == {f"R-{one.id}" for one in rows}


@pytest.mark.parametrize(
    ("basis", "day"),
    [
        ("answer", lambda one: one.submitted.astimezone(ZONE).date()),
        ("invitation", lambda one: one.sent.astimezone(ZONE).date()),
        ("delivery", lambda one: one.delivered),
    ],
)
def test_answers_are_dated_as_asked(central: Central, basis: str, day) -> None:  # type: ignore[no-untyped-def]
    rows = [one for one in world(central) if one.submitted and one.submitted <= NOW]
    expected = sum(date(2026, 5, 1) <= day(one) < date(2026, 6, 1) for one in rows)
    (table,) = tables(run(central, "R-04", period="2026-05", date_basis=basis))
    assert table.total is not None and plain(table.total[1]) == expected > 0


def test_the_workbook_has_three_sheets_that_agree(central: Central) -> None:
    rows = within(world(central))
    parts = run(central, "R-31")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(parts)))
    assert book.sheetnames == ["By employee", "By date", "Comments"]
    (people, days, comments), (of_people, of_days, _) = zip(
        *(_with_total(book[name]) for name in book.sheetnames), strict=True
    )
    assert sum(row[4] for row in people) == pytest.approx(len(rows))
    assert sum(row[3] for row in days) == len(rows)
    assert sum(sum(row[5:10]) for row in days) == len(rows)
    assert of_people[:2] == ["Estimators", "Total"] and of_people[4] == pytest.approx(len(rows))
    assert of_people[3] is None, "invitations two people share are not counted twice"
    assert of_days[3] == sum(of_days[5:10]) == len(rows)
    assert of_days[4] == pytest.approx(sum(scores(rows, "stars")) / len(rows))
    assert len(comments) == sum(one.comment is not None for one in rows) > 0
    assert all(cell.data_type != "f" for row in book["Comments"].iter_rows(min_row=3) for cell in row)
    assert {"=SUM(A1)"} <= {row[6] for row in comments}, "kept as a text"
    assert all(isinstance(row[0], datetime) for row in (*days, *comments)), "real dates"
    assert book["By date"]["A1"].value.startswith("Feedback data   Shops: North, South; Period: 2025-11-01")
    assert book["By date"].freeze_panes == "A3" and book["By date"].auto_filter.ref == f"A2:L{len(days) + 2}"
    assert book["By date"].page_setup.orientation == "landscape" and book["By date"].print_title_rows == "$2:$2"
    rate = next(book["By date"].iter_rows(min_row=3, max_row=3))[-1]
    assert rate.number_format == "0.0%" and 0 <= rate.value <= 1, "a share, as a spreadsheet reckons with it"


def _with_total(sheet: Worksheet) -> tuple[list[list[Any]], list[Any]]:
    """The rows below the header, and the total below a free row."""
    rows = [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]
    free = next((at for at, row in enumerate(rows) if not any(cell is not None for cell in row)), None)
    return (rows, []) if free is None else (rows[:free], rows[free + 1])


@pytest.mark.parametrize("report", sorted(REPORTS))
def test_screen_workbook_and_csv_hold_the_same_rows(central: Central, report: str) -> None:
    world(central, count=300)
    parts = run(central, report)
    shown = tables(parts)
    rows = sum(len(table.rows) + (table.total is not None) for table in shown)
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(parts)))
    # Below a free row, outside of what is filtered, stands the total.
    totals = sum(table.total is not None for table in shown)
    assert sum(sheet.max_row - 2 for sheet in book.worksheets) == rows + totals
    lines = list(csv.reader(io.StringIO(write_csv(parts).decode("utf-8-sig"))))
    longest = max(shown, key=lambda table: len(table.rows))
    assert len(lines) >= rows
    titles = [column.title for column in longest.columns]
    assert any([title for title in line if title in titles] == titles for line in lines), (
        "titles stand above their rows"
    )
    assert list(paginate(parts)), "and there is something to see"


@pytest.mark.parametrize("report", sorted(REPORTS))
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_report_runs_with_no_one_and_few_answers(central: Central, report: str, language: str) -> None:
    few = list(answered.some(3, [central.shops["North"]], [1], 40, date(2026, 5, 1), 20))
    assert all(isinstance(node, Empty) for part in run(central, report, language) for node in part.nodes)
    fill(central, few[:1] if few[0].submitted else [next(one for one in few if one.submitted)])
    assert list(paginate(run(central, report, language)))
    fill(central, [replace(one, id=one.id + 1000) for one in few])
    assert list(paginate(run(central, report, language, shops=["North"])))


def test_few_answers_are_grey_unranked_and_not_drawn(central: Central) -> None:
    rows = world(central, count=200)
    south = [one for one in within(rows) if one.shop_id == central.shops["South"]][4:]
    with central.service.admin() as connection:
        connection.exec_driver_sql(f"DELETE FROM answer WHERE id IN ({','.join(str(one.id) for one in south)})")
    parts = run(central, "R-14")
    (table,) = tables(parts)
    assert [(plain(row[0]), plain(row[1])) for row in table.rows] == [(1, "North"), (None, "South")]
    assert figure(table.rows[1][3]).muted and figure(table.rows[1][5]).direction is None


def test_a_clear_change_has_an_arrow_and_a_small_one_has_not(central: Central) -> None:
    rows = world(central, count=900)
    with central.service.admin() as connection:
        worse = ",".join(str(one.id) for one in within(rows, date(2026, 4, 1), date(2026, 5, 1)))
        connection.exec_driver_sql(
            f"UPDATE answer_value SET value = 1 WHERE answer_id IN ({worse}) AND question = 'recommend'"
        )
    (table,) = tables(run(central, "R-15", shops=["North"]))
    directions = {plain(row[0]): figure(row[3]).direction for row in table.rows}
    assert directions["2026-04"] == "down" and directions["2026-05"] == "up"
    assert "same" in directions.values()


def test_strengths_need_thirty_pairs(central: Central) -> None:
    world(central, count=60)
    parts = run(central, "R-09")
    assert not [node for part in parts for node in part.nodes if isinstance(node, QuadrantChart)]
    assert [
        node for part in parts for node in part.nodes if isinstance(node, Paragraph) and "Fewer than 30" in node.text
    ]


@pytest.mark.parametrize("importance", ["pearson", "spearman", "relative"])
def test_strengths_by_each_kind_of_importance(central: Central, importance: str) -> None:
    rows = within(world(central))
    parts = run(central, "R-09", importance=importance)
    charts = [node for part in parts for node in part.nodes if isinstance(node, QuadrantChart)]
    north = [one for one in rows if one.shop_id == central.shops["North"]]
    assert len(charts) == len(parts) == 3, "all shops, then each"
    for chart, mine in zip(charts, (rows, north), strict=False):
        assert len(chart.points) == len(answered.OWN_SCALES), "the insurer's question is not the shop's to mend"
        xs = [one.values.get("quality") for one in mine]
        ys = [one.values.get("recommend") for one in mine]
        expected = {"pearson": drivers.PairSums.of(xs, ys).r, "spearman": drivers.spearman(xs, ys)}
        quality = next(point for point in chart.points if point.label == "Quality of the repair")
        if importance in expected:
            assert quality.y == pytest.approx(expected[importance])
        else:
            assert 0.0 < sum(point.y for point in chart.points) < 1.0, "the weights sum to R²"
    alone = run(central, "R-09", shops=["North"], importance=importance)
    (chart,) = [node for part in alone for node in part.nodes if isinstance(node, QuadrantChart)]
    assert [point.x for point in chart.points] == pytest.approx([point.x for point in charts[1].points])
    assert [point.y for point in chart.points] == pytest.approx([point.y for point in charts[1].points])


def test_a_shop_with_too_few_pairs_has_no_page_of_its_own(central: Central) -> None:
    rows = within(world(central, count=300))
    south = ",".join(str(one.id) for one in rows if one.shop_id == central.shops["South"])
    with central.service.admin() as connection:
        connection.exec_driver_sql(f"DELETE FROM answer WHERE id IN ({south}) AND mod(id, 4) > 0")
    parts = run(central, "R-09")
    assert [node.text for part in parts for node in part.nodes if isinstance(node, Heading)] == ["All shops", "North"]
    said = [node.text for node in parts[0].nodes if isinstance(node, Paragraph)]
    assert "One shop has too few answers for a page of its own: South." in said


def test_segments_and_days_lead_to_the_answers_behind_them(central: Central) -> None:
    rows = within(world(central))
    (chart,) = [node for part in run(central, "R-03") for node in part.nodes if isinstance(node, StackedChart)]
    link = chart.rows[0].links[2]
    assert link is not None and link.report == "R-07"
    behind = [row for table in tables(run(central, "R-07", shops=["North"], **link.parameters)) for row in table.rows]  # type: ignore[arg-type]
    assert len(behind) == chart.rows[0].values[2]
    (line,) = [node for part in run(central, "R-04") for node in part.nodes if isinstance(node, LineChart)]
    link = line.links[3]
    assert link is not None
    behind = [row for table in tables(run(central, "R-07", **link.parameters)) for row in table.rows]  # type: ignore[arg-type]
    assert len(behind) == line.counts[3] == len(within(rows, date(2026, 2, 1), date(2026, 3, 1)))


def test_a_job_in_a_row_can_be_followed_to_the_desk(central: Central) -> None:
    rows = world(central, count=50)
    found = [row for table in tables(run(central, "R-29")) for row in table.rows]
    kept = [one for one in rows if SPAN[0] <= (one.sent - timedelta(days=20)).astimezone(ZONE).date() < SPAN[1]]
    assert len(found) == len(kept)
    cell = found[0][0]
    assert isinstance(cell, Linked) and cell.link.job_key.startswith("C:") and cell.link.shops


def test_an_unseen_answer_counts_nowhere(central: Central) -> None:
    """A programme may hold answers back; until then no report knows them (requirements A-20)."""
    rows = within(world(central, count=200))
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE answer SET visible_from = '2027-01-01'")
    assert rows
    for report in REPORTS:
        if report not in ("R-19", "R-20", "R-29", "R-30"):  # they tell of jobs
            assert all(isinstance(node, Empty) for part in run(central, report) for node in part.nodes)
    assert not [plain(row[28]) for table in tables(run(central, "R-29")) for row in table.rows if plain(row[28])]


def test_a_shop_that_went_silent_is_named(central: Central) -> None:
    rows = world(central, count=300)
    until = "2025-11-01..2026-10-10"
    header = run(central, "R-03", period=until)[0].header
    assert header is not None and header.notices == [], "both sent jobs to the end of the period"
    with central.service.admin() as connection:
        connection.exec_driver_sql(
            f"UPDATE job SET received_at = '2026-02-03 12:00+00' WHERE shop_id = {central.shops['South']} "
            "AND received_at > '2026-02-03'"
        )
    header = run(central, "R-03", "fr", period=until)[0].header
    assert rows and header is not None
    assert header.notices == [
        "South n’a envoyé aucun nouveau travail depuis le 2026-02-03 : ses chiffres peuvent être incomplets."
    ]


def test_jobs_are_counted_under_the_filters_or_not_at_all(central: Central) -> None:
    rows = world(central)
    (table,) = tables(run(central, "R-05", size="small", employees="Ana Ruiz", role="estimator"))
    delivered = [
        one
        for one in rows
        if SPAN[0] <= one.delivered < SPAN[1]
        and one.total_cents < 250_000
        and one.people["estimator"][0][0] == "Ana Ruiz"
    ]
    assert {plain(row[0]): plain(row[1]) for row in table.rows} == {"Ana Ruiz": len(delivered)} and delivered
    (table,) = tables(run(central, "R-05", channel="sms"))
    assert all(plain(row[1]) is None for row in table.rows) and table.total is not None and table.total[1] is None


def test_nps_by_employee_counts_the_answers_to_its_own_question(central: Central) -> None:
    rows = world(central)
    skipped = [one.id for one in within(rows)][::3]
    with central.service.admin() as connection:
        named = ",".join(map(str, skipped))
        connection.exec_driver_sql(f"DELETE FROM answer_value WHERE question = 'recommend' AND answer_id IN ({named})")
    (table,) = tables(run(central, "R-06", by="employee"))
    left = len(within(rows)) - len(skipped)
    assert table.total is not None and plain(table.total[3]) == left and plain(table.total[4]) == pytest.approx(left)


def test_a_bounced_invitation_that_was_answered_breaks_nothing(central: Central) -> None:
    rows = world(central, count=200)
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE invitation SET bounced_at = sent_at")
    assert within(rows)
    for report in ("R-01", "R-04", "R-05", "R-14", "R-31"):
        assert list(paginate(run(central, report)))


def test_weeks_of_last_year_are_weeks(central: Central) -> None:
    seed = next(iter(answered.some(1, [central.shops["North"]], [1], 1, date(2026, 1, 1), 1)))
    instants = [datetime(2025, 8, 4, 16, tzinfo=UTC) + timedelta(days=day) for day in range(70)]
    instants += [at + timedelta(days=364) for at in instants]
    fill(central, [
        replace(seed, id=n, sent=at - timedelta(days=1), submitted=at, values={"recommend": 10})
        for n, at in enumerate(instants, start=1)
    ])  # fmt: skip
    (table,) = tables(run(central, "R-15", shops=["North"], period="2026-08-03..2026-10-11", grain="week"))
    assert [plain(row[1]) for row in table.rows] == [7] * 10
    assert [row[5].n for row in table.rows] == [7] * 10


def header(parts: list[Part]) -> dict[str, str]:
    assert parts[0].header is not None
    return dict(parts[0].header.facts)


def one_answer(central: Central, number: int, shop: str = "North", **values: int) -> Answered:
    found = next(
        one for one in answered.some(number, [central.shops[shop]], [1], 60, date(2026, 5, 1), 20) if one.submitted
    )
    return replace(found, id=number, values={"stars": 5, "recommend": 10, **values}, comment=None)


def test_the_survey_of_one_job_is_shown_whenever_it_was(central: Central) -> None:
    rows = world(central, count=60)
    asked = next(one for one in rows if one.submitted and one.comment)
    shop = next(name for name, number in central.shops.items() if number == asked.shop_id)
    parts = run(central, "R-02", shops=[shop], job=f"C:{asked.id}", period="2019-01")
    (table,) = tables(parts)
    shown = {str(row[4]): row[5] for row in table.rows}
    assert shown["Quality of the repair"] == asked.values.get("quality")
    assert shown["How likely are you to recommend us to family and friends?"] == asked.values["recommend"]
    assert shown["Comment"] == asked.comment
    assert "Period" not in header(parts) and header(parts)["Answers"] == "1"
    never = next(one for one in rows if not one.submitted and one.shop_id == asked.shop_id)
    (part,) = run(central, "R-02", shops=[shop], job=f"C:{never.id}")
    assert isinstance(part.nodes[0], Empty) and not part.nodes[0].suggestions


def test_whole_surveys_go_with_whose_they_are_into_an_export(central: Central) -> None:
    rows = within(world(central, count=60))
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(run(central, "R-02"))))
    assert len(book.worksheets) == len(rows), "a sheet a survey"
    first = [cell.value for cell in book.worksheets[0][3]]
    newest = max(rows, key=lambda one: (one.submitted, one.id))
    assert first[0].date() == newest.submitted.astimezone(ZONE).date() and first[2] == f"R-{newest.id}"


def test_a_review_leads_to_its_whole_survey(central: Central) -> None:
    world(central, count=60)
    row = tables(run(central, "R-07", shops=["North"]))[0].rows[0]
    assert isinstance(row[0], Linked) and isinstance(row[1], Linked)
    assert row[0].link.report == "R-02" and row[0].link.parameters == {"job": row[1].link.job_key}


def test_what_is_compared_and_measured_is_named(central: Central) -> None:
    world(central, count=300)
    assert header(run(central, "R-03"))["Compared with"] == "2024-11-01 – 2025-10-31"
    assert header(run(central, "R-01", compare="last_year"))["Compared with"] == "2024-11-01 – 2025-10-31"
    assert header(run(central, "R-01", compare="none"))["Compared with"] == "nothing"
    assert "Compared with" not in header(run(central, "R-07"))
    assert header(run(central, "R-09"))["Measured against"] == "recommendation 0–10"
    (chart,) = [n for n in run(central, "R-15", shops=["North"], measure="stars")[0].nodes if isinstance(n, LineChart)]
    assert chart.title.startswith("Mean stars")


def test_equal_answers_claim_no_certainty(central: Central) -> None:
    fill(central, [one_answer(central, number, quality=7) for number in (1, 2)])
    (questions,) = [table for table in tables(run(central, "R-01", shops=["North"])) if table.title == "Questions"]
    mean = figure(questions.rows[0][2])
    assert mean.value == 7 and mean.low is None and mean.muted
    for table in tables(run(central, "R-05", shops=["North"])):
        cells = [cell for row in [*table.rows, table.total or []] for cell in row if plain(cell) != cell]
        assert all(figure(cell).low is None for cell in cells if _is_mean(cell))


def _is_mean(cell: Cell) -> bool:
    found = cell.value if isinstance(cell, Linked) else cell
    return isinstance(found, Figure) and found.unit != "percent"


def follow(central: Central, link: Link, names: Sequence[str] = ("North", "South")) -> list[Part]:
    """What a click leads to: the link's parameters over those of the report it stands in."""
    shops = [name for name in names if not link.shops or central.shops[name] in link.shops]
    return run(central, link.report, shops=shops, **link.parameters)  # type: ignore[arg-type]


def rows_behind(central: Central, link: Link) -> int:
    return sum(len(table.rows) for table in tables(follow(central, link)))


def linked(nodes: Iterable[object]) -> list[tuple[Figure, Link]]:
    """The figures one can ask for the answers behind."""
    cards = [(card.figure, card.link) for node in nodes if isinstance(node, Cards) for card in node.cards]
    cells = [
        cell for node in nodes if isinstance(node, Table) for row in [*node.rows, node.total or []] for cell in row
    ]
    found = [(cell.value, cell.link) for cell in cells if isinstance(cell, Linked)]
    return [(one, link) for one, link in [*cards, *found] if isinstance(one, Figure) and link is not None]


@pytest.mark.parametrize("report", ["R-01", "R-03", "R-04", "R-05", "R-06", "R-14", "R-15"])
def test_a_figure_leads_to_as_many_answers_as_it_counted(central: Central, report: str) -> None:
    """V-N3: formula, n, interval and the rows behind it. A change says the smaller n of its two periods."""
    world(central, count=500)
    nodes = [node for part in run(central, report)[:2] for node in part.nodes]
    found = [(one, link) for one, link in linked(nodes) if one.unit not in ("change", "nps_change", "percent")]
    assert len(found) > 1
    for one, link in found[:12]:
        assert one.formula and one.n
        assert rows_behind(central, link) == one.n, (one, link)


@pytest.mark.parametrize(
    ("report", "given"),
    [
        ("R-04", {}),
        ("R-06", {"by": "date"}),
        ("R-15", {"measure": "question:quality"}),
        ("R-15", {"measure": "csi", "section": "insurer"}),
        ("R-05", {}),
        ("R-06", {"by": "employee"}),
    ],
)
def test_a_point_leads_to_as_many_answers_as_it_counted(central: Central, report: str, given: dict[str, str]) -> None:
    rows = within(world(central, count=400))
    with central.service.admin() as connection:  # not everybody answers everything
        some = ",".join(str(one.id) for one in rows[::4])
        connection.exec_driver_sql(
            f"DELETE FROM answer_value WHERE answer_id IN ({some}) AND question IN ('stars', 'recommend', 'quality')"
        )
    nodes = [node for part in run(central, report, grain="quarter", **given)[:1] for node in part.nodes]  # type: ignore[arg-type]
    points = [
        (n, link)
        for node in nodes
        if isinstance(node, LineChart)
        for n, link in zip(node.counts, node.links, strict=True)
    ]
    points += [(bar.n or 0, bar.link) for node in nodes if isinstance(node, BarChart) for bar in node.bars]
    assert points
    for count, link in points:
        assert link is not None
        assert sum(len(table.rows) for table in tables(follow(central, link))) == count


def test_a_bar_of_the_distribution_leads_to_that_score(central: Central) -> None:
    world(central, count=600)
    (chart,) = [node for node in run(central, "R-03")[0].nodes if isinstance(node, ColumnChart)]
    for column in chart.columns:
        if column.link is None:
            assert not column.value
        else:
            assert rows_behind(central, column.link) == column.value
    assert header(follow(central, chart.columns[9].link))["Answered"].endswith(" = 9")  # type: ignore[arg-type]


def test_every_change_says_its_interval(central: Central) -> None:
    world(central)
    for report in ("R-01", "R-03", "R-14", "R-15"):
        nodes = [node for part in run(central, report) for node in part.nodes]
        changes = [one for one, _ in linked(nodes) if one.direction is not None]
        assert changes or report == "R-03"
        for one in changes:
            assert one.low is not None and one.high is not None and one.low <= one.value <= one.high, report
            assert (one.low > 0) == (one.direction == "up") and (one.high < 0) == (one.direction == "down")


def test_a_question_is_followed_over_time(central: Central) -> None:
    rows = within(world(central))
    first = titled(run(central, "R-01"), "Questions").rows[1]
    assert isinstance(first[0], Linked)
    link = first[0].link
    parts = run(central, link.report, **{**link.parameters, "period": YEAR})  # type: ignore[arg-type]
    assert header(parts)["Measure"] == plain(first[0]) == "How well you were kept informed"
    total = tables(parts)[0].total
    assert total is not None
    expected = scores(rows, "kept_informed")
    assert figure(total[2]).value == pytest.approx(sum(expected) / len(expected))


def test_one_month_alone_shows_its_change(central: Central) -> None:
    world(central)
    alone = tables(run(central, "R-15", period="2026-06", grain="month"))[0].rows[0]
    beside = tables(run(central, "R-15", period="2026-05-01..2026-06-30", grain="month"))[0].rows[1]
    assert figure(alone[3]) == figure(beside[3]) and figure(alone[3]).value is not None


def test_the_scorecard_goes_down_to_programmes_where_there_are_several(central: Central) -> None:
    with central.service.admin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO programme (name, kind, questionnaire) VALUES ('Other', 'insurer', 'standard')"
        )
        connection.exec_driver_sql(
            "INSERT INTO enrolment (org_id, shop_id, programme_id) SELECT org_id, id, 2 FROM shop"
        )
    shops = [central.shops["North"], central.shops["South"]]
    rows = within(fill(central, list(answered.some(4, shops, [1, 2], 500, date(2025, 10, 20), 380))))
    parts = run(central, "R-01")
    for part, mine in ((parts[0], rows), (parts[1], [one for one in rows if one.shop_id == shops[0]])):
        (table,) = [one for one in tables([part]) if one.title == "By program"]
        other = next(row for row in table.rows if plain(row[0]) == "Other")
        asked = [one for one in mine if one.programme_id == 2]
        assert figure(other[3]).value == pytest.approx(nps.nps(groups(scores(asked, "recommend"))).value)
        assert isinstance(other[1], Linked) and rows_behind(central, other[1].link) == other[1].value
    titles = [one.title for one in tables(run(central, "R-01", programme="2")[:1])]
    assert titles == ["Best and worst questions", "Questions", "By shop"]


def test_reviews_of_an_appraiser_name_the_appraiser(central: Central) -> None:
    fill(central, [replace(one_answer(central, 1), people={"estimator": [("Ana", 1.0)], "appraiser": [("Leo", 0.5)]})])
    (row,) = tables(run(central, "R-07", role="appraiser", employees="Leo"))[0].rows
    assert "Leo" in row and "Ana" not in row and "Appraisers: Leo 50 %; Estimators: Ana" in row
    (row,) = tables(run(central, "R-07"))[0].rows
    assert "Ana" in row


def test_the_league_names_the_regions_of_the_shops(central: Central) -> None:
    world(central, count=200)
    with central.service.admin() as connection:
        connection.exec_driver_sql(
            "WITH made AS (INSERT INTO node (org_id, parent_id, kind, name) SELECT org_id, parent_id, 'region', 'Estrie' "
            f"FROM node WHERE shop_id = {central.shops['North']} RETURNING id) "
            f"SELECT set_config('test.region', id::text, true) FROM made"
        )
        connection.exec_driver_sql(
            "UPDATE node SET parent_id = current_setting('test.region')::bigint "
            f"WHERE shop_id = {central.shops['North']}"
        )
    (table,) = tables(run(central, "R-14"))
    assert {plain(row[1]): row[2] for row in table.rows} == {"North": "Estrie", "South": None}
    assert table.columns[2].title == "Region" and len(table.columns) == len(table.rows[0])


def test_no_day_is_listed_before_it_comes(central: Central) -> None:
    world(central)
    days = [plain(row[0]) for row in tables(run(central, "R-04", period="this_month", grain="day"))[0].rows]
    assert days[-1] == Day(value=date(2026, 11, 15))


def test_the_newest_hours_of_a_zone_further_east_are_in(central: Central) -> None:
    """Past midnight in one shop, the evening before in another that stands first."""
    with central.service.admin() as connection:
        connection.exec_driver_sql(f"UPDATE shop SET zone = 'America/Los_Angeles' WHERE id = {central.shops['North']}")
    late = datetime(2026, 11, 15, 5, 30, tzinfo=UTC)
    fill(central, [replace(one_answer(central, 1, "South"), sent=late - timedelta(days=2), submitted=late)])
    for report, column in (("R-04", 1), ("R-06", 1), ("R-15", 1), ("R-31", 3)):
        now = late + timedelta(minutes=30)
        found = tables(run(central, report, now=now, period="this_month", grain="day"))[1 if report == "R-31" else 0]
        assert sum(plain(row[column]) or 0 for row in found.rows) == 1, report  # type: ignore[misc]


def test_odd_parameters_do_no_harm(central: Central) -> None:
    world(central, count=60)
    whole = len(tables(run(central, "R-07"))[0].rows)
    for given in ({"score": "²"}, {"programme": "²"}, {"employees": "\0"}, {"measure": "question:nothing"}):
        assert len(tables(run(central, "R-07", **given))[0].rows) == whole, given  # type: ignore[arg-type]
    for given in ({"question": "' OR true --"}, {"question": "quality\0", "score": "99999999999999"}, {"score": "7"}):
        run(central, "R-07", **given)  # type: ignore[arg-type]


def test_jobs_are_sorted_by_the_minute(central: Central) -> None:
    world(central, count=120)
    parts = run(central, "R-29")
    (table,) = tables(parts)
    column = next(at for at, one in enumerate(table.columns) if one.title == "Received")
    ordered = tables(sorted_parts(parts, 0, column, descending=False))
    days = [row[column] for one in ordered for row in one.rows]
    keys = [(day.value, day.at) for day in days if isinstance(day, Day)]
    assert keys == sorted(keys) and len({day for day, _ in keys}) < len(keys)


def test_a_question_no_longer_asked_is_still_named_and_followed(central: Central) -> None:
    world(central)
    before = tables(run(central, "R-15", measure="question:quality"))[0].total
    with central.service.admin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO questionnaire (key, version, content) SELECT key, 99, jsonb_set(content, '{questions}', "
            "(SELECT jsonb_agg(q) FROM jsonb_array_elements(content -> 'questions') q WHERE q ->> 'key' <> 'quality')) "
            "FROM questionnaire"
        )
    parts = run(central, "R-15", measure="question:quality")
    assert header(parts)["Measure"] == "Quality of the repair" and tables(parts)[0].total == before
    assert header(run(central, "R-07", question="quality", score="9"))["Answered"] == "Quality of the repair = 9"
    assert "Quality of the repair" in [plain(row[0]) for row in titled(run(central, "R-01"), "Questions").rows]


def test_a_programme_that_asks_no_scale_is_counted_by_its_recommendations(central: Central) -> None:
    rows = within(world(central, count=200))
    with central.service.admin() as connection:
        connection.exec_driver_sql("DELETE FROM answer_value WHERE question NOT IN ('stars', 'recommend')")
        connection.exec_driver_sql(
            "UPDATE questionnaire SET content = jsonb_set(content, '{questions}', (SELECT jsonb_agg(q) "
            "FROM jsonb_array_elements(content -> 'questions') q WHERE q ->> 'key' IN ('stars', 'recommend')))"
        )
    parts = run(central, "R-01")
    (cards,) = [node for node in parts[0].nodes if isinstance(node, Cards)]
    assert cards.cards[3].figure.value == len(scores(rows, "recommend"))
    assert cards.cards[0].link is None and cards.cards[3].link is not None
    assert rows_behind(central, cards.cards[3].link) == cards.cards[3].figure.value


def test_the_header_says_every_choice(central: Central) -> None:
    world(central, count=100)
    said = header(run(central, "R-03", split="programme"))
    assert (said["Split"], said["Answers needed to be shown in full"]) == ("by program", "5")
    assert header(run(central, "R-04", grain="month"))["Step"] == "by month"


def test_the_total_of_a_role_has_no_interval_of_credits(central: Central) -> None:
    world(central)
    for report in ("R-05", "R-06"):
        (table,) = tables(run(central, report, by="employee"))
        assert table.total is not None
        whole = next(cell for cell in table.total if isinstance(cell, Figure))
        assert whole.low is None and whole.n == table.total[3], "answers, not credits"


def test_few_answers_are_drawn_nowhere(central: Central) -> None:
    fill(central, [one_answer(central, 1, quality=9)])
    for report in sorted(REPORTS):
        nodes = [node for part in run(central, report) for node in part.nodes]
        assert not [type(node).__name__ for node in nodes if hasattr(node, "title") and not isinstance(node, Table)], (
            report
        )


def test_shops_without_answers_are_named_once_and_get_no_pages(central: Central) -> None:
    fill(central, [one_answer(central, number) for number in range(1, 8)])
    for report in ("R-01", "R-03", "R-14", "R-15"):
        parts = run(central, report)
        said = [
            n.text for part in parts for n in part.nodes if isinstance(n, Paragraph) and "no answers here" in n.text
        ]
        assert said == ["One shop has no answers here: South."], report
        assert len(parts) <= 2, report


def test_a_shop_that_never_sent_a_job_is_said_so(central: Central) -> None:
    fill(central, [one_answer(central, 1)])
    parts = run(central, "R-07")
    assert parts[0].header is not None
    assert "No job of South is at the service yet." in parts[0].header.notices
    fill(central, [replace(one_answer(central, 2, "South"), sent=NOW - timedelta(days=30))])
    parts = run(central, "R-07", period="2026-05")
    assert parts[0].header is not None
    assert not [one for one in parts[0].header.notices if "South" in one], "it joined after the period"


def test_an_empty_list_of_jobs_speaks_of_jobs(central: Central) -> None:
    (part,) = run(central, "R-29")
    assert isinstance(part.nodes[0], Empty) and "has not kept any job" in part.nodes[0].text
    assert part.nodes[0].suggestions == [] and "Jobs" in header([part])
    world(central, count=30)
    (part,) = run(central, "R-29", period="2019-01")
    (empty,) = part.nodes
    assert isinstance(empty, Empty) and "No job was received" in empty.text
    assert [title for _, title in empty.suggestions][-1].startswith("Newest month with jobs")


def test_people_stand_in_one_order_in_chart_and_table(central: Central) -> None:
    """Issue 15.19: the best first, then those with few answers by name."""
    world(central, count=500)
    nodes = [node for part in run(central, "R-05") for node in part.nodes]
    charts = [node for node in nodes if isinstance(node, BarChart)]
    for chart, table in zip(charts, [node for node in nodes if isinstance(node, Table)], strict=True):
        enough = [row for row in table.rows if figure(row[5]).n >= 5]
        assert [bar.label for bar in chart.bars] == [plain(row[0]) for row in enough] and len(enough) > 1
        values = [figure(row[5]).value or 0.0 for row in enough]
        assert values == sorted(values, reverse=True) and table.rows[: len(enough)] == enough
    assert charts


@pytest.mark.parametrize("report", ["R-04", "R-06", "R-15"])
def test_months_before_the_first_answer_are_not_drawn(central: Central, report: str) -> None:
    """Issue 15.19."""
    world(central, count=300)
    parts = run(central, report, period="2024-01-01..2026-09-30", grain="month")
    table = tables(parts)[0]
    assert 2 < len(table.rows) < 20, "33 months were asked for"
    first = [cell.n or 0 for cell in map(unlinked, table.rows[0]) if isinstance(cell, Figure)]
    assert max(first) > 0
    charts = [node for part in parts for node in part.nodes if isinstance(node, LineChart)]
    assert charts and all(len(chart.labels) == len(table.rows) for chart in charts)


def unlinked(cell: Cell) -> object:
    return cell.value if isinstance(cell, Linked) else cell


def test_two_or_three_surveys_stand_on_a_page(central: Central) -> None:
    """Issue 15.19: whole surveys follow one another; none begins a page of its own."""
    world(central, count=120)
    parts = run(central, "R-02")
    surveys = sum(isinstance(node, Heading) for part in parts for node in part.nodes)
    pages = len(list(paginate(parts)))
    assert surveys > 20 and 2.0 <= surveys / pages <= 3.5


def test_two_hundred_jobs_take_six_pages(central: Central) -> None:
    """Issue 15.19: one line a job; the workbook keeps every time and person."""
    world(central, count=600)
    parts = run(central, "R-29", shops=["North"])
    table = tables(parts)[0]
    kept = [row for each in tables(parts) for row in each.rows][:198]
    assert len(kept) == 198
    shorter = [replace_struct(parts[0], nodes=[replace_struct(table, rows=kept)], last=True)]
    assert len(list(paginate(shorter))) <= 6
    assert len(table.columns) > 26, "nothing is missing from the workbook"


def test_steps_are_as_fine_as_the_answers_allow(central: Central) -> None:
    fill(central, [one_answer(central, number) for number in range(1, 8)])
    (table,) = tables(run(central, "R-04", period="2026-05", shops=["North"]))
    assert len(table.rows) == 1, "a month with seven answers is not shown by day"
    (table,) = tables(run(central, "R-04", period="2026-05", shops=["North"], grain="day"))
    assert 25 <= len(table.rows) <= 31, "unless somebody asks for it; days before the first answer are not shown"
    assert figure(table.rows[0][-1]).n > 0, "the first day somebody was asked"


def test_the_workbook_keeps_the_dates_a_page_has_no_room_for(central: Central) -> None:
    world(central, count=30)
    parts = run(central, "R-29")
    words = " ".join(op.text for page in paginate(parts) for op in page.operations if hasattr(op, "text"))
    assert "Promised" not in words and "Delivered" in words
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(parts))).worksheets[0]
    row = dict(zip((cell.value for cell in sheet[2]), sheet[3], strict=True))
    assert row["Received"].number_format == "yyyy-mm-dd hh:mm" and isinstance(row["Received"].value, datetime)
    assert {"Quality of the repair", "Comment", "Credited to", "Bounced", "Reason", "Appraiser"} <= row.keys()
    assert {"Promised", "Opened", "Survey from"} <= {cell.value for cell in sheet[2]}


def test_the_total_of_deliveries_is_the_sum_of_its_rows_even_with_days_to_come(central: Central) -> None:
    """A delivery may stand in the future of a period that is not over: such a day is in both or in neither (13.3)."""
    rows = world(central, count=300)
    late = [one.id for one in rows if one.shop_id == central.shops["North"]][:40]
    with central.service.admin() as connection:
        connection.exec_driver_sql(
            f"UPDATE job SET delivered_on = '2026-12-20' WHERE id IN ({','.join(map(str, late))})"
        )
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(run(central, "R-31", period="2026-01-01..2026-12-31"))), read_only=False
    )
    days, total = _with_total(book["By date"])
    titles = [cell.value for cell in book["By date"][2]]
    delivered = titles.index("Delivered")
    assert total[delivered] == sum(row[delivered] or 0 for row in days) > 0


def test_questions_everybody_answers_alike_are_said_to_be_so(central: Central) -> None:
    """Forty answers are not "fewer than 30": one question alike everywhere has no correlation (13.3)."""
    rows = [
        one_answer(
            central,
            number,
            recommend=number % 11,
            quality=8,
            **dict.fromkeys(("kept_promise",), number % 10 + 1),  # type: ignore[arg-type]
        )
        for number in range(1, 41)
    ]
    fill(central, rows)
    parts = run(central, "R-09", shops=["North"])
    cells = {str(plain(row[0])): row for table in tables(parts) for row in table.rows}
    quality = cells["Quality of the repair"]
    assert quality[1] == 40 and quality[4] == "" and quality[5] == "everybody answered the same"
    texts = [node.text for part in parts for node in part.nodes if isinstance(node, Paragraph)]
    assert not any("Fewer than 30" in said for said in texts)


def test_a_programme_that_is_not_ours_is_unknown_and_never_all(central: Central) -> None:
    world(central, count=60)
    assert header(run(central, "R-04", programme="999"))["Program"] == "unknown"
    assert header(run(central, "R-04"))["Program"] == "all"


def test_a_job_without_an_ro_number_shows_no_key_of_ours(central: Central) -> None:
    world(central, count=60)
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE job SET ro_number = NULL")
    for report in ("R-07", "R-29"):
        rows = [[plain(cell) for cell in row] for table in tables(run(central, report)) for row in table.rows]
        assert rows and all("no RO" in row for row in rows)
        assert not any(isinstance(cell, str) and cell.startswith("C:") for row in rows for cell in row)


def test_a_report_that_a_filter_empties_says_so(central: Central) -> None:
    """Every filter: who limits to what nobody is sees that the limits hide the answers, not that there are none."""
    fill(central, list(answered.some(3, [central.shops["North"]], [1], 20, date(2026, 9, 1), 20)))
    given = {
        **{"programme": "999", "employees": "Nobody", "channel": "phone", "language": "es", "size": "large"},
        **{"group": "detractors", "stars": "1", "question": "nobody_asked", "score": "0", "invited": "1"},
    }
    assert given.keys() == {name for name, one in PARAMETERS.items() if one.is_filter}
    words = Texts("en")
    said = {}
    for name, value in {**given, "": ""}.items():
        (part,) = run(central, "R-01", period="2019-01", **({name: value} if name else {}))  # type: ignore[arg-type]
        (node,) = part.nodes
        assert isinstance(node, Empty)
        said[name] = node.text
    assert said.pop("") == words("report.empty.answers.text")
    assert set(said.values()) == {words("report.empty.answers.filtered")}


def test_technicians_share_an_answer_and_totals_add_up_to_answers(central: Central) -> None:
    """B-N7, B-26: R-05 by the frozen shares, recomputed from the rows; jobs by who stands in them; R-31 names both roles."""
    seed = list(answered.some(9, [central.shops["North"]], [1], 120, date(2026, 5, 1), 20))
    rows = [replace(one, people={**one.people, "technician": [("Tom", 0.6), ("Zoé", 0.4)]}) for one in seed[:80]]
    alone = {"technician": [("Tom", 1.0)], "service_writer": [("Mia", 1.0)]}
    rows += [replace(one, people={**one.people, **alone}) for one in seed[80:]]
    fill(central, rows)
    with central.service.admin() as connection:
        connection.execute(
            text(
                "UPDATE job j SET credits = i.people - 'estimator' FROM sample s JOIN invitation i ON i.sample_id = s.id "
                "WHERE s.job_id = j.id"
            )
        )
    mine = within(rows)
    shown = {table.title or "": table for table in tables(run(central, "R-05"))}
    lines = {str(plain(row[0])): row for table in shown.values() for row in table.rows}
    for who in ("Tom", "Zoé"):
        stars = [
            (share, one.values["stars"])
            for one in mine
            for name, share in one.people["technician"]
            if name == who and "stars" in one.values
        ]
        weight = sum(share for share, _ in stars)
        assert plain(lines[who][4]) == pytest.approx(weight)
        assert plain(lines[who][5]) == pytest.approx(sum(share * value for share, value in stars) / weight)
    rated = [one for one in mine if "stars" in one.values]
    assert plain(lines["Tom"][4]) + plain(lines["Zoé"][4]) == pytest.approx(len(rated))
    assert plain(lines["Tom"][1]) == len(rows) and plain(lines["Zoé"][1]) == 80, "jobs delivered, each to all who worked on it"
    only = run(central, "R-05", role="technician", employees="Zoé")
    assert plain(tables(only)[0].rows[0][1]) == 80
    comments = next(t for t in tables(run(central, "R-31")) if any(c.title == "Technicians" for c in t.columns))
    column = [c.title for c in comments.columns].index("Technicians")
    assert {plain(row[column]) for row in comments.rows} <= {"Tom, Zoé", "Tom"}

