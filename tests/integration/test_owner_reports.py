"""What an owner is handed: R-01's first page, R-05, R-07, R-09, R-14, and the rows behind every rate (issue 15.19, V-N3)."""

import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import sqrt

import numpy
import pytest
from msgspec.structs import replace as replace_struct

from repaircenter.central.reporting.targets_file import Benchmark
from repaircenter.rendering.pagination import paginate
from repaircenter.wire.document.cells import Icon, Link, Linked
from repaircenter.wire.document.charts import BarChart, FunnelChart, LineChart, QuadrantChart
from repaircenter.wire.document.nodes import Card, Cards, Heading, Paragraph
from repaircenter.wire.document.parts import Part
from tests import answered
from tests.answered import Answered
from tests.conftest import Central
from tests.integration.test_references import enter
from tests.integration.test_reports import (
    NOW,
    ZONE,
    figure,
    fill,
    follow,
    header,
    linked,
    one_answer,
    plain,
    rows_behind,
    run,
    scores,
    tables,
    titled,
    within,
    world,
)

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 1)


def cards(parts: list[Part]) -> list[Card]:
    return next(node for node in parts[0].nodes if isinstance(node, Cards)).cards


def paragraphs(parts: list[Part], style: str = "normal") -> list[str]:
    return [n.text for part in parts for n in part.nodes if isinstance(n, Paragraph) and n.style == style]


def own_means(rows: Sequence[Answered]) -> list[float]:
    """Each respondent's own mean of the shop's questions."""
    return [
        statistics.fmean(marks)
        for row in rows
        if (marks := [row.values[key] for key in answered.OWN_SCALES if key in row.values])
    ]


def shifted(rows: list[Answered], by: int, *, since: date) -> list[Answered]:
    """The same answers with other marks from a day on."""

    def moved(row: Answered) -> Answered:
        if row.submitted is None or row.submitted.astimezone(ZONE).date() < since:
            return row
        values = {
            key: max(1, min(10, value + by)) if key in answered.SCALES else value for key, value in row.values.items()
        }
        return replace(row, values=values)

    return [moved(row) for row in rows]


@pytest.mark.parametrize(("by", "word"), [(-4, "lower than before"), (0, "About the same as before")])
def test_a_card_says_its_change_in_words(central: Central, by: int, word: str) -> None:
    shops = [central.shops["North"], central.shops["South"]]
    rows = shifted(list(answered.some(1, shops, [1], 900, date(2025, 10, 20), 380)), by, since=FIRST)
    fill(central, rows)
    csi, nps, rate, *_ = cards(run(central, "R-01", period="2026-10"))
    assert word in csi.said[0]
    now, before = own_means(within(rows, FIRST, LAST)), own_means(within(rows, date(2026, 9, 1), FIRST))
    gap = statistics.fmean(now) - statistics.fmean(before)
    if by:
        assert csi.said[0].startswith(f"{abs(gap):.2f}")
    assert nps.said and all("may still answer" in line for line in rate.said)
    assert cards(run(central, "R-01", period="2026-10", compare="none"))[0].said == []


@pytest.mark.parametrize(
    ("target", "word"), [(1.5, "Above the target"), (9.9, "below the target of 9.90"), (0.0, "About at the target")]
)
def test_a_card_says_how_far_the_target_is(central: Central, target: float, word: str) -> None:
    rows = within(world(central, count=300))
    goal = target or round(statistics.fmean(own_means(rows)), 2)
    enter(central, targets={next(iter(_programmes(central))): {"csi": goal}})
    (said,) = [line for line in cards(run(central, "R-01", compare="none"))[0].said if "target" in line]
    assert word in said
    if target == 9.9:
        assert said.startswith(f"{9.9 - statistics.fmean(own_means(rows)):.2f}")


def _programmes(central: Central) -> list[str]:
    with central.service.admin() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT name FROM programme ORDER BY id")]


def test_the_owners_line_is_the_overall_csi_of_twelve_months(central: Central) -> None:
    rows = world(central)
    parts = run(central, "R-01", period="2026-10")
    (line,) = [node for node in parts[0].nodes if isinstance(node, LineChart)]
    assert line.labels == [f"2025-{month}" for month in (11, 12)] + [f"2026-{month:02}" for month in range(1, 11)]
    march = own_means(within(rows, date(2026, 3, 1), date(2026, 4, 1)))
    assert line.series[0].values[4] == pytest.approx(statistics.fmean(march)) and line.counts[4] == len(march)
    assert line.links[4] is not None and rows_behind(central, line.links[4]) == len(march)
    assert not line.running
    (running,) = [node for node in run(central, "R-01", period="this_month")[0].nodes if isinstance(node, LineChart)]
    assert running.running and running.labels[-1] == "2026-11"


