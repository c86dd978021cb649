"""The tests and intervals side by side with scipy, and on data where scipy gives up."""

import math

import numpy as np
import pytest
from scipy import stats

from curie.stats.compare import Sides, against_bound, compare
from curie.stats.intervals import bootstrap, fieller, mean_interval

RNG = np.random.default_rng(5)
A = RNG.normal(10, 1, 7)
B = RNG.normal(9, 2, 7)
SKEWED = np.array([1.0, 1.1, 1.2, 1.0, 1.3, 1.1, 1.2, 9.0, 1.1, 30.0])


def test_paired_and_normal_it_is_scipys_paired_t_test():
    got = compare(Sides(A, B, paired=True), confidence=0.9, dice=1)
    want = stats.ttest_rel(A, B)
    interval = want.confidence_interval(0.9)
    assert got.p == pytest.approx(want.pvalue)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high))
    assert got.above == pytest.approx(stats.ttest_rel(A, B, alternative="greater").pvalue)


def test_unpaired_it_is_scipys_welch_test():
    got = compare(Sides(A, B[:5], paired=False), confidence=0.95, dice=1)
    want = stats.ttest_ind(A, B[:5], equal_var=False)
    interval = want.confidence_interval(0.95)
    assert got.p == pytest.approx(want.pvalue)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high))


def test_skewed_pairs_are_tested_by_all_sign_flips():
    got = compare(Sides(SKEWED, np.zeros(10), paired=True), confidence=0.95, dice=1)
    signs = np.array(np.meshgrid(*[[-1, 1]] * 10)).reshape(10, -1).T
    means = (signs * SKEWED).mean(axis=1)
    assert got.above == pytest.approx(np.mean(means >= SKEWED.mean() - 1e-9))
    assert "sign-flip" in got.method
    assert "BCa" in got.method


def test_skewed_samples_are_tested_by_studentised_permutation():
    other = SKEWED[::-1] * 1.5 + 1
    got = compare(Sides(other, SKEWED, paired=False), confidence=0.95, dice=1)
    rng = np.random.default_rng(99)
    pool = np.concatenate([other, SKEWED])

    def t(values):
        one, two = values[:10], values[10:]
        return (one.mean() - two.mean()) / math.sqrt(one.var(ddof=1) / 10 + two.var(ddof=1) / 10)

    null = np.array([t(rng.permutation(pool)) for _ in range(4000)])
    assert got.above == pytest.approx(np.mean(null >= t(pool)), abs=0.03)
    assert "studentised" in got.method


def test_one_sample_against_a_bound_is_scipys():
    got = against_bound(A, 9.5, confidence=0.95, dice=1)
    assert got.p == pytest.approx(stats.ttest_1samp(A, 9.5).pvalue)
    assert got.estimate == pytest.approx(A.mean() - 9.5)


@pytest.mark.parametrize("paired", [True, False])
def test_constant_sides_are_compared_exactly(paired):
    got = compare(Sides(np.full(4, 3.0), np.full(4, 2.0), paired), confidence=0.95, dice=1)
    assert got.exact
    assert (got.estimate, got.low, got.high, got.p) == (1.0, 1.0, 1.0, 0.0)


def test_pairs_that_differ_by_a_constant_are_compared_exactly():
    got = compare(Sides(A + 0.1, A, paired=True), confidence=0.95, dice=1)
    assert got.exact
    assert got.estimate == pytest.approx(0.1)


def test_rounding_is_no_difference():
    got = compare(Sides(np.full(3, 0.1 + 0.2), np.full(3, 0.3), True), confidence=0.95, dice=1)
    assert got.exact
    assert got.estimate == 0


def test_a_constant_side_against_a_varying_one_is_no_exact_comparison():
    got = compare(Sides(A, np.full(7, 9.0), paired=False), confidence=0.95, dice=1)
    assert got.p == pytest.approx(stats.ttest_1samp(A, 9.0).pvalue)


def test_the_dice_decide_nothing_twice():
    sides = Sides(np.tile(SKEWED, 3), np.tile(SKEWED[::-1], 3) + 1, paired=True)
    assert compare(sides, confidence=0.95, dice=4) == compare(sides, confidence=0.95, dice=4)


def test_mean_interval_is_students_and_a_point_for_constants():
    want = stats.t.interval(0.95, 6, A.mean(), stats.sem(A))
    assert mean_interval(A, 0.95) == pytest.approx(want)
    assert mean_interval(np.full(5, 2.0), 0.95) == (2.0, 2.0)


@pytest.mark.parametrize("paired", [True, False])
def test_fieller_ends_where_the_t_test_just_rejects(paired):
    low, high = fieller(A, B, paired=paired, confidence=0.95)
    assert low < A.mean() / B.mean() < high
    for end in (low, high):
        got = compare(Sides(A, B, paired).against(times=end), confidence=0.95, dice=1)
        # Unpaired, Welch's degrees of freedom move a little with the ratio.
        assert got.p == pytest.approx(0.05, abs=1e-9 if paired else 0.01)


def test_there_is_no_ratio_to_a_mean_near_zero():
    assert fieller(A, A - A.mean() + 0.01, paired=True, confidence=0.95) is None


def test_bootstrap_of_a_mean_is_near_students_for_normal_data():
    values = np.random.default_rng(8).normal(5, 1, 200)

    def mean(v, axis=-1):
        return v.mean(axis=axis)

    got = bootstrap((values,), mean, paired=False, confidence=0.95, dice=3)
    assert got == pytest.approx(mean_interval(values, 0.95), abs=0.02)


def test_a_degenerate_bootstrap_says_so():
    def always_zero(values, axis=-1):
        return 0.0 * values.mean(axis=axis)

    assert bootstrap((A,), always_zero, paired=False, confidence=0.95, dice=3) is None
