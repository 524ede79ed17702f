"""Every vector of requirements 7.3 (margins), 7.4 (weights), 7.6, 7.7, 7.8, 7.9 and 7.10."""

import random
import statistics
from math import sqrt

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.metrics import (
    attribution,
    changes,
    closed_loop,
    drivers,
    evolution,
    funnel,
    means,
    nps,
    overall,
    ranking,
    shares,
)
from repaircenter.metrics.attribution import Weighted, WeightedGroups
from repaircenter.metrics.drivers import PairSums
from repaircenter.metrics.figure import Figure
from repaircenter.metrics.histogram import Histogram
from repaircenter.metrics.means import Moments, Spread
from repaircenter.metrics.nps import Groups
from repaircenter.metrics.symmetric import eigen

V1 = Moments.of([5] * 12 + [4] * 5 + [3] * 2 + [1])
LATER = Moments.of([5] * 8 + [4] * 6 + [3] * 3 + [2] * 2 + [1])


def near(value: float, places: float) -> object:
    return pytest.approx(value, abs=places)


def test_a_small_population_narrows_the_margin() -> None:
    low, high = nps.wald(Groups(12, 5, 3))
    assert (low, high) == (near(12.6, 0.05), near(77.4, 0.05))
    factor = nps.finite_factor(20, 32)
    assert factor == near(0.6222, 5e-5)
    assert (high - low) / 2 == near(32.43, 0.005)
    assert factor * (high - low) / 2 == near(20.18, 0.005)
    assert nps.finite_factor(1, 1) == 0.0


@pytest.mark.parametrize(
    ("margin", "variance", "needed"), [(10, 0.44, 170), (5, 0.44, 677), (10, 1, 385), (5, 1, 1537)]
)
def test_answers_needed(margin: float, variance: float, needed: int) -> None:
    assert nps.answers_needed(margin, variance) == needed


def test_weights_count_over_answered_questions_only() -> None:
    answers = [{"q1": 10.0, "q2": 4.0}, {"q1": 6.0}, {}]
    assert overall.weighted_overall(answers, {"q1": 3.0, "q2": 1.0}) == near((8.5 + 6.0) / 2, 1e-12)
    assert overall.weighted_overall(answers, {"q9": 1.0}) is None


def test_credits_of_two_jobs() -> None:
    one = Weighted(2, 1.6, 0.36 + 1.0, 0.6 * 5 + 3.0, 0.6 * 25 + 9.0)
    found = attribution.weighted_mean(one, 1, 5)
    assert found.value == near(3.75, 1e-9) and one.effective_n == near(1.88, 0.005)
    assert found.n == 2 and found.low == 1 and found.high == 5
    assert attribution.weighted_mean(Weighted(), 1, 5).value is None
    assert attribution.weighted_mean(Weighted(1, 0.5, 0.25, 2.5, 12.5), 1, 5).low is None


def test_whole_credits_give_the_plain_figures() -> None:
    sums = Weighted(V1.n, V1.n, V1.n, V1.total, V1.squares)
    assert attribution.weighted_mean(sums, 1, 5).low == near(3.86, 0.005)
    plain, weighted = nps.nps(Groups(12, 5, 3)), attribution.weighted_nps(WeightedGroups(20, 12, 5, 3, 20))
    assert weighted.value == near(45.0, 1e-9)
    assert (weighted.low, weighted.high) == (near(plain.low or 0, 1e-9), near(plain.high or 0, 1e-9))
    assert attribution.weighted_nps(WeightedGroups()).value is None


def test_credits_pool_by_addition() -> None:
    half = Weighted(1, 0.5, 0.25, 2.5, 12.5)
    assert (half + half) == Weighted(2, 1.0, 0.5, 5.0, 25.0)
    part = WeightedGroups(1, 0.5, 0.0, 0.0, 0.25)
    assert (part + part) == WeightedGroups(2, 1.0, 0.0, 0.0, 0.5)


def test_rolling_periods_are_pooled_not_averaged() -> None:
    months = [Groups(6, 3, 1), Groups(12, 5, 3), Groups(3, 0, 0)]
    pooled = evolution.rolling(months, 3)
    assert pooled == [Groups(6, 3, 1), Groups(18, 8, 4), Groups(21, 8, 4)]
    assert nps.nps(pooled[-1]).value == near(51.5, 0.05)
    assert evolution.rolling([V1, LATER], 2)[-1] == V1 + LATER


