"""Every figure of a hostile world worked out again from the raw rows by pandas, scipy and statsmodels (issue 13.5).

Eight shops in four zones, three programmes with questionnaires of their own, answers at the last and the first
microsecond of a day, both days on which clocks change, shops with none, one, two and only equal answers, shared credits.
Nothing here asks `metrics`.
"""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from repaircenter.central.accounts.admin import NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.questionnaires.questionnaire_file import shipped
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.wire import codec
from repaircenter.wire.document.cells import Stars
from repaircenter.wire.document.charts import LineChart
from repaircenter.wire.document.nodes import Cards, Heading
from repaircenter.wire.document.parts import Part, decode_part
from tests import answered
from tests.answered import OWN_SCALES, SCALES, Answered
from tests.conftest import Central
from tests.fakes.passwords import CHEAP
from tests.integration.test_reports import figure, plain, tables, titled

ZONES = ("America/Toronto", "America/Vancouver", "America/St_Johns", "Atlantic/Azores")
NAMES = ("Crowd", "Perfect", "West", "Two", "Rock", "One", "Isle", "None")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(1, 12)]


class World:
    """The rows, and the shops' ids by name."""

    def __init__(self, central: Central) -> None:
        self.central = central
        shops = [NewShop(name=name, zone=ZONES[number // 2]) for number, name in enumerate(NAMES)]
        programmes = [NewProgramme(name=name, kind="shop") for name in ("First", "Second", "Third")]
        wanted = SetupFile(organisation="One", shops=shops, persons=[], programmes=programmes)
        with central.service.admin() as connection:
            self.shops = dict(zip(NAMES, apply(connection, wanted, CHEAP), strict=True))
            ids = connection.exec_driver_sql(
                "SELECT id FROM programme WHERE name IN ('First', 'Second', 'Third') ORDER BY name"
            )
            self.programmes = [row.id for row in ids]
            # The second programme changes its questionnaire in June, the third asks by another one from the start.
            self.versions = [_questionnaire(connection, "standard", 4), _questionnaire(connection, "other", 7)]
            rows = list(self._rows())
            answered.write(connection, 1, rows)
        self.frame = pd.DataFrame(
            [
                {
                    "id": one.id,
                    "shop": next(name for name, number in self.shops.items() if number == one.shop_id),
                    "at": one.submitted,
                    "programme": one.programme_id,
                    "people": one.people["estimator"],
                    **one.values,
                }
                for one in rows
            ]
        )
        zone = {name: ZONES[number // 2] for number, name in enumerate(NAMES)}
        self.frame["day"] = [
            at.astimezone(ZoneInfo(zone[shop])).date()
            for at, shop in zip(self.frame["at"], self.frame["shop"], strict=True)
        ]
        self.frame["month"] = [day.replace(day=1) for day in self.frame["day"]]

    def _rows(self) -> list[Answered]:
        chance = random.Random(13)
        counts = {"Crowd": 160, "Perfect": 40, "West": 90, "Two": 2, "Rock": 70, "One": 1, "Isle": 60, "None": 0}
        rows: list[Answered] = []
        for name, count in counts.items():
            for turn in range(count):
                number = len(rows) + 1
                rows.append(self._row(number, name, turn, chance))
        return rows

    def _row(self, number: int, name: str, turn: int, chance: random.Random) -> Answered:
        zone = ZoneInfo(ZONES[NAMES.index(name) // 2])
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(330 * 86400))
        edges = (datetime(2026, 5, 31, 23, 59, 59, 999999), datetime(2026, 6, 1), datetime(2026, 10, 25, 0, 30),
                 datetime(2026, 3, 8, 23, 30), datetime(2026, 11, 1, 0, 30), datetime(2026, 10, 31, 23, 59, 59, 999999))  # fmt: skip
        if turn < len(edges) and name not in ("Two", "One"):
            at = edges[turn].replace(tzinfo=zone).astimezone(UTC)
        programme = chance.randrange(3)
        if name == "Isle" and programme == 1 and at < datetime(2026, 6, 15, tzinfo=UTC):
            programme = 0  # joined the second programme after its change
        later = at >= datetime(2026, 6, 15, tzinfo=UTC)
        version = self.versions[1] if programme == 2 else self.versions[0] if programme == 1 and later else None
        mood = {"Crowd": 0.0, "West": 1.0, "Rock": -0.6, "Isle": 0.4}.get(name, 0.0) + (0.9 if later else 0.0)
        values = {
            "stars": _clip(4.0 + mood / 2 + chance.gauss(0, 0.9), 1, 5),
            "recommend": _clip(7.6 + mood + chance.gauss(0, 2), 0, 10),
        }
        for key in SCALES:
            if chance.random() < 0.85:
                values[key] = _clip(7.5 + mood + chance.gauss(0, 1.8), 1, 10)
        if name == "Perfect":
            values = {"stars": 5, "recommend": 10, **dict.fromkeys(SCALES, 10)}
        share = chance.choice((1.0, 0.6, 0.25))
        people = {"estimator": [("Ana", share), ("Ben", 1.0 - share)] if share < 1.0 else [("Ana", 1.0)]}
        sent = at - timedelta(days=2)
        return Answered(
            number, self.shops[name], self.programmes[programme], (at - timedelta(days=25)).date(), 300_000, sent, False,
            "email", "en", people, at, None, values, version,
        )  # fmt: skip

    def run(self, report: str, shops: Sequence[str] = NAMES, **given: str) -> list[Part]:
        """As a person who may see all eight shops and ticked some of them."""
        ids = [self.shops[name] for name in shops]
        request = Request(report, {"period": "2026-06-01..2026-11-30", **given}, ids, "en", "Ada", NOW)
        with self.central.parts.web.scoped(self.central.scope(list(self.shops.values()), 1)) as connection:
            parts = list(REPORTS[report].build(ReportContext(connection, request, REPORTS[report])))
        return [decode_part(codec.encode(part)) for part in parts]

    def between(self, first: date, end: date, shops: Sequence[str] = NAMES) -> pd.DataFrame:
        rows = self.frame
        return rows[(rows["day"] >= first) & (rows["day"] < end) & rows["shop"].isin(shops)]


def _clip(value: float, low: int, high: int) -> int:
    return max(low, min(high, round(value)))


def _questionnaire(connection: object, key: str, version: int) -> int:
    from repaircenter.central.questionnaires.queries import add_questionnaire

    found, content = shipped()
    # Without a top box of their own, so that the usual one counts.
    content = {**content, "questions": [{k: v for k, v in q.items() if k != "top"} for q in content["questions"]]}
    assert add_questionnaire(connection, key, version, {**content, "key": key, "version": version})  # type: ignore[arg-type]
    row = connection.exec_driver_sql(  # type: ignore[attr-defined]
        f"SELECT id FROM questionnaire WHERE key = '{key}' AND version = {version}"
    )
    assert found.key == "standard"
    return int(row.scalar_one())


@pytest.fixture
def world(central: Central) -> World:
    return World(central)


NOW_START, NOW_END, BEFORE = date(2026, 6, 1), date(2026, 12, 1), date(2025, 12, 1)


def nps_values(scores: pd.Series) -> np.ndarray:
    return np.where(scores >= 9, 100.0, np.where(scores <= 6, -100.0, 0.0))


def adjusted(scores: pd.Series) -> tuple[float, float]:
    """Mean and standard error with three answers added (3/4, 3/2, 3/4), by statsmodels."""
    values = np.concatenate([nps_values(scores.dropna()), [100.0, 0.0, -100.0]])
    weights = np.concatenate([np.ones(scores.notna().sum()), [0.75, 1.5, 0.75]])
    found = DescrStatsW(values, weights=weights, ddof=0)
    return float(found.mean), float(np.sqrt(found.var / weights.sum()))


def test_every_day_holds_exactly_its_answers(world: World) -> None:
    """The last microsecond of May belongs to May in each shop's own zone, and both changes of clocks lose nothing."""
    for report, given in (("R-04", {"grain": "day"}), ("R-04", {"grain": "month"})):
        (table,) = tables(world.run(report, period="2026-01-01..2026-11-28", **given))
        rows = world.between(date(2026, 1, 1), date(2026, 11, 29))
        assert table.total is not None and plain(table.total[1]) == len(rows)
        counts = [plain(row[1]) for row in table.rows]
        if given["grain"] == "month":
            assert counts == [int((rows["month"] == month).sum()) for month in MONTHS]
        else:
            days = rows.groupby("day").size()
            assert [n for n in counts if n] == [int(n) for n in days.sort_index()]
    may = world.between(date(2026, 5, 31), date(2026, 6, 1))
    assert (may["at"].apply(lambda at: at.microsecond) == 999999).sum() == 5


def test_the_scorecard_by_pandas_and_scipy(world: World) -> None:
    parts = world.run("R-01")
    now, before = world.between(NOW_START, NOW_END), world.between(BEFORE, NOW_START)
    (cards,) = [node for node in parts[0].nodes if isinstance(node, Cards)]
    own = now[list(OWN_SCALES)].mean(axis=1).dropna()
    csi = figure(cards.cards[0].figure)
    low, high = stats.t.interval(0.95, len(own) - 1, own.mean(), stats.sem(own))
    assert (csi.value, csi.low, csi.high, csi.n) == pytest.approx((own.mean(), low, high, len(own)), abs=1e-4)
    score = figure(cards.cards[1].figure)
    centre, error = adjusted(now["recommend"])
    assert score.value == pytest.approx(nps_values(now["recommend"]).mean())
    assert (score.low, score.high) == pytest.approx((centre - 1.959964 * error, centre + 1.959964 * error), abs=1e-4)
    assert figure(cards.cards[3].figure).value == len(now), "answers are answers, whatever they hold"
    insurer = figure(cards.cards[4].figure)
    assert insurer.value == pytest.approx(now["claim_handling"].mean()) and insurer.n == now["claim_handling"].count()
    table = titled(parts[:1], "Questions")
    for key, row in zip(SCALES, table.rows, strict=False):
        values, earlier = now[key].dropna(), before[key].dropna()
        top = figure(row[3])
        assert top.value == pytest.approx(100.0 * (values >= 9).mean()), "9 or 10"
        low, high = proportion_confint((values >= 9).sum(), len(values), method="wilson")
        assert (top.low, top.high) == pytest.approx((100.0 * low, 100.0 * high), abs=1e-4)
        change = figure(row[6])
        assert change.value == pytest.approx(values.mean() - earlier.mean()), "now minus before"
        compared = CompareMeans(DescrStatsW(values), DescrStatsW(earlier))
        assert (change.low, change.high) == pytest.approx(compared.tconfint_diff(usevar="unequal"), abs=1e-3)
        assert change.direction == ("up" if change.low > 0 else "down" if change.high < 0 else "same")
    assert any(figure(row[6]).direction == "up" for row in table.rows), "the world got better in June"


def test_the_change_of_nps_has_its_sign(world: World) -> None:
    (part,) = world.run("R-03")
    now, before = world.between(NOW_START, NOW_END), world.between(BEFORE, NOW_START)
    (cards,) = [node for node in part.nodes if isinstance(node, Cards)]
    change = figure(cards.cards[4].figure)
    assert change.value == pytest.approx(nps_values(now["recommend"]).mean() - nps_values(before["recommend"]).mean())
    assert change.value > 0 and change.direction == "up"
    (mean_1, error_1), (mean_2, error_2) = adjusted(before["recommend"]), adjusted(now["recommend"])
    half = 1.959964 * np.hypot(error_1, error_2)
    assert (change.low, change.high) == pytest.approx((mean_2 - mean_1 - half, mean_2 - mean_1 + half), abs=1e-3)


def test_the_league_by_statsmodels(world: World) -> None:
    """Ranks by the lower bound; the perfect shop has the spread of the league; the rest is everybody else in scope."""
    now = world.between(NOW_START, NOW_END)
    stars = {name: rows["stars"] for name, rows in now.groupby("shop")}
    squares = sum(((values - values.mean()) ** 2).sum() for values in stars.values())
    free = sum(len(values) - 1 for values in stars.values())
    bounds, tops = {}, {}
    for name, values in stars.items():
        spread, df = (values.std(ddof=1), len(values) - 1) if values.nunique() > 1 else ((squares / free) ** 0.5, free)
        half = stats.t.ppf(0.975, df) * spread / len(values) ** 0.5
        bounds[name], tops[name] = max(1.0, values.mean() - half), min(5.0, values.mean() + half)
    for ticked in (NAMES, ("Perfect", "West", "Rock")):
        (table,) = tables(world.run("R-14", ticked, measure="stars"))
        ranked = sorted((n for n in stars if len(stars[n]) >= 5 and n in ticked), key=lambda n: -bounds[n])
        if ticked is NAMES:
            assert [plain(row[1]) for row in table.rows if row[0] is not None] == ranked
        for row in table.rows:
            name = str(plain(row[1]))
            others = now[now["shop"] != name]["stars"]
            assert plain(row[4]) == pytest.approx(others.mean()), "without the shop, with those that were not ticked"
            gap = figure(row[5])
            if len(stars[name]) > 1:
                assert gap.value == pytest.approx(stars[name].mean() - others.mean()), "own minus rest"
        for row in table.rows:
            name = str(plain(row[1]))
            if name in ranked:
                # Clearly ahead: the whole interval lies above; clearly behind: below (issue 15.19).
                ahead = sum(bounds[other] > tops[name] for other in ranked)
                behind = sum(tops[other] < bounds[name] for other in ranked)
                best, worst = 1 + ahead, len(ranked) - behind
                assert plain(row[0]) == (best if best == worst else f"{best}–{worst}")
        if ticked is NAMES:
            assert plain(table.rows[0][1]) == "Perfect"


def test_arrows_begin_at_five_answers(world: World) -> None:
    (table,) = tables(world.run("R-14", measure="nps"))
    for row in table.rows:
        n, gap = plain(row[2]), figure(row[5])
        assert (gap.direction is None) == (n < 5)


def test_evolution_by_pandas(world: World) -> None:
    parts = world.run("R-15", period="2026-01-01..2026-11-28", measure="nps", grain="month")
    table, frame = tables(parts)[0], world.frame
    for index, row in enumerate(table.rows):
        of_month = frame[frame["month"] == MONTHS[index]]["recommend"]
        rolled = frame[frame["month"].isin(MONTHS[max(0, index - 2) : index + 1])]["recommend"]
        assert plain(row[1]) == len(of_month) and plain(row[2]) == pytest.approx(nps_values(of_month).mean())
        assert plain(row[4]) == pytest.approx(nps_values(rolled).mean()), "three months pooled"
        if index:
            earlier = frame[frame["month"] == MONTHS[index - 1]]["recommend"]
            assert plain(row[3]) == pytest.approx(nps_values(of_month).mean() - nps_values(earlier).mean())
    (chart,) = [node for node in parts[0].nodes if isinstance(node, LineChart)]
    assert chart.labels[-1].endswith("…") and not chart.labels[-2].endswith("…"), "the running month is marked"


def test_questionnaire_changes_are_marked_where_they_happened(world: World) -> None:
    """The second programme changed in June; the third asks by version 7 of another one from its first day on."""
    parts = world.run("R-15", period="2026-01-01..2026-11-28", measure="nps", grain="month")
    mine = world.frame[world.frame["programme"] == world.programmes[1]]
    later = mine["at"] >= datetime(2026, 6, 15, tzinfo=UTC)
    first = {
        name: rows["month"].min() for name, rows in mine[later].groupby("shop") if name in set(mine[~later]["shop"])
    }
    assert len(first) > 3
    for part in parts:
        (title,) = [node.text for node in part.nodes if isinstance(node, Heading)]
        for chart in (node for node in part.nodes if isinstance(node, LineChart)):
            changed = min(first.values()) if title == "All shops" else first.get(title)
            assert [place for place, _ in chart.marks] == ([] if changed is None else [MONTHS.index(changed)])
            assert all("4" in words for _, words in chart.marks), "the version that came"


def test_shared_credits_have_their_effective_size(world: World) -> None:
    for report, question in (("R-05", "stars"), ("R-06", "recommend")):
        (table,) = tables(world.run(report, by="employee"))
        assert len(table.rows) == 2
        for row in table.rows:
            weights, scores = _credits(world, str(plain(row[0])), question)
            values = scores if question == "stars" else nps_values(scores)
            shown, effective = figure(row[5]), weights.sum() ** 2 / (weights**2).sum()
            assert effective < 0.95 * len(weights), "shared credits are worth fewer answers"
            found = DescrStatsW(values, weights=weights, ddof=0)
            assert shown.value == pytest.approx(found.mean)
            if question == "stars":
                half = stats.t.ppf(0.975, effective - 1) * np.sqrt(found.var / (effective - 1))
                expected = (found.mean - half, min(5.0, found.mean + half))
            else:
                scaled = np.concatenate([weights * effective / weights.sum(), [0.75, 1.5, 0.75]])
                more = DescrStatsW(np.concatenate([values, [100.0, 0.0, -100.0]]), weights=scaled, ddof=0)
                half = 1.959964 * np.sqrt(more.var / scaled.sum())
                expected = (more.mean - half, more.mean + half)
            assert (shown.low, shown.high) == pytest.approx(expected, abs=1e-3)


def _credits(world: World, name: str, question: str) -> tuple[np.ndarray, np.ndarray]:
    now = world.between(NOW_START, NOW_END).dropna(subset=[question])
    found = [
        (share, score)
        for people, score in zip(now["people"], now[question], strict=True)
        for who, share in people
        if who == name
    ]
    weights, scores = np.array(found).T
    return weights, scores


def test_equal_ratings_come_newest_first(world: World) -> None:
    parts = world.run("R-07", order="lowest")
    now = world.between(NOW_START, NOW_END).sort_values(["stars", "at", "id"], ascending=[True, False, False])
    links = [row[0] for table in tables(parts) for row in table.rows]
    keys = [cell.link.job_key for row in (table.rows for table in tables(parts)) for line in row for cell in line
            if getattr(cell, "link", None) is not None and cell.link.job_key]  # fmt: skip
    assert len(links) == len(now) and keys == [f"C:{number}" for number in now["id"]]


def test_whole_surveys_hold_what_was_asked_and_nothing_else(world: World) -> None:
    """What went wrong is asked of whoever gave three stars or less; nobody here said that the vehicle was late."""
    lows = set()
    for table in tables(world.run("R-02", ("Two", "One"), period="2026-01-01..2026-11-28")):
        stars = [row[5].value for row in table.rows if isinstance(row[5], Stars)]
        is_low = bool(stars) and stars[0] is not None and stars[0] <= 3
        lows.add(is_low)
        assert len(table.rows) == 9 + is_low
        assert any("What went wrong" in str(row[4]) for row in table.rows) == is_low
    assert lows == {True, False}


@pytest.mark.parametrize("importance", ["pearson", "spearman"])
def test_drivers_by_scipy(world: World, importance: str) -> None:
    """R-09 of all shops and of the largest one: means on 0-100, correlations, Fisher's interval, the cuts."""
    parts = world.run("R-09", importance=importance)
    shown = dict(
        zip(["all", *[n.text for part in parts[1:] for n in part.nodes if isinstance(n, Heading)]], parts, strict=True)
    )
    now = world.between(NOW_START, NOW_END)
    for name, part in shown.items():
        mine = now if name == "all" else now[now["shop"] == name]
        table = titled([part], "Question by question")
        assert len(table.rows) == len(OWN_SCALES)
        labels = {q.label("en"): q.key for q in shipped()[0].questions}
        for row in table.rows:
            key = labels[str(plain(row[0]))]
            pairs = mine[[key, "recommend"]].dropna()
            assert row[1] == len(pairs)
            assert figure(row[2]).value == pytest.approx(pairs[key].mean(), abs=1e-6)
            if len(pairs) < 30 or pairs[key].nunique() < 2:
                assert figure(row[3]).value is None
                continue
            found = getattr(stats, f"{importance}r")(pairs[key], pairs["recommend"])
            assert figure(row[3]).value == pytest.approx(max(0.0, found.statistic), abs=1e-6), (
                "against it is no importance"
            )
            if importance == "pearson":
                low, high = found.confidence_interval(0.95)
                assert (figure(row[3]).low, figure(row[3]).high) == pytest.approx((low, high), abs=1e-6)


def test_the_workbook_by_pandas(world: World) -> None:
    """R-31: each day and each employee, with shared credits, from the raw rows."""
    people, days, _comments = tables(world.run("R-31", period="2026-06-01..2026-11-28"))[:3]
    rows = world.between(NOW_START, date(2026, 11, 29))
    by_day = {row[0].value: row for row in days.rows if plain(row[3])}
    assert set(by_day) == set(rows["day"])
    for day, answers in rows.groupby("day"):
        row = by_day[day]
        assert row[3] == len(answers) and figure(row[4]).value == pytest.approx(answers["stars"].mean())
        assert [row[column] for column in range(5, 10)] == [int((answers["stars"] == n).sum()) for n in (5, 4, 3, 2, 1)]
        groups = np.select([answers["stars"] == 5, answers["stars"] <= 3], [100.0, -100.0], 0.0)
        assert figure(row[10]).value == pytest.approx(groups.mean())
    credits = rows.explode("people")
    credits["name"], credits["share"] = credits["people"].str[0], credits["people"].str[1].astype(float)
    for row in people.rows:
        if row[0] != "Estimators":
            continue
        mine = credits[credits["name"] == row[1]]
        assert row[4] == pytest.approx(mine["share"].sum())
        assert figure(row[5]).value == pytest.approx(np.average(mine["stars"], weights=mine["share"]))
    assert {row[1] for row in people.rows} == {"Ana", "Ben"}


def test_low_ratings_of_an_employee_are_counted(world: World) -> None:
    """R-05 by stars: each answer of at most three stars once, however its credit is shared."""
    (table,) = [one for one in tables(world.run("R-05", question="stars")) if one.rows]
    titles = [column.title for column in table.columns]
    rows = world.between(NOW_START, NOW_END).explode("people")
    for row in table.rows:
        mine = rows[rows["people"].str[0] == plain(row[0])]
        assert row[titles.index("1–3 stars")] == int((mine["stars"] <= 3).sum()) > 0


def test_every_job_by_its_raw_row(world: World) -> None:
    """R-29: one row a job, with its scores and its answer's instant in the shop's zone."""
    found = [row for table in tables(world.run("R-29", period="2025-11-01..2026-11-28")) for row in table.rows]
    kept = world.frame.copy()
    kept["ro"] = [f"R-{number}" for number in kept["id"]]
    raw = kept.set_index("ro")
    seen = {str(plain(row[0])): row for row in found}
    assert len(seen) == len(found) and set(seen) <= set(raw.index) and len(seen) > 400
    for ro, row in seen.items():
        one = raw.loc[ro]
        assert (row[1], plain(row[28]), plain(row[29])) == (one["shop"], one["stars"], one["recommend"])
        assert row[26].value == one["day"]