def test_best_and_worst_are_the_extremes_and_none_is_both(central: Central) -> None:
    rows = within(world(central))
    table = titled(run(central, "R-01"), "Best and worst questions")
    means = {key: statistics.fmean(scores(rows, key)) for key in answered.SCALES}
    ordered = sorted(means.values(), reverse=True)
    assert [row[0] for row in table.rows] == ["Best", "Best", "Worst", "Worst"]
    shown = [plain(row[2]) for row in table.rows]
    assert shown == pytest.approx(ordered[:2] + ordered[-2:])
    assert len({plain(row[1]) for row in table.rows}) == 4
    link = table.rows[0][2]
    assert isinstance(link, Linked) and rows_behind(central, link.link) == figure(link).n


def test_the_newest_comments_stand_on_the_owners_page_cut_where_they_are_long(central: Central) -> None:
    rows = [row for row in within(world(central)) if row.comment]
    assert all(row.submitted for row in rows)
    newest = sorted(rows, key=lambda row: (row.submitted or NOW, row.id), reverse=True)
    quotes = paragraphs(run(central, "R-01")[:1], "quote")
    assert len(quotes) == 3
    for quote, row in zip(quotes, newest, strict=False):
        assert " ".join((row.comment or "").split())[:200] in quote and f"{row.values['stars']} star" in quote
    assert all(len(quote) < 340 for quote in quotes)
    of_north = paragraphs([run(central, "R-01")[1]], "quote")
    north = next(row for row in newest if row.shop_id == central.shops["North"])
    assert (north.comment or "")[:100] in of_north[0]


def test_the_second_page_of_the_scorecard_is_full(central: Central) -> None:
    world(central)
    pages = list(paginate(run(central, "R-01")))
    written = [len([op for op in page.operations if hasattr(op, "baseline")]) for page in pages[:3]]
    assert written[1] > 60, "questions, programmes and shops"
    assert len(pages) == 2 + 2, "a page a shop"


@pytest.mark.parametrize("report", ["R-01", "R-04", "R-05", "R-06", "R-14"])
@pytest.mark.parametrize("given", [{}, {"channel": "sms"}, {"employees": "Ana Ruiz"}, {"date_basis": "delivery"}])
def test_a_rate_leads_to_the_jobs_it_is_of(central: Central, report: str, given: dict[str, str]) -> None:
    """V-N3: as many rows as invitations that reached somebody, whatever limits them."""
    world(central, count=400)
    nodes = [node for part in run(central, report, grain="quarter", **given)[:1] for node in part.nodes]  # type: ignore[arg-type]
    rates = [(one, link) for one, link in linked(nodes) if one.formula == "response-rate"]
    assert rates
    for rate, link in rates[:4]:
        parts = follow(central, over(given, link))
        assert sum(len(table.rows) for table in tables(parts)) == rate.n
        assert header(parts)["Jobs"] in (str(rate.n), "whose survey reached the customer")


def over(given: dict[str, str], link: Link) -> Link:
    """A link as the desk follows it: over the parameters of the report it stands in."""
    return replace_struct(link, parameters={**given, **link.parameters})


@pytest.mark.parametrize(
    ("name", "value"), [("channel", "sms"), ("language", "fr"), ("size", "large"), ("employees", "Carla Ng")]
)
def test_jobs_are_limited_by_every_filter_of_reports(central: Central, name: str, value: str) -> None:
    rows = world(central, count=300)

    def has(row: Answered) -> bool:
        if name == "size":
            return row.total_cents >= 750_000
        if name == "employees":
            return row.people["estimator"][0][0] == value
        return bool(getattr(row, name) == value)

    received = [
        row
        for row in rows
        if date(2025, 11, 1) <= (row.sent - timedelta(days=20)).astimezone(ZONE).date() < date(2026, 11, 1)
    ]
    shown = {plain(row[0]) for table in tables(run(central, "R-29", **{name: value})) for row in table.rows}  # type: ignore[arg-type]
    assert shown == {f"R-{row.id}" for row in received if has(row)}