@pytest.mark.parametrize(
    ("first", "second", "delta", "p", "low", "high", "direction"),
    [
        ((50, 28, 22), (70, 20, 10), 32.0, 0.0021, 11.6, 52.4, "up"),
        ((70, 20, 10), (50, 28, 22), -32.0, 0.0021, -52.4, -11.6, "down"),
        ((9, 6, 5), (12, 5, 3), 25.0, 0.309, -23.2, 73.2, "same"),
    ],
)
def test_a_change_of_nps(first, second, delta, p, low, high, direction) -> None:  # type: ignore[no-untyped-def]
    """The vectors of requirements 7.7 hold for the plain variances; what is shown adds three answers to each side."""
    found = changes.nps_change(Groups(*first), Groups(*second))
    assert found is not None and found.value == near(delta, 1e-9) and found.direction == direction
    error = sqrt(nps.score(*first)[1] ** 2 + nps.score(*second)[1] ** 2)
    assert (delta - 1.959964 * error, delta + 1.959964 * error) == (near(low, 0.05), near(high, 0.05))
    assert 2.0 * scipy.stats.norm.sf(abs(delta / error)) == near(p, 5e-4)
    (centre_1, variance_1), (centre_2, variance_2) = adjusted(first), adjusted(second)
    error = sqrt(variance_1 + variance_2)
    assert (found.low, found.high) == (
        near(centre_2 - centre_1 - 1.959964 * error, 1e-4),
        near(centre_2 - centre_1 + 1.959964 * error, 1e-4),
    )
    assert found.p == near(2.0 * scipy.stats.norm.sf(abs(centre_2 - centre_1) / error), 1e-9)


def adjusted(counts: tuple[int, int, int]) -> tuple[float, float]:
    """Mean and variance of the mean of +100, 0 and -100, by numpy, with 3/4, 3/2 and 3/4 of an answer added."""
    weights = np.array(counts) + np.array([0.75, 1.5, 0.75])
    values = np.array([100.0, 0.0, -100.0])
    mean = np.average(values, weights=weights)
    return float(mean), float(np.average((values - mean) ** 2, weights=weights) / weights.sum())


def test_answers_that_are_all_alike_are_not_certain() -> None:
    """5 of 5 -> 2 of 5: Fisher's exact test gives 0.17."""
    assert scipy.stats.fisher_exact([[5, 0], [2, 3]])[1] > 0.16
    found = changes.nps_change(Groups(5, 0, 0), Groups(2, 3, 0))
    assert found is not None and (found.value, found.direction) == (-60.0, "same")


def test_no_arrow_below_five_answers_and_no_change_without() -> None:
    few = changes.nps_change(Groups(0, 0, 4), Groups(90, 5, 5))
    assert few is not None and few.direction is None
    assert changes.nps_change(Groups(), Groups(1, 0, 0)) is None
    assert changes.share_change((0, 0), (1, 1)) is None
    assert changes.mean_change(Moments.of([5]), V1) is None


@pytest.mark.parametrize(
    ("target", "direction"), [(3.8, "up"), (3.9, "same"), (4.35, "same"), (4.8, "same"), (4.9, "down")]
)
def test_a_target_is_reached_or_missed_only_with_the_whole_interval(target: float, direction: str) -> None:
    """V1: 4.35 [3.86, 4.84] of 20 answers."""
    stars = means.mean(V1, 1, 5)
    found = changes.to_target(stars, target)
    assert found is not None
    assert (found.value, found.direction) == (pytest.approx(4.35 - target), direction)


def test_what_has_no_interval_reaches_no_target() -> None:
    same = means.mean(Moments.of([5] * 8), 1, 5)
    found = changes.to_target(same, 4.0)
    assert found is not None and (found.value, found.direction) == (1.0, "same")
    assert changes.to_target(same, None) is None
    assert changes.to_target(means.mean(Moments(), 1, 5), 4.0) is None


def test_a_change_of_means_by_welch() -> None:
    found = changes.mean_change(LATER, V1)
    assert found is not None and LATER.mean == near(3.90, 1e-9) and LATER.deviation == near(1.2096, 5e-5)
    assert found.value == near(0.45, 1e-9) and (found.low, found.high) == (near(-0.27, 0.005), near(1.17, 0.005))
    assert found.direction == "same" and found.p is not None and found.p > 0.2


