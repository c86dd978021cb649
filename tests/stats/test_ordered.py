"""Ordered alternatives against a published example, scipy and brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from curie.stats.ordered import jonckheere, jonckheere_statistic, page

PIECES = [
    np.array([40.0, 35, 38, 43, 44, 41]),
    np.array([38.0, 40, 47, 44, 40, 42]),
    np.array([48.0, 40, 45, 43, 46, 44]),
]
"""Motivational effect of information on performance (Hollander and Wolfe 1973, table 6.6)."""


def test_jonckheere_gives_the_published_statistic_and_p():
    assert jonckheere_statistic(PIECES) == 79
    rising, _ = jonckheere(PIECES)
    # The book: z = 2.02 without the tie correction, p = 0.0217; ties make the variance smaller.
    assert stats.norm.sf((79 - 54) / np.sqrt(153)) == pytest.approx(0.0217, abs=1e-4)
    assert 0.0205 < rising < 0.0217


def test_jonckheere_is_close_to_all_permutations():
    rng = np.random.default_rng(3)
    levels = [rng.normal(0, 1, 6), rng.normal(0.5, 1, 6), rng.normal(1, 1, 6)]
    pool = np.concatenate(levels)
    seen = jonckheere_statistic(levels)
    null = [jonckheere_statistic(np.split(rng.permutation(pool), 3)) for _ in range(4000)]
    rising, falling = jonckheere(levels)
    assert rising == pytest.approx(np.mean(np.array(null) >= seen), abs=0.02)
    assert falling == pytest.approx(np.mean(np.array(null) <= seen), abs=0.02)


def test_jonckheere_variance_is_that_of_all_permutations_with_ties():
    levels = [np.array([1.0, 1, 2]), np.array([1.0, 2, 2, 3]), np.array([3.0, 3])]
    rng = np.random.default_rng(4)
    pool = np.concatenate(levels)
    null = np.array(
        [jonckheere_statistic(np.split(rng.permutation(pool), [3, 7])) for _ in range(6000)]
    )
    rising, _ = jonckheere(levels)
    z = (jonckheere_statistic(levels) - null.mean()) / null.std()
    assert rising == pytest.approx(stats.norm.sf(z), rel=0.2)


@given(st.integers(0, 10_000))
def test_reversing_the_levels_swaps_rising_and_falling(seed):
    levels = list(np.random.default_rng(seed).integers(0, 5, (4, 5)).astype(float))
    for test in (page, jonckheere):
        rising, falling = test(levels)
        back = test(levels[::-1])
        assert back == pytest.approx((falling, rising))


def test_page_is_scipys_exact_test_without_ties():
    table = np.random.default_rng(2).normal(size=(5, 4)) + np.arange(4)
    rising, _ = page(list(table.T))
    assert rising == stats.page_trend_test(table, method="exact").pvalue


def test_equal_values_show_no_trend():
    assert jonckheere([np.ones(3)] * 3) == (1.0, 1.0)


@pytest.mark.parametrize(("n", "k"), [(3, 3), (4, 6), (12, 4), (30, 3)])
def test_page_is_exact_for_any_untied_table(n, k):
    table = np.random.default_rng(n * k).normal(size=(n, k))
    rising, falling = page(list(table.T))
    assert rising == pytest.approx(stats.page_trend_test(table, method="exact").pvalue)
    back = stats.page_trend_test(table[:, ::-1], method="exact").pvalue
    assert falling == pytest.approx(back)


def test_with_ties_page_is_no_bolder_than_scipy():
    table = np.random.default_rng(5).integers(0, 4, (9, 5)).astype(float)
    rising, _ = page(list(table.T))
    assert rising == pytest.approx(stats.page_trend_test(table, method="asymptotic").pvalue)
