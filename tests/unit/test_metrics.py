"""Every vector of requirements 7.1, 7.2, 7.3, 7.4 and 7.5."""

import pytest

from repaircenter.metrics import attribution, means, nps, overall, shares
from repaircenter.metrics.means import Moments
from repaircenter.metrics.students_t import incomplete_beta, quantile_975, upper_tail

V1 = [5] * 12 + [4] * 5 + [3] * 2 + [1]


def test_the_mean_of_v1_with_its_interval() -> None:
    found = means.mean(Moments.of(V1), 1, 5)
    assert found.n == 20 and found.value == pytest.approx(4.35)
    assert Moments.of(V1).deviation == pytest.approx(1.0400, abs=5e-5)
    assert (found.low, found.high) == (pytest.approx(3.86, abs=0.005), pytest.approx(4.84, abs=0.005))
    assert means.drawn_stars(found.value) == 4.5


@pytest.mark.parametrize(("df", "t"), [(1, 12.7062), (4, 2.7764), (19, 2.0930), (100, 1.98397), (1000, 1.96234)])
def test_quantiles_of_t(df: int, t: float) -> None:
    assert quantile_975(df) == pytest.approx(t, abs=5e-5)


def test_the_tail_of_t_at_its_ends() -> None:
    assert upper_tail(0.0, 7) == 0.5
    assert incomplete_beta(0.0, 1, 1) == 0.0 and incomplete_beta(0.25, 1, 1) == pytest.approx(0.25)


def test_answers_that_are_all_the_same_have_no_interval() -> None:
    same = means.mean(Moments.of([7.0] * 4), 1, 10)
    assert same.value == 7.0 and same.low is None and same.n == 4
    assert means.mean(Moments.of([7.0, 7.0, 8.0]), 1, 10).low is not None
    shared = attribution.Weighted(n=3, weight=2.2, weight_squares=1.8, total=11.0, squares=55.0)
    figure = attribution.weighted_mean(shared, 1, 5)
    assert figure.value == pytest.approx(5.0) and figure.low is None


def test_moments_pool_without_error() -> None:
    assert Moments.of(V1[:7]) + Moments.of(V1[7:]) == Moments.of(V1)


def test_no_answers_give_no_figure_and_one_gives_no_interval() -> None:
    assert means.mean(Moments(), 1, 5).value is None
    one = means.mean(Moments.of([4]), 1, 5)
    assert (one.value, one.low, one.high) == (4, None, None)


@pytest.mark.parametrize(
    ("x", "n", "p", "low", "high"),
    [
        (17, 20, 85.0, 64.0, 94.8),
        (14, 20, 70.0, 48.1, 85.5),
        (8, 10, 80.0, 49.0, 94.3),
        (85, 100, 85.0, 76.7, 90.7),
        (0, 5, 0.0, 0.0, 43.4),
        (5, 5, 100.0, 56.6, 100.0),
        (1, 1, 100.0, 20.7, 100.0),
        (400, 2500, 16.0, 14.6, 17.5),
    ],
)
def test_wilson(x: int, n: int, p: float, low: float, high: float) -> None:
    found = shares.share(x, n)
    assert found.value == pytest.approx(p)
    assert (round(found.low or 0.0, 1), round(found.high or 0.0, 1)) == (low, high)


@pytest.mark.parametrize(
    ("one", "two", "d", "low", "high"),
    [((17, 20), (14, 20), 0.15, -0.111, 0.390), ((56, 70), (48, 80), 0.20, 0.052, 0.334)],
)
def test_newcombe(one: tuple[int, int], two: tuple[int, int], d: float, low: float, high: float) -> None:
    assert shares.difference(*one, *two) == tuple(pytest.approx(v, abs=5e-4) for v in (d, low, high))


@pytest.mark.parametrize(
    ("p", "n", "d", "score", "error", "low", "high"),
    [
        (70, 20, 10, 60.0, 6.633, 45.3, 71.2),
        (150, 30, 20, 65.0, 4.623, 55.0, 73.1),
        (12, 5, 3, 45.0, 16.545, 8.4, 69.8),
        (6, 3, 1, 50.0, 21.213, -0.2, 77.1),
        (3, 0, 0, 100.0, 0.0, -6.6, 100.0),
        (0, 0, 4, -100.0, 0.0, -100.0, -6.9),
        (0, 5, 0, 0.0, 0.0, -30.0, 30.0),
        (1, 0, 0, 100.0, 0.0, -48.5, 100.0),
    ],
)
def test_nps(p: int, n: int, d: int, score: float, error: float, low: float, high: float) -> None:
    assert nps.score(p, n, d) == (pytest.approx(score), pytest.approx(error, abs=5e-4))
    found = nps.nps(nps.Groups(p, n, d))
    assert found.value == pytest.approx(score)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.05))


def test_nps_has_no_value_without_answers_and_its_variance_check_holds() -> None:
    assert nps.nps(nps.Groups()).value is None
    assert nps.score(3, 2, 1)[0] == pytest.approx(33.33, abs=0.005)
    assert (nps.score(3, 2, 1)[1] / 100) ** 2 * 6 == pytest.approx(5 / 9)


def test_stars_give_the_nps_of_v1() -> None:
    groups = [nps.group_of_stars(value) for value in V1]
    counts = nps.Groups(groups.count("promoter"), groups.count("passive"), groups.count("detractor"))
    assert (counts.promoters, counts.passives, counts.detractors) == (12, 5, 3)
    assert nps.nps(counts, nps.NPS_FROM_STARS).value == pytest.approx(45.0)


@pytest.mark.parametrize(
    ("value", "group"),
    [(10, "promoter"), (9, "promoter"), (8, "passive"), (7, "passive"), (6, "detractor"), (0, "detractor")],
)
def test_groups_of_scores(value: int, group: str) -> None:
    assert nps.group_of_score(value) == group


def test_the_three_overall_formulas_differ() -> None:
    answers = [{"q1": 10.0, "q2": 10.0}, {"q1": 8.0}, {"q1": 6.0, "q2": 4.0}]
    found = [overall.overall(answers, f) for f in (overall.RESPONDENT_MEAN, overall.QUESTION_MEAN, overall.POOLED)]
    assert found == [pytest.approx(7.667, abs=5e-4), pytest.approx(7.5), pytest.approx(7.6)]
    assert [overall.index(value or 0.0, 1, 10) for value in found] == [
        pytest.approx(74.07, abs=0.005),
        pytest.approx(72.22, abs=0.005),
        pytest.approx(73.33, abs=0.005),
    ]
    assert overall.overall([{}]) is None


def test_response_figures() -> None:
    found = shares.response_rates(60, 4, 14, 3)
    assert [round(found[key] or 0.0, 1) for key in ("gross", "response_rate", "with_partials", "completion")] == [
        23.3,
        25.0,
        30.4,
        82.4,
    ]
    rate = shares.response_rate(60, 4, 14)
    assert (round(rate.low or 0.0, 1), round(rate.high or 0.0, 1)) == (15.5, 37.7)
    assert shares.response_rate(0, 0, 0).value is None


def test_rates_are_pooled_never_averaged() -> None:
    assert shares.share(20 + 21, 20 + 30).value == pytest.approx(82.0)
