"""Replicates and power: against simulation, against closed forms, and monotone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from curie.domain.claim import (
    Best,
    Difference,
    Equivalence,
    Law,
    Ratio,
    Threshold,
    Trend,
)
from curie.stats.ordered import page
from curie.stats.power import MOST, power, replicates
from tests.stats.trials import A, B, metric

HIGHER = Difference(metric="y", a=A, b=B, direction="higher")
RISES = Trend(metric="y", factor="x", shape="rises")
SAME = Equivalence(metric="y", a=A, b=B, margin_share=0.05)
CLAIMS = [
    HIGHER,
    HIGHER.but(at_least_share=0.2),
    Ratio(metric="y", a=A, b=B),
    Ratio(metric="y", a=A, b=B, low=0.9, high=1.1),
    SAME,
    SAME.but(side="not_higher"),
    *(RISES.but(shape=s) for s in ("rises", "falls", "flat", "peaks", "dips", None)),
    Best(metric="y", factor="x", goal="lowest"),
    Threshold(metric="y", factor="x", side="at_least", bound=1),
    Law(metric="y", factor="x"),
]
NOISY = metric()
SIZES = {
    "alpha": 0.05,
    "levels": 4,
    "spread_share": 0.05,
    "smallest_effect_share": 0.05,
    "family": 1,
}


def test_the_power_of_a_paired_difference_is_that_of_many_experiments():
    rng = np.random.default_rng(1)
    a, b = rng.normal(1.05, 0.05, (4000, 12)), rng.normal(1.0, 0.05, (4000, 12))
    tests = stats.ttest_rel(a, b, axis=1)
    seen = np.mean((tests.pvalue <= 0.05) & (tests.statistic > 0))
    assert power(HIGHER, NOISY, 12, **SIZES) == pytest.approx(seen, abs=0.03)


def test_the_power_of_an_unpaired_difference_is_that_of_many_experiments():
    rng = np.random.default_rng(2)
    a, b = rng.normal(1.05, 0.05, (4000, 12)), rng.normal(1.0, 0.05, (4000, 12))
    tests = stats.ttest_ind(a, b, axis=1)
    seen = np.mean((tests.pvalue <= 0.05) & (tests.statistic > 0))
    assert power(HIGHER, NOISY, 12, paired=False, **SIZES) == pytest.approx(seen, abs=0.03)


def test_the_power_of_equivalence_is_that_of_many_experiments():
    rng = np.random.default_rng(3)
    d = rng.normal(0, 0.05 * math.sqrt(2), (4000, 20))
    upper = stats.ttest_1samp(d, 0.05, axis=1, alternative="less").pvalue
    lower = stats.ttest_1samp(d, -0.05, axis=1, alternative="greater").pvalue
    seen = np.mean(np.maximum(upper, lower) <= 0.05)
    assert power(SAME, NOISY, 20, **SIZES) == pytest.approx(seen, abs=0.04)


def test_the_power_of_a_trend_is_that_of_many_pages():
    rng = np.random.default_rng(4)
    means = 1 + 0.05 * np.linspace(0, 1, 4)
    hits = 0
    for _ in range(300):
        rising, falling = page(list((rng.normal(0, 0.05, (10, 4)) + means).T))
        hits += rising < falling and 2 * rising <= 0.05
    assert power(RISES, NOISY, 10, **SIZES) == pytest.approx(hits / 300, abs=0.1)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: f"{c.kind}")
def test_the_replicates_are_the_fewest_with_the_promised_power(claim):
    n = replicates(claim, NOISY, promised=0.8, **SIZES)
    assert n == MOST or power(claim, NOISY, n, **SIZES) >= 0.8
    assert 3 <= n <= MOST


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: f"{c.kind}")
def test_a_deterministic_metric_needs_one_replicate(claim):
    sure = metric(noise="deterministic")
    assert replicates(claim, sure, **SIZES) == 1
    assert power(claim, sure, 1, **SIZES) == 1.0


@pytest.mark.parametrize("family", [1, 4, 20])
@pytest.mark.parametrize("paired", [True, False])
def test_where_a_permutation_test_may_be_used_it_can_reach_alpha(family, paired):
    for spread in (0.01, 0.03, 0.05, 0.1):
        n = replicates(
            HIGHER, NOISY, paired=paired, **{**SIZES, "family": family, "spread_share": spread}
        )
        least_p = 2 / 2**n if paired else 2 / math.comb(2 * n, n)
        assert n < 8 or least_p <= 0.05 / family


def test_a_comparison_of_noisy_arms_is_planned_with_five_at_least():
    tiny = {**SIZES, "spread_share": 1e-6}
    assert replicates(HIGHER, NOISY, **tiny) == 5
    assert replicates(RISES, NOISY, **tiny) == 3


def test_too_much_noise_ends_at_the_cap():
    assert replicates(HIGHER, NOISY, **{**SIZES, "spread_share": 5.0}) == MOST


def test_two_replicates_have_no_power():
    assert power(HIGHER, NOISY, 2, **SIZES) == 0.0


SHARES = st.floats(0.001, 1.0)


@given(st.sampled_from(CLAIMS), SHARES, SHARES, SHARES, st.integers(2, 8), st.integers(1, 10))
def test_more_noise_never_helps_and_a_larger_effect_never_hurts(
    claim, one, other, third, levels, family
):
    small, large = sorted((one, other))
    fixed = {"alpha": 0.05, "levels": levels, "family": family}

    def needed(effect, spread):
        return replicates(claim, NOISY, smallest_effect_share=effect, spread_share=spread, **fixed)

    # A rehearsal may be off by a replicate or two where many are needed.
    slack = 1 + needed(small, third) // 20
    assert needed(large, third) <= needed(small, third) + slack
    assert needed(third, small) <= needed(third, large) + 1 + needed(third, large) // 20


@given(st.sampled_from(CLAIMS), SHARES, SHARES, st.integers(3, 60), st.integers(2, 8))
def test_more_replicates_never_lose_power(claim, effect, spread, n, levels):
    sizes = {
        **SIZES,
        "levels": levels,
        "smallest_effect_share": effect,
        "spread_share": spread,
    }
    less, more = (power(claim, NOISY, m, **sizes) for m in (n, n + 1))
    # What is rehearsed is so from other draws at another n: three standard errors of a difference.
    assert 0 <= less <= more + 0.04
    assert more <= 1