def test_equal_answers_on_both_sides_say_nothing_certain() -> None:
    """One rule for "no spread": nothing certain alone, the spread of what it stands beside where there is one."""
    found = changes.mean_change(Moments.of([4] * 6), Moments.of([5] * 6))
    assert found is not None and (found.value, found.p, found.direction) == (1.0, None, "same")
    one_sided = changes.mean_change(LATER, Moments.of([5] * 20))
    welch = scipy.stats.ttest_ind_from_stats(5.0, 1.2096, 20, 3.9, 1.2096, 20, equal_var=False)
    assert one_sided is not None and one_sided.p == near(welch.pvalue, 5e-4) and one_sided.direction == "up"
    back = changes.mean_change(Moments.of([5] * 20), LATER)
    assert back is not None and back.direction == "down" and back.low == near(-one_sided.high, 1e-9)


@pytest.mark.parametrize("values", [[40, 55], [40, 55, 90], [10, 20, 20, 70]])
def test_the_interval_of_few_answers_has_n_minus_one(values: list[int]) -> None:
    found = means.mean(Moments.of(values), -1000, 1000)
    expected = scipy.stats.t.interval(0.95, len(values) - 1, np.mean(values), scipy.stats.sem(values))
    assert (found.low, found.high) == (near(expected[0], 0.05), near(expected[1], 0.05))


def test_a_driver_is_firm_only_if_both_its_intervals_clear_their_cuts() -> None:
    """Two drivers of equal performance: one matters clearly, but how well it is done is not clear."""
    outcome = [float(3 + n % 8) for n in range(80)]
    chance = random.Random(3)
    tight = [max(1.0, min(10.0, o + chance.choice((-1, 0, 0, 1)) - 1)) for o in outcome]
    loose = [float(1 + (n * 7) % 10) for n in range(80)]
    found = {one.key: one for one in drivers.plot(
        {"tight": PairSums.of(tight, outcome), "loose": PairSums.of(loose, outcome)}, 1, 10).drivers}  # fmt: skip
    low, high = scipy.stats.t.interval(0.95, 79, np.mean(tight), scipy.stats.sem(tight))
    cut = (np.mean(tight) + np.mean(loose)) / 2
    assert low < cut < high and found["tight"].low is not None and found["tight"].low > 0.8
    assert not found["tight"].clear
    firm = [min(10.0, value + 3.0 + (n % 3 == 0)) for n, value in enumerate(tight)]
    found = {one.key: one for one in drivers.plot(
        {"firm": PairSums.of(firm, outcome), "loose": PairSums.of(loose, outcome)}, 1, 10).drivers}  # fmt: skip
    assert found["firm"].clear


PERFECT = {"forty": [5] * 40, "five": [5] * 5}


