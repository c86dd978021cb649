"""Ranking, Interaction and Frontier: claims that take several tests at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from curie.domain.claim import Frontier, Interaction, Ranking
from tests.stats.trials import at, experiment, factor, metric, plan_over, ran

ORDER = Ranking(metric="y", factor="x", goal="lowest")
DEPENDS = Interaction(metric="y", factor="x", by="z")
FRONT = Frontier(metric="y", goal="lowest", other="cost", other_goal="lowest", factor="x")


def noisy(means, *, spread=0.1, seeds=8, seed=1):
    rng = np.random.default_rng(seed)
    return {k: [float(v) for v in rng.normal(m, spread, seeds)] for k, m in means.items()}


def one(claim, values, **changes):
    return experiment(claim, values, **changes).analyses()[0]


def crossed(cells, *, claim=DEPENDS, share=0.05, noise="seeded"):
    """An experiment over x and z, from (x, z) to its values by seed."""
    xs, zs = ([*dict.fromkeys(c[i] for c in cells)] for i in (0, 1))
    seeds = max(len(v) for v in cells.values())
    plan = plan_over(
        [claim],
        [factor("x", xs), factor("z", zs)],
        [at(x=x, z=z) for x, z in cells],
        seeds=seeds,
        metrics=[metric(noise=noise, smallest_effect_share=share)],
        design="factorial",
    )
    outcomes = {
        (f"t{i}", seed): None if value is None else {"y": value}
        for i, values in enumerate(cells.values())
        for seed, value in enumerate(values, start=1)
    }
    return ran(plan, outcomes).analyses()[0]


def test_an_order_is_found_with_those_that_tie_in_one_group():
    got = one(ORDER, noisy({"a": 3.0, "b": 1.0, "c": 1.01}))
    assert got.verdict == "supported"
    assert got.found in ("b, c before a", "c, b before a")


def test_the_first_to_last_gap_allows_for_having_picked_them():
    values = noisy({"a": 3.0, "b": 1.0, "c": 2.0})
    got = one(ORDER, values)
    assert got.found == "b before c before a"
    want = stats.ttest_rel(values["b"], values["a"]).confidence_interval(1 - 0.05 / 3)
    assert (got.low, got.high) == pytest.approx((want.low, want.high))


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        ((("b",), ("c",), ("a",)), "supported"),
        ((("c",), ("b",), ("a",)), "refuted"),
        ((("b",), ("c", "a")), "refuted"),
        ((("b", "c"),), "inconclusive"),
    ],
)
def test_a_given_order_is_judged_pair_by_pair(order, verdict):
    values = noisy({"a": 3.0, "b": 1.0, "c": 2.0})
    assert one(ORDER.but(order=order), values).verdict == verdict


def test_a_tie_has_to_be_shown_and_not_merely_unseen():
    close = noisy({"a": 10.0, "b": 10.0, "c": 20.0}, spread=0.1)
    claim = ORDER.but(order=(("a", "b"), ("c",)))
    assert one(claim, close, share=0.05).verdict == "supported"
    assert one(claim, close, share=0.001).verdict == "inconclusive"


def test_the_highest_comes_first_where_high_is_good():
    got = one(ORDER.but(goal="highest"), noisy({"a": 3.0, "b": 1.0}))
    assert got.found == "a before b"


def test_exact_levels_are_ranked_without_a_test():
    got = one(ORDER, {"a": [3.0], "b": [1.0], "c": [1.0]}, noise="deterministic")
    assert (got.verdict, got.p) == ("supported", None)
    assert got.found in ("b, c before a", "c, b before a")


def test_an_interaction_is_the_t_test_of_the_difference_of_differences():
    rng = np.random.default_rng(4)
    cells = {c: rng.normal(10, 0.3, 9) for c in ((1, 1), (1, 2), (2, 1), (2, 2))}
    cells[2, 2] = cells[2, 2] + 1.5
    got = crossed({c: [float(x) for x in v] for c, v in cells.items()})
    d = (cells[2, 2] - cells[1, 2]) - (cells[2, 1] - cells[1, 1])
    want = stats.ttest_1samp(d, 0.0)
    assert (got.verdict, got.found) == ("supported", "depends")
    assert got.p == pytest.approx(want.pvalue)
    assert got.estimate == pytest.approx(d.mean())
    assert (got.low, got.high) == pytest.approx(tuple(want.confidence_interval(0.95)))


def test_effects_that_add_up_do_not_depend():
    rng = np.random.default_rng(5)
    cells = {
        (x, z): [float(v) for v in rng.normal(10 + x + 2 * z, 0.05, 8)]
        for x in (1, 2)
        for z in (1, 2, 3)
    }
    assert crossed(cells, share=0.05).verdict == "refuted"
    assert crossed(cells, share=0.0005).verdict == "inconclusive"


def test_an_effect_that_is_the_same_ratio_is_told_so():
    rng = np.random.default_rng(6)
    cells = {
        (x, z): [float(x * z * v) for v in rng.normal(1, 0.01, 8)] for x in (1, 2) for z in (1, 3)
    }
    got = crossed(cells)
    assert got.verdict == "supported"
    assert "as a ratio, the effect does not clearly depend, too" in got.notes


def test_exact_cells_decide_an_interaction_without_a_test():
    cells = {(1, 1): [1.0], (1, 2): [2.0], (2, 1): [3.0], (2, 2): [9.0]}
    got = crossed(cells, noise="deterministic")
    assert (got.verdict, got.p, got.estimate) == ("supported", None, 5.0)
    even = {**cells, (2, 2): [4.0]}
    assert crossed(even, noise="deterministic").verdict == "refuted"


def test_a_combination_that_was_not_measured_is_refused():
    cells = {(1, 1): [1.0] * 4, (1, 2): [2.0] * 4, (2, 1): [3.0] * 4, (2, 2): [None] * 4}
    got = crossed(cells)
    assert (got.verdict, got.estimate) == ("inconclusive", None)


def test_a_dominated_level_is_off_the_front():
    y = noisy({"a": 1.0, "b": 2.0, "c": 3.0, "d": 3.5})
    cost = noisy({"a": 3.0, "b": 2.0, "c": 1.0, "d": 3.5}, seed=2)
    got = one(FRONT, y, cost=cost)
    assert (got.verdict, got.found, got.estimate) == ("supported", "a, b, c", 3.0)
    assert (got.low, got.high) == (3.0, 3.0)


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [(("a", "b", "c"), "supported"), (("a", "b"), "refuted"), (("a", "b", "c", "d"), "refuted")],
)
def test_a_given_front_is_judged_level_by_level(levels, verdict):
    y = noisy({"a": 1.0, "b": 2.0, "c": 3.0, "d": 3.5})
    cost = noisy({"a": 3.0, "b": 2.0, "c": 1.0, "d": 3.5}, seed=2)
    assert one(FRONT.but(levels=levels), y, cost=cost).verdict == verdict


def test_levels_of_which_nothing_can_be_told_stay_on_an_open_front():
    y, cost = noisy({"a": 1.0, "b": 1.0}), noisy({"a": 1.0, "b": 1.0}, seed=2)
    got = one(FRONT, y, cost=cost)
    assert (got.verdict, got.found) == ("inconclusive", "a, b")
    assert (got.low, got.high) == (0.0, 2.0)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=5))
def test_the_exact_front_is_that_of_a_brute_force(points):
    names = "abcde"[: len(points)]
    y = {n: [float(p[0])] for n, p in zip(names, points, strict=True)}
    cost = {n: [float(p[1])] for n, p in zip(names, points, strict=True)}
    claim = FRONT
    ex = experiment(claim, y, cost=cost, noise="deterministic")
    plan = ex.plan.but(metrics=tuple(m.but(noise="deterministic") for m in ex.plan.metrics))
    (got,) = type(ex)(plan, ex.started, ex.outcomes).analyses()
    front = [
        n
        for n, p in zip(names, points, strict=True)
        if not any(q[0] <= p[0] and q[1] <= p[1] and q != p for q in points)
    ]
    assert got.found == ", ".join(front)