def test_money_stands_with_its_currency(central: Central) -> None:
    world(central, count=40)
    (table,) = tables(run(central, "R-29"))
    at = next(index for index, column in enumerate(table.columns) if column.title == "Total")
    totals = [figure(row[at]) for row in table.rows]
    assert {total.currency for total in totals} == {"CAD"} and {plain(row[at + 1]) for row in table.rows} == {"CAD"}
    texts = [op.text for page in paginate(run(central, "R-29", "fr")) for op in page.operations if hasattr(op, "text")]
    assert any(text.endswith("\xa0$") for text in texts)


def test_estimators_come_first_and_each_role_says_what_it_does(central: Central) -> None:
    both = {"estimator": [("Ana", 1.0)], "appraiser": [("Leo", 1.0)]}
    fill(central, [replace(one_answer(central, number), people=both) for number in range(1, 8)])
    parts = run(central, "R-05")
    assert [node.text for node in parts[0].nodes if isinstance(node, Heading)] == [
        "Estimators, who wrote the estimate",
        "Appraisers, who looked at the damage for the insurer",
    ]
    titles = [node.title for node in parts[0].nodes if isinstance(node, BarChart)]
    assert len(set(titles)) == 2 and titles[0].startswith("Estimators")
    assert [plain(table.rows[0][0]) for table in tables(parts)] == ["Ana", "Leo"]


def test_reviews_behind_a_question_show_its_own_mark(central: Central) -> None:
    rows = within(world(central, count=200))
    (table,) = tables(run(central, "R-07", question="quality"))
    at = next(index for index, column in enumerate(table.columns) if column.title == "Quality of the repair")
    given = {f"R-{row.id}": row.values["quality"] for row in rows if "quality" in row.values}
    assert {str(plain(row[2])): row[at] for row in table.rows} == given
    (several,) = tables(run(central, "R-07", question=",".join(answered.OWN_SCALES)))
    at = next(index for index, column in enumerate(several.columns) if column.title == "Overall CSI (1–10)")
    shown = {str(plain(row[2])): row[at] for row in several.rows}
    for row in rows[:20]:
        for expected in own_means([row]):
            assert shown[f"R-{row.id}"] == pytest.approx(expected)
    plain_titles = {column.title for column in tables(run(central, "R-07", question="stars"))[0].columns}
    assert plain_titles == {column.title for column in tables(run(central, "R-07"))[0].columns}


def test_the_channel_is_an_icon_on_the_page_and_a_word_elsewhere(central: Central) -> None:
    world(central, count=60)
    (table,) = tables(run(central, "R-07", "fr"))
    icons = {cell for row in table.rows for cell in row if isinstance(cell, Icon)}
    assert {icon.words for icon in icons} == {"courriel", "texto"} and len({icon.symbol for icon in icons}) == 2


def network(central: Central, count: int, answers: int = 40) -> tuple[list[int], list[Answered]]:
    """So many shops of the first organisation; the last is far worse than the others."""
    with central.service.admin() as connection:
        for number in range(count):
            connection.exec_driver_sql(
                "INSERT INTO shop (org_id, name, sort_key, zone, language) SELECT org_id, %s, %s, zone, language FROM shop WHERE id = %s",
                (f"Shop {number:02}", f"shop {number:02}", central.shops["North"]),
            )
        ids = [
            row[0] for row in connection.exec_driver_sql("SELECT id FROM shop WHERE name LIKE 'Shop %%' ORDER BY id")
        ]
    for number, shop in enumerate(ids):
        central.shops[f"Shop {number:02}"] = shop
    rows = []
    for place, shop in enumerate(ids):
        bad = place == len(ids) - 1
        for number in range(answers):
            at = datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(days=number)
            score = (0, 3, 7)[number % 3] if bad else (10, 9, 8, 7, 4)[number % 5]
            seed = one_answer(central, 1)
            rows.append(
                replace(
                    seed, id=1 + place * answers + number, shop_id=shop, sent=at - timedelta(days=1), submitted=at,
                    values={"stars": 1 if bad else 4, "recommend": score},
                )
            )  # fmt: skip
    fill(central, rows)
    return ids, rows


