"""Best, Threshold and Law: answers over the levels of a factor."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from curie.domain.claim import Best, Law, Ranking, Threshold
from curie.stats.forms import fit
from tests.stats.trials import experiment

BEST = Best(metric="y", factor="x", goal="lowest")
ENOUGH = Threshold(metric="y", factor="x", side="at_least", bound=0.9)
LAW = Law(metric="y", factor="x")


def one(claim, values, **changes):
    return experiment(claim, values, **changes).analyses()[0]


def noisy(means, *, spread=0.1, seeds=8, seed=1):
    rng = np.random.default_rng(seed)
    return {k: [float(v) for v in rng.normal(m, spread, seeds)] for k, m in means.items()}


def test_the_lowest_level_is_found_and_its_ties_named():
    got = one(BEST, noisy({"hnsw": 1.0, "ivf": 2.0, "pq": 3.0}))
    assert (got.verdict, got.found) == ("supported", "hnsw")
    assert got.estimate == pytest.approx(got.levels[0].mean - got.levels[1].mean)
    tied = one(BEST, noisy({"hnsw": 1.0, "ivf": 1.01, "pq": 3.0}))
    assert (tied.verdict, tied.found) == ("supported", "hnsw, ivf")
    assert "cannot be told apart: hnsw, ivf" in tied.notes


def test_the_lead_of_the_best_level_allows_for_having_picked_it():
    values = noisy({"hnsw": 1.0, "ivf": 2.0, "pq": 3.0})
    got = one(BEST, values)
    wide = stats.ttest_rel(values["hnsw"], values["ivf"]).confidence_interval(1 - 0.05 / 3)
    assert (got.low, got.high) == pytest.approx((wide.low, wide.high))


def test_levels_that_all_tie_are_inconclusive():
    got = one(BEST, noisy({"hnsw": 1.0, "ivf": 1.0, "pq": 1.0}))
    assert (got.verdict, got.found) == ("inconclusive", "hnsw, ivf, pq")


def test_best_is_decided_by_all_pairs_with_holm():
    values = noisy({"hnsw": 1.0, "ivf": 1.2, "pq": 1.3}, seeds=7, seed=3)
    got = one(BEST.but(levels=("hnsw",)), values)
    pairs = [("hnsw", "ivf"), ("hnsw", "pq"), ("ivf", "pq")]
    raw = [stats.ttest_rel(values[a], values[b]).pvalue for a, b in pairs]
    order = np.argsort(raw)
    adjusted, floor = [0.0] * 3, 0.0
    for rank, i in enumerate(order):
        floor = max(floor, (3 - rank) * raw[i])
        adjusted[i] = min(1.0, floor)
    assert got.p == pytest.approx(max(adjusted[0], adjusted[1]))


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        (("hnsw",), "inconclusive"),
        (("hnsw", "ivf"), "supported"),
        (("pq",), "refuted"),
        (("ivf",), "inconclusive"),
        (("lsh",), "inconclusive"),
    ],
)
def test_given_levels_are_judged_by_the_ties(levels, verdict):
    values = noisy({"hnsw": 1.0, "ivf": 1.01, "pq": 3.0})
    assert one(BEST.but(levels=levels), values).verdict == verdict


def test_exact_levels_are_ordered_without_a_test():
    values = {"hnsw": [1.0], "ivf": [1.0], "pq": [3.0]}
    got = one(BEST, values, noise="deterministic")
    assert (got.verdict, got.found, got.p) == ("supported", "hnsw, ivf", None)
    assert one(BEST.but(goal="highest"), values, noise="deterministic").found == "pq"
    given_one = one(BEST.but(levels=("hnsw",)), values, noise="deterministic")
    assert given_one.verdict == "refuted"
    both = one(BEST.but(levels=("ivf", "hnsw")), values, noise="deterministic")
    assert both.verdict == "supported"


def test_a_level_that_was_not_measured_might_be_the_best():
    got = one(BEST, {**noisy({"hnsw": 1.0, "ivf": 2.0}), "pq": [None] * 8})
    assert (got.verdict, got.notes[0]) == (
        "inconclusive",
        "the level that was not measured might be the best",
    )


RECALL = {8: 0.7, 16: 0.8, 32: 0.95, 64: 0.99}


def test_the_smallest_level_that_meets_a_bound_is_found():
    values = noisy(RECALL, spread=0.01)
    got = one(ENOUGH, values)
    assert (got.verdict, got.found, got.estimate, got.unit) == ("supported", "32", 32, "n")
    assert (got.low, got.high) == (32, 32)
    ps = []
    for level, tail in ((16, stats.t.cdf), (32, stats.t.sf)):
        v = np.array(values[level])
        straight = stats.ttest_1samp(v, 0.9).statistic
        # Hall's transformation (1992), with the skewness of 8 values; the larger p counts.
        lean = float((((v - v.mean()) / v.std(ddof=1)) ** 3).mean()) * 64 / 42 / math.sqrt(8)
        leant = straight + lean * straight**2 / 3 + lean**2 * straight**3 / 27 + lean / 6
        ps.append(max(tail(straight, 7), tail(leant, 7)))
    # Two ways to be wrong, however many levels.
    assert got.p == pytest.approx(2 * max(ps))


def test_an_undecided_neighbour_makes_it_inconclusive():
    got = one(ENOUGH, noisy({8: 0.7, 16: 0.899, 32: 0.95, 64: 0.99}, spread=0.02))
    assert got.verdict == "inconclusive"
    assert (got.low, got.high) == (16, 32)


@pytest.mark.parametrize(
    ("level", "verdict"),
    [(32, "supported"), (64, "refuted"), (16, "refuted"), (99, "inconclusive")],
)
def test_a_given_level_is_judged(level, verdict):
    assert one(ENOUGH.but(level=level), noisy(RECALL, spread=0.01)).verdict == verdict


def test_a_bound_that_nothing_meets_is_refuted():
    got = one(ENOUGH.but(bound=2.0), noisy(RECALL, spread=0.01))
    assert (got.verdict, got.found, got.estimate) == ("refuted", "none", None)


def test_an_upper_bound_is_met_from_below():
    got = one(ENOUGH.but(side="at_most", bound=0.85), noisy(RECALL, spread=0.01))
    assert got.found == "8"


def test_the_cheapest_level_is_sought_in_the_order_of_cost():
    cost = {8: [9.0] * 8, 16: [1.0] * 8, 32: [5.0] * 8, 64: [3.0] * 8}
    got = one(ENOUGH.but(cost="cost"), noisy(RECALL, spread=0.01), cost=cost)
    assert (got.verdict, got.found, got.low) == ("supported", "64", None)


def test_an_exact_threshold_counts_the_bound_itself():
    values = {8: [0.8], 16: [0.9], 32: [1.0]}
    got = one(ENOUGH, values, noise="deterministic")
    assert (got.verdict, got.found, got.p) == ("supported", "16", None)
    assert one(ENOUGH.but(level=32), values, noise="deterministic").verdict == "refuted"


def test_names_have_no_smallest_level():
    got = one(ENOUGH, noisy({"a": 0.5, "b": 0.99}))
    assert got.notes[0] == "the levels of x have no order"


X = (1, 2, 4, 8, 16, 32, 64)
TRUTH = {
    "linear": (lambda x: 5 + 3 * x, 3.0),
    "log": (lambda x: 5 + 3 * math.log(x), 3.0),
    "power": (lambda x: 2 * x**1.5, 1.5),
    "saturating": (lambda x: 10 - 8 * math.exp(-x / 12), 8.0),
    "exponential": (lambda x: 2 * math.exp(0.06 * x), 0.06),
}


@pytest.mark.parametrize("form", list(TRUTH))
@pytest.mark.parametrize("noise", ["deterministic", "seeded"])
def test_the_form_that_made_the_points_is_found_with_its_parameter(form, noise):
    curve, b = TRUTH[form]
    spread = 0.0 if noise == "deterministic" else 0.1
    seeds = 1 if noise == "deterministic" else 6
    values = noisy({x: curve(x) for x in X}, spread=spread, seeds=seeds, seed=2)
    got = one(LAW, values, noise=noise)
    assert (got.verdict, got.found) == ("supported", form)
    assert got.estimate == pytest.approx(b, rel=0.1)
    assert got.low - 1e-6 <= b <= got.high + 1e-6
    others = [f for f in TRUTH if f != form]
    assert one(LAW.but(form=form), values, noise=noise).verdict == "supported"
    wrong = [one(LAW.but(form=f), values, noise=noise).verdict for f in others]
    assert "supported" not in wrong


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(2.9, 3.1, "supported"), (3.5, 4.0, "refuted"), (2.999, 3.0, "inconclusive")],
)
def test_the_parameter_must_lie_where_it_is_said_to(low, high, verdict):
    values = noisy({x: 5 + 3 * x for x in X}, spread=0.5, seeds=5)
    assert one(LAW.but(form="linear", low=low, high=high), values).verdict == verdict


def test_noise_follows_no_law():
    got = one(LAW, noisy(dict.fromkeys(X, 10.0)))
    assert (got.verdict, got.found) == ("inconclusive", "no dependence seen")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({1: [1.0], 2: [2.0], 3: [3.0], 4: [4.0]}, "4 measured levels are too few: 5 are needed"),
        ({x: [7.0] for x in X}, "y is the same at every level"),
        ({name: [1.0] for name in "abcde"}, "the levels of x are no numbers"),
    ],
)
def test_a_law_that_cannot_be_fitted_is_refused(values, why):
    got = one(LAW, values, noise="deterministic")
    assert (got.verdict, got.notes[0]) == ("inconclusive", why)


def test_log_and_power_are_not_fitted_from_zero():
    values = {x: [5.0 + 3 * x] for x in (0, 1, 2, 3, 4, 5, 6)}
    got = one(LAW, values, noise="deterministic")
    assert got.found == "linear"
    assert any("not fitted" in n and "log" in n and "power" in n for n in got.notes)
    refused = one(LAW.but(form="power"), values, noise="deterministic")
    assert refused.verdict == "inconclusive"


@pytest.mark.parametrize(
    ("form", "curve", "start", "place"),
    [
        ("linear", lambda x, a, b: a + b * x, (1, 1), 1),
        ("log", lambda x, a, b: a + b * np.log(x), (1, 1), 1),
        ("power", lambda x, a, b: a * x**b, (1, 1), 1),
        ("saturating", lambda x, a, b, c: a - b * np.exp(-x / c), (10, 8, 10), 1),
        ("exponential", lambda x, a, b: a * np.exp(b * x), (1, 0.05), 1),
    ],
)
def test_the_parameter_is_that_of_scipys_curve_fit(form, curve, start, place):
    x = np.array(X, dtype=float)
    y = np.array([TRUTH[form][0](v) for v in x]) + np.random.default_rng(6).normal(0, 0.1, len(x))
    want, _ = optimize.curve_fit(curve, x, y, p0=start)
    got = fit(form, x, y)
    assert got.b == pytest.approx(want[place], rel=1e-4)
    assert got.curve == pytest.approx(curve(x, *want), rel=1e-4)


@pytest.mark.parametrize("form", list(TRUTH))
def test_a_fit_knows_how_it_answers_to_its_points(form):
    x = np.array(X, dtype=float)
    y = np.array([TRUTH[form][0](v) for v in x])
    got = fit(form, x, y)
    for place in range(len(x)):
        step = np.zeros(len(x))
        step[place] = 0.05
        up, down = fit(form, x, y + step), fit(form, x, y - step)
        assert got.pull[place] == pytest.approx((up.b - down.b) / 0.1, rel=0.03, abs=2e-3)
        assert got.hat[:, place] == pytest.approx((up.curve - down.curve) / 0.1, abs=0.01)


def test_the_interval_of_a_slope_is_that_of_the_slopes_of_each_seed():
    rng = np.random.default_rng(12)
    own = rng.normal(3, 0.3, 6)
    values = {x: [float(v) for v in own * x + rng.normal(5, 0.2, 6)] for x in X}
    got = one(LAW.but(form="linear"), values)
    table = np.array([values[x] for x in X])
    slopes = [np.polyfit(X, table[:, seed], 1)[0] for seed in range(6)]
    want = stats.ttest_1samp(slopes, 0).confidence_interval(0.95)
    assert got.estimate == pytest.approx(np.mean(slopes))
    assert (got.low, got.high) == pytest.approx((want.low, want.high))


def test_a_curve_that_the_means_lie_off_supports_no_law():
    # A hump that every one of the five forms misses, seen without doubt.
    means = {x: 10 + 5 * math.log(x) + 6 * math.exp(-((math.log2(x) - 2) ** 2)) for x in X}
    got = one(LAW, noisy(means, spread=0.05), share=0.01)
    assert got.verdict != "supported"


def test_forms_that_predict_alike_are_not_told_apart():
    near = {x: 10 + 0.1 * math.log(x) for x in (10, 11, 12, 13, 14)}
    got = one(LAW, noisy(near, spread=0.01, seeds=6))
    assert got.verdict == "inconclusive"


def test_aicc_is_that_of_the_definition():
    rng = np.random.default_rng(9)
    x = np.arange(1.0, 9.0)
    y = 2 + 3 * x + rng.normal(0, 1, 8)
    rss = ((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum()
    # Two coefficients and the variance: k = 3, n = 8, so 2k + 2k(k + 1)/(n - k - 1) = 12.
    assert fit("linear", x, y).aicc == pytest.approx(8 * math.log(rss / 8) + 12)
    assert fit(None, x, y).aicc == pytest.approx(8 * math.log(y.var()) + 4 + 12 / 5)


def test_a_fit_survives_levels_far_from_zero():
    x = np.arange(1e6, 1e6 + 8)
    for form in ("linear", "log", "power", "saturating", "exponential"):
        got = fit(form, x, 2.0 + np.arange(8.0))
        assert got is None or (math.isfinite(got.b) and np.isfinite(got.curve).all())


ODD = st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1.0, 1e-9, 1e9]))


@given(
    st.lists(st.lists(ODD, min_size=3, max_size=3), min_size=5, max_size=6),
    st.sampled_from(["deterministic", "seeded"]),
)
def test_odd_values_never_crash(rows, noise):
    values = {2**i: row for i, row in enumerate(rows)}
    claims = [BEST, ENOUGH, LAW, LAW.but(form="power"), ENOUGH.but(level=4), BEST.but(levels=(2,))]
    claims.append(Ranking(metric="y", factor="x", goal="highest"))
    for got in experiment(claims, values, noise=noise).analyses():
        if any(all(v is None for v in row) for row in rows) and got.claim.kind != "law":
            assert got.verdict == "inconclusive"