def test_a_perfect_shop_leads_the_league() -> None:
    """40 answers, all 5 stars, beside four shops that have some spread (issue 13.1)."""
    shops = {**PERFECT, **{f"shop {n}": [5] * (30 - n) + [4] * 8 + [3] * 2 + [2] * n for n in range(1, 5)}}
    pools = {name: Moments.of(values) for name, values in shops.items()}
    spread = Spread.within(pools.values())
    squares = sum(((np.array(values) - np.mean(values)) ** 2).sum() for values in shops.values())
    free = sum(len(values) - 1 for values in shops.values())
    assert spread is not None and (spread.deviation, spread.df) == (near(sqrt(squares / free), 1e-9), free)
    figures = {name: means.mean(pool, 1, 5, means.MEAN, spread) for name, pool in pools.items()}
    for name, values in PERFECT.items():
        half = scipy.stats.t.ppf(0.975, free) * sqrt(squares / free) / sqrt(len(values))
        assert (figures[name].low, figures[name].high) == (near(5.0 - half, 1e-4), 5.0)
    order = ranking.league(figures)
    assert order[0] == ("forty", 1)
    assert Spread.within([Moments.of([5] * 9), Moments.of([4])]) is None
    equal = {name: means.mean(Moments.of([value] * 6), 1, 5) for name, value in (("a", 4), ("b", 5))}
    assert ranking.league(equal) == [("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("first", "second", "direction"),
    [((14, 20), (17, 20), "same"), ((48, 80), (56, 70), "up"), ((56, 70), (48, 80), "down")],
)
def test_a_change_of_shares(first: tuple[int, int], second: tuple[int, int], direction: str) -> None:
    found = changes.share_change(first, second)
    assert found is not None and found.direction == direction
    points = [100.0 * value for value in shares.difference(*second, *first)]
    assert [found.value, found.low, found.high] == pytest.approx(points), "in points of a hundred"


def test_the_trend_through_six_periods() -> None:
    found = evolution.trend([40, 42, 45, 41, 48, 52])
    assert found is not None
    assert (found.slope, found.intercept) == (near(2.114, 5e-4), near(39.381, 5e-4))
    assert (found.error, found.t, found.critical) == (near(0.6448, 5e-5), near(3.279, 5e-4), near(2.776, 5e-4))
    assert found.direction == "rising"


def test_a_trend_needs_six_periods_and_may_be_nothing_or_falling() -> None:
    assert evolution.trend([1, 2, None, 3, 4, 5]) is None
    flat = evolution.trend([4, 4, 4, 4, 4, 4])
    assert flat is not None and flat.direction == "none"
    straight = evolution.trend([6, 5, 4, 3, 2, 1])
    assert straight is not None and straight.direction == "falling"


NETWORK = {"Lyon": Groups(12, 5, 3), "Paris": Groups(30, 10, 10), "Madrid": Groups(18, 9, 3)}


def test_a_shop_against_the_rest_pooled() -> None:
    others = ranking.rests(NETWORK, Groups())["Lyon"]
    assert others == Groups(48, 19, 13) and nps.nps(others).value == near(43.75, 1e-9)
    assert nps.nps(sum(NETWORK.values(), Groups())).value == near(44.0, 1e-9)
    found = ranking.gap(NETWORK["Lyon"], others)
    assert found is not None and found.value == near(1.25, 1e-9) and found.direction == "same"
    plain = nps.score(48, 19, 13)[1] ** 2 + nps.score(12, 5, 3)[1] ** 2
    assert sqrt(plain) == near(18.58, 0.005), "the vector's variance; the shown one is adjusted"
    assert (found.high - found.low) / 2 / 1.959964 == near(
        sqrt(adjusted((48, 19, 13))[1] + adjusted((12, 5, 3))[1]), 1e-3
    )


def test_percentile_and_shared_ranks() -> None:
    among = [20.0, 35.0, 45.0, 45.0, 60.0, 72.0]
    assert ranking.percentiles(among)[45.0] == 50.0
    assert ranking.competition_ranks(among)[2] == (3, True)
    assert ranking.competition_ranks(among)[5] == (1, False)


def test_the_league_is_ordered_by_the_lower_bound() -> None:
    answers = {"small": Groups(6, 3, 1), "few": Groups(4, 0, 0), "large": Groups(150, 30, 20)}
    found = ranking.league({name: nps.nps(groups) for name, groups in answers.items()})
    assert found == [("large", 1), ("small", 2), ("few", None)]
    alone = ranking.league({"one": Figure(5.0, None, None, 1, "mean-t")}, least=1)
    assert alone == [("one", 1)], "without an interval it ranks below every other"


@pytest.mark.parametrize(("groups", "value"), [((5, 5, 0), -0.6), ((500, 500, 0), 44.9), ((4, 0, 0), None)])
def test_the_order_some_users_know(groups: tuple[int, int, int], value: float | None) -> None:
    assert ranking.penalised(Groups(*groups)) == (None if value is None else near(value, 0.05))


Y = [10, 10, 9, 9, 9, 8, 8, 7, 6, 5, 3, 2]
V2 = {
    "quality": [5, 5, 5, 5, 5, 4, 5, 4, 4, 4, 3, 3],
    "kept_informed": [5, 4, 4, 4, 3, 4, 3, 3, 2, 2, 1, 1],
    "on_time": [3, 4, 2, 4, 3, 2, 4, 3, 4, 2, 3, 3],
    "courtesy": [5, 4, 5, 5, 4, 5, 5, 4, 5, 5, 4, 5],
}


def test_pairs_of_several_shops_pool_by_addition() -> None:
    xs, ys = [5, 5, 4, None, 3, 2], [10, 9, 8, 7, 6, 3]
    pooled = PairSums.of(xs[:3], ys[:3]) + PairSums.of(xs[3:], ys[3:])
    assert pooled == PairSums.of(xs, ys) and pooled.r == PairSums.of(xs, ys).r


def test_the_quadrants_of_v2() -> None:
    found = drivers.plot({key: PairSums.of(xs, Y) for key, xs in V2.items()}, 1, 5, least_pairs=10)
    assert (found.cut_performance, found.cut_importance) == (near(3.7708, 5e-5), near(0.5098, 5e-5))
    told = {one.key: (one.performance, one.r, one.quadrant, one.priority) for one in found.drivers}
    assert told == {
        "quality": (near(4.3333, 5e-5), near(0.9375, 5e-5), "strength", near(0.1563, 5e-5)),
        "kept_informed": (near(3.0, 1e-9), near(0.9361, 5e-5), "improve", near(0.4680, 5e-5)),
        "on_time": (near(3.0833, 5e-5), near(0.1654, 5e-5), "watch", near(0.0793, 6e-5)),
        "courtesy": (near(4.6667, 5e-5), near(-0.0232, 5e-5), "secondary", 0.0),
    }
    assert [one.key for one in found.drivers] == ["kept_informed", "quality", "on_time", "courtesy"]


def test_rank_correlations_of_v2() -> None:
    found = [drivers.spearman(xs, Y) for xs in V2.values()]
    assert found == [near(0.9065, 5e-5), near(0.9092, 5e-5), near(0.1995, 5e-5), near(-0.0776, 5e-5)]
    assert drivers.spearman([None], [1]) is None


def test_relative_weights_of_v2() -> None:
    columns = list(V2.values())
    table = [[PairSums.of(a, b).r or 0.0 for b in columns] for a in columns]
    weights = drivers.relative_weights(table, [PairSums.of(a, Y).r or 0.0 for a in columns])
    assert weights == [near(0.4645, 5e-5), near(0.4917, 5e-5), near(0.0172, 5e-5), near(0.0102, 5e-5)]
    assert sum(weights) == near(0.9836, 5e-5)


def test_too_few_pairs_or_no_variance_are_not_plotted() -> None:
    sums = {"few": PairSums.of([5, None, 4], [9, 9, 10]), "flat": PairSums.of([5] * 40, list(range(40)))}
    found = drivers.plot(sums, 1, 5)
    assert found.cut_performance is None
    assert [(one.key, one.n, one.quadrant) for one in found.drivers] == [("few", 2, None), ("flat", 40, None)]
    mixed = drivers.plot({**sums, "good": PairSums.of([1, 2] * 20, [3, 4] * 20), "none": PairSums()}, 1, 5)
    assert next((one.key, one.quadrant) for one in mixed.drivers) == ("good", "strength")
    assert mixed.drivers[-1].performance is None


def test_a_driver_whose_interval_crosses_the_cut_is_unclear() -> None:
    xs = {"a": PairSums.of(V2["quality"], Y), "b": PairSums.of(V2["on_time"], Y)}
    found = {one.key: one.clear for one in drivers.plot(xs, 1, 5, least_pairs=10).drivers}
    assert found == {"a": True, "b": False}
    assert drivers.fisher_interval(0.5, 3) is None and drivers.fisher_interval(1.0, 30) is None


@given(
    st.integers(1, 7).flatmap(
        lambda n: st.lists(st.lists(st.floats(-5, 5), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_eigenvectors_give_the_matrix_back(square: list[list[float]]) -> None:
    size = len(square)
    matrix = [[square[i][j] + square[j][i] for j in range(size)] for i in range(size)]
    values, v = eigen(matrix)
    for i in range(size):
        for j in range(size):
            assert sum(v[i][k] * values[k] * v[j][k] for k in range(size)) == near(matrix[i][j], 1e-8)


def test_a_matrix_with_nothing_to_turn() -> None:
    values, _ = eigen([[2.0, 0.0, 1.0], [0.0, 3.0, 0.0], [1.0, 0.0, 2.0]])
    assert sorted(values) == [near(1.0, 1e-12), near(3.0, 1e-12), near(3.0, 1e-12)]


def test_a_histogram_gives_every_figure_of_its_question() -> None:
    parts = [Histogram({5: 12, 4: 5}), Histogram({3: 2, 1: 1})]
    stars = parts[0] + parts[1]
    assert Histogram.pooled([*parts, Histogram({5: 3})]) == stars + Histogram({5: 3})
    assert Histogram.pooled([]) == Histogram()
    assert stars.n == 20 and stars.of(5) == 12 and stars.of(2) == 0
    assert stars.moments() == V1 and stars.at_least(4) == 17
    assert stars.groups(stars=True) == Groups(12, 5, 3)
    assert Histogram({10: 1, 9: 1, 8: 1, 7: 1, 6: 1, 0: 1}).groups() == Groups(2, 2, 2)


def test_times_of_the_closed_loop() -> None:
    hours = [70.0, 2.0, 5.0, 20.0, 30.0]
    assert closed_loop.median(hours) == 20.0 and closed_loop.quantile(hours, 0.9) == near(54.0, 1e-9)
    assert closed_loop.quantile([], 0.5) is None
    assert closed_loop.within(hours, 24, 6).value == near(50.0, 1e-9)
    assert closed_loop.ages([0.2, 1.0, 3, 9, 10, 11]) == (2, 1, 2, 1)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_difference_lies_in_its_interval_and_turns_with_its_sides(a: int, b: int, c: int, d: int) -> None:
    one, two = (a, a + b + 1), (c, c + d + 1)
    value, low, high = shares.difference(*one, *two)
    back = shares.difference(*two, *one)
    assert low - 1e-9 <= value <= high + 1e-9
    assert (back[0], back[1], back[2]) == (near(-value, 1e-9), near(-high, 1e-9), near(-low, 1e-9))


def test_bands_hold_the_ranks_a_shop_may_have() -> None:
    """One is before another only when its whole interval lies above (issue 15.19)."""

    def one(value: float | None, low: float | None, high: float | None, n: int = 9) -> Figure:
        return Figure(value, low, high, n, "mean-t")

    shops = {
        "ahead": one(4.8, 4.6, 5.0),
        "middle": one(4.2, 4.0, 4.5),
        "close": one(4.1, 3.7, 4.4),
        "behind": one(2.0, 1.5, 2.5),
        "exact": one(3.0, None, None),
        "few": one(5.0, 4.9, 5.0, n=4),
    }
    assert ranking.bands(shops) == {
        "ahead": (1, 1), "middle": (2, 3), "close": (2, 3), "exact": (4, 4), "behind": (5, 5),
    }  # fmt: skip
    assert ranking.bands({"nothing": one(None, None, None), "ahead": one(4.0, 3.0, 5.0)}) == {
        "nothing": (2, 2),
        "ahead": (1, 1),
    }
    assert ranking.bands({}) == {}


def test_limits_of_a_funnel_narrow_with_the_answers() -> None:
    """Centre ± z · σ / √n, clipped to the scale; recomputed by statistics' normal distribution (requirements 7.8)."""
    z95, z998 = (statistics.NormalDist().inv_cdf(1 - tail) for tail in (0.025, 0.001))
    limits = funnel.Funnel(8.0, 1.5, 1.0, 10.0)
    assert limits.limits(9) == (near(8.0 - z95 * 0.5, 1e-9), near(8.0 + z95 * 0.5, 1e-9))
    assert limits.limits(100, funnel.Z998) == (near(8.0 - z998 * 0.15, 1e-9), near(8.0 + z998 * 0.15, 1e-9))
    assert limits.limits(1, funnel.Z998) == (near(8.0 - z998 * 1.5, 1e-9), 10.0)

    def place(value: float | None, n: int) -> str:
        return limits.place(Figure(value, None, None, n, "mean-t"))

    assert [place(8.0 + step, 100) for step in (-0.5, -0.46, 0.46, 0.5)] == ["below", "within", "within", "above"]
    assert place(7.5, 9) == "within" and place(None, 0) == "within"


def test_the_deviation_of_an_nps_is_that_of_its_answers() -> None:
    groups = Groups(6, 3, 1)
    worth = [100.0] * 6 + [0.0] * 3 + [-100.0]
    assert nps.deviation(groups) == near(statistics.pstdev(worth), 1e-9)
    assert nps.deviation(Groups()) is None and nps.deviation(Groups(4, 0, 0)) == near(0.0, 1e-9)


def test_importance_in_a_word() -> None:
    """Cohen's bounds for correlations; the equal share for relative weights (issue 15.19)."""
    words = {
        0.0: "none",
        0.0999: "none",
        0.1: "weak",
        0.3: "moderate",
        0.4999: "moderate",
        0.5: "strong",
        1.0: "strong",
    }
    assert {r: drivers.strength_of(r) for r in words} == words and drivers.strength_of(None) is None
    among = [0.25, 0.1, 0.15, 0.1]
    assert [drivers.weight_of(weight, among) for weight in among] == ["strong", "weak", "moderate", "weak"]
    assert drivers.weight_of(None, among) is None and drivers.weight_of(0.0, [0.0, 0.0]) is None
