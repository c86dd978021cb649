"""The tests and intervals side by side with scipy, and on data where scipy gives up."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from curie.stats.compare import Sides, against_bound, compare
from curie.stats.intervals import fieller, mean_interval
from curie.stats.students import one_mean, shapiro_francia, shuffles, sign_flips

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


OTHER = SKEWED[::-1] + np.linspace(0, 1, 10)


def test_of_alike_pairs_that_are_not_normal_the_worse_of_two_tests_counts():
    d = SKEWED - OTHER
    got = compare(Sides(SKEWED, OTHER, paired=True), confidence=0.95, dice=1)
    signs = np.array(np.meshgrid(*[[-1, 1]] * 10)).reshape(10, -1).T
    flips = np.mean((signs * d).mean(axis=1) >= d.mean() - 1e-9)
    students = stats.ttest_rel(SKEWED, OTHER, alternative="greater").pvalue
    assert sign_flips(d, 1)[0] == pytest.approx(flips)
    assert got.above == pytest.approx(max(flips, students))
    assert "sign flips" in got.method


def test_against_a_constant_arm_nothing_cancels_and_skewness_is_allowed_for():
    got = compare(Sides(SKEWED, np.zeros(10), paired=True), confidence=0.95, dice=1)
    assert got.above >= stats.ttest_1samp(SKEWED, 0.0, alternative="greater").pvalue
    assert got.high > stats.ttest_1samp(SKEWED, 0.0).confidence_interval(0.95).high
    assert "Hall" in got.method


@pytest.mark.parametrize("confidence", [0.9, 0.99])
def test_interval_and_tails_of_a_skewed_mean_agree(confidence):
    mean = one_mean(SKEWED, leant=True)
    low, high = mean.interval(confidence)
    half = (1 - confidence) / 2
    at_low = replace(mean, estimate=mean.estimate - low).tails()
    at_high = replace(mean, estimate=mean.estimate - high).tails()
    assert at_low[0] == pytest.approx(half)
    assert at_high[1] == pytest.approx(half)


def test_without_skewness_halls_transformation_changes_nothing():
    even = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    leant, straight = one_mean(even, leant=True), one_mean(even, leant=False)
    assert leant.tails() == pytest.approx(straight.tails())
    assert leant.interval(0.95) == pytest.approx(straight.interval(0.95))


def test_equal_numbers_of_a_noisy_metric_rest_on_its_declared_spread():
    sides = Sides(np.full(5, 3.0), np.full(5, 4.0), paired=True, spread_share=0.1)
    got = compare(sides, confidence=0.95, dice=1)
    error = 0.1 * math.hypot(3.0, 4.0) / math.sqrt(5)
    assert not got.exact
    assert got.estimate == -1.0
    assert got.below == pytest.approx(stats.t.cdf(-1.0 / error, 4))
    assert "declared" in got.notes[0]


def test_skewed_samples_are_tested_by_studentised_permutation():
    other = SKEWED[::-1] * 1.5 + 1
    got = compare(Sides(other, SKEWED, paired=False), confidence=0.95, dice=1)
    rng = np.random.default_rng(99)
    pool = np.concatenate([other, SKEWED])

    def t(values):
        one, two = values[:10], values[10:]
        return (one.mean() - two.mean()) / math.sqrt(one.var(ddof=1) / 10 + two.var(ddof=1) / 10)

    null = np.array([t(rng.permutation(pool)) for _ in range(4000)])
    assert shuffles(other, SKEWED, 1)[0] == pytest.approx(np.mean(null >= t(pool)), abs=0.03)
    assert got.above >= shuffles(other, SKEWED, 1)[0]
    assert "shuffles" in got.method


def test_one_sample_against_a_bound_is_scipys():
    even = np.array([9.0, 10.0, 11.0, 12.0, 13.0])
    got = against_bound(even, 9.5, spread_share=0.0, confidence=0.95, dice=1)
    assert got.p == pytest.approx(stats.ttest_1samp(even, 9.5).pvalue)
    assert got.estimate == pytest.approx(1.5)


def test_against_a_bound_skewness_is_always_allowed_for():
    lean = np.array([1.0, 1.2, 1.5, 2.2, 3.5, 6.0])
    got = against_bound(lean, 2.0, spread_share=0.0, confidence=0.95, dice=1)
    students = stats.ttest_1samp(lean, 2.0).confidence_interval(0.95)
    assert got.high + 2.0 > students.high
    assert got.low + 2.0 == pytest.approx(students.low)


def test_values_that_hang_together_widen_the_interval():
    alone = against_bound(A, 9.5, spread_share=0.0, confidence=0.95, dice=1)
    wide = against_bound(A, 9.5, spread_share=0.0, confidence=0.95, dice=1, inflation=2.0)
    assert wide.high - wide.low == pytest.approx(2 * (alone.high - alone.low))


@pytest.mark.parametrize("n", [8, 20, 200])
def test_shapiro_francia_errs_as_often_as_it_says_on_normal_values(n):
    rng = np.random.default_rng(3)
    ps = np.array([shapiro_francia(rng.normal(5, 2, n)) for _ in range(2000)])
    assert np.mean(ps < 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.mean(ps < 0.5) == pytest.approx(0.5, abs=0.04)


def test_shapiro_francia_agrees_with_scipys_shapiro_wilk():
    rng = np.random.default_rng(4)
    samples = [rng.exponential(1, 12) if i % 2 else rng.normal(0, 1, 12) for i in range(200)]
    ours = [shapiro_francia(s) for s in samples]
    theirs = [stats.shapiro(s).pvalue for s in samples]
    assert stats.spearmanr(ours, theirs).statistic > 0.95


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