def test_a_shop_outside_the_limits_of_chance_is_named(central: Central) -> None:
    """Limits recomputed from raw rows: centre ± 3.09 · σ / √n."""
    ids, rows = network(central, 11)
    names = [f"Shop {number:02}" for number in range(11)]
    parts = run(central, "R-14", shops=names)
    (chart,) = [node for node in parts[0].nodes if isinstance(node, FunnelChart)]
    worth = [100.0 if s >= 9 else 0.0 if s >= 7 else -100.0 for s in scores(rows, "recommend")]
    centre, deviation = statistics.fmean(worth), float(numpy.std(worth))
    assert chart.centre == pytest.approx(centre)
    limit = min(chart.limits, key=lambda one: abs(one.n - 40))
    assert limit.bounds[1][0] == pytest.approx(max(-100.0, centre - 3.0902323 * deviation / sqrt(limit.n)))
    assert limit.bounds[0][1] == pytest.approx(min(100.0, centre + 1.9599640 * deviation / sqrt(limit.n)))
    assert [point.label for point in chart.points if point.outside] == ["Shop 10"]
    assert "Worse than chance explains: Shop 10." in paragraphs(parts)
    assert {point.link.shops[0] for point in chart.points if point.link} == set(ids)
    assert all(point.n == 40 for point in chart.points)
    stars = run(central, "R-14", shops=names, measure="stars")
    assert [node for node in stars[0].nodes if isinstance(node, FunnelChart)] == [], "no answer differs within a shop"


def test_few_shops_have_no_funnel_and_alike_ones_are_said_to_be_so(central: Central) -> None:
    network(central, 11)
    few = run(central, "R-14", shops=[f"Shop {number:02}" for number in range(5)])
    assert not [node for node in few[0].nodes if isinstance(node, FunnelChart)]
    assert [node for node in few[0].nodes if isinstance(node, BarChart)]
    alike = run(central, "R-14", shops=[f"Shop {number:02}" for number in range(10)])
    assert "No shop differs from the others by more than chance." in paragraphs(alike)


def test_what_others_published_is_a_line_across_the_league(central: Central) -> None:
    world(central, count=300)
    enter(
        central,
        benchmarks=[Benchmark(metric="nps", segment="Canada", value=88.0, source="Institute", as_of=date(2026, 6, 30))],
    )
    (chart,) = [node for node in run(central, "R-14")[0].nodes if isinstance(node, BarChart)]
    assert chart.marks == [(88.0, "Canada 88.0")] and chart.minimum < 88.0 < chart.maximum
    assert chart.target_label.startswith("All shops ")


def test_strengths_say_priority_first_importance_in_words_and_the_insurers_questions_apart(central: Central) -> None:
    rows = within(world(central))
    parts = run(central, "R-09")
    kinds = [type(node) for node in parts[0].nodes]
    assert kinds.index(BarChart) < kinds.index(QuadrantChart)
    (priority,) = [node for node in parts[0].nodes if isinstance(node, BarChart)]
    values = [bar.value or 0.0 for bar in priority.bars]
    assert len(values) == 4 and all(first >= second for first, second in pairwise(values))
    own, insurers = titled(parts, "Question by question"), titled(parts, "The insurer’s questions, apart")
    ((name, n, performance, importance, word),) = insurers.rows
    pairs = [(row.values["claim_handling"], row.values["recommend"]) for row in rows if "claim_handling" in row.values]
    r = float(numpy.corrcoef([x for x, _ in pairs], [y for _, y in pairs])[0, 1])
    assert plain(name) == "How your insurer handled the claim" and n == len(pairs)
    assert plain(performance) == pytest.approx(statistics.fmean(x for x, _ in pairs))
    assert plain(importance) == pytest.approx(r)
    assert word == ("strongly" if r >= 0.5 else "moderately" if r >= 0.3 else "weakly")
    assert plain(name) not in [plain(row[0]) for row in own.rows]
    (plot,) = [node for node in parts[0].nodes if isinstance(node, QuadrantChart)]
    for point in plot.points:
        assert point.x_interval is not None and point.x_interval[0] < point.x < point.x_interval[1]
        assert point.y_interval is not None and point.y_interval[0] < point.y < point.y_interval[1]
    chosen = run(central, "R-09", section="insurer")
    assert not [table for table in tables(chosen) if table.title == "The insurer’s questions, apart"]


def test_a_trend_is_usually_looked_at_over_a_year(central: Central) -> None:
    world(central)
    for report in ("R-04", "R-06", "R-15"):
        assert header(run(central, report, period=""))["Period"] == "2025-12-01 – 2026-11-30"
        (line,) = [node for node in run(central, report, period="")[0].nodes if isinstance(node, LineChart)]
        assert line.running and line.labels[-1] == "2026-11 …"
        assert not next(n for n in run(central, report)[0].nodes if isinstance(n, LineChart)).running
    assert header(run(central, "R-14", period=""))["Period"] == "2026-11-01 – 2026-11-30"
