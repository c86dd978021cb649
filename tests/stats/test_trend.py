"""Trend: each shape, noisy and exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from curie.domain.claim import Trend
from curie.stats.shapes import exact_shape
from tests.stats.trials import experiment

LEVELS = (8, 16, 32, 64)
RISES = Trend(metric="y", factor="x", shape="rises")


def noisy(means, *, seeds=8, spread=0.3, seed=1):
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 2, seeds)
    return {
        level: [float(m + s + e) for s, e in zip(shared, rng.normal(0, spread, seeds), strict=True)]
        for level, m in zip(LEVELS, means, strict=True)
    }


def one(claim, values, **changes):
    return experiment(claim, values, **changes).analyses()[0]


def exact(claim, means, **changes):
    values = {level: [m] for level, m in zip(LEVELS, means, strict=True)}
    return one(claim, values, noise="deterministic", **changes)


def test_a_rise_is_supported_by_pages_test():
    values = noisy([10, 11, 12, 13])
    got = one(RISES, values)
    table = np.column_stack(list(values.values()))
    assert got.verdict == "supported"
    assert got.p == pytest.approx(2 * stats.page_trend_test(table, method="exact").pvalue)
    assert got.estimate == pytest.approx(np.mean(values[64]) - np.mean(values[8]))
    assert got.low < got.estimate < got.high
    assert (got.effect, got.unit) == ("difference last level - first level", "s")


def test_levels_are_taken_in_their_order_not_in_that_of_the_plan():
    values = noisy([10, 11, 12, 13])
    shuffled = {level: values[level] for level in (32, 8, 64, 16)}
    got = one(RISES, shuffled)
    assert got.verdict == "supported"
    assert [s.level for s in got.levels] == [8, 16, 32, 64]


def test_the_other_direction_refutes_and_noise_does_not_decide():
    assert one(RISES, noisy([13, 12, 11, 10])).verdict == "refuted"
    assert one(RISES, noisy([10, 10, 10, 10])).verdict == "inconclusive"
    assert one(RISES.but(shape="falls"), noisy([13, 12, 11, 10])).verdict == "supported"


def test_without_shared_seeds_it_is_jonckheeres_test():
    values = noisy([10, 14, 18, 22], seeds=16)
    gone = {
        level: [v if i // 4 == place else None for i, v in enumerate(values[level])]
        for place, level in enumerate(LEVELS)
    }
    got = one(RISES, gone)
    assert got.verdict == "supported"
    assert "Jonckheere" in got.method


def test_a_step_against_the_trend_is_noted():
    got = one(RISES, noisy([10, 14, 13, 18]))
    assert got.verdict == "supported"
    assert "rises overall, but falls between 16 and 32" in got.notes


def test_a_trend_needs_three_levels():
    got = one(RISES, {8: [1.0, 2, 3], 16: [4.0, 5, 6]})
    assert got.verdict == "inconclusive"
    assert got.notes[0] == "2 measured levels are too few: 3 are needed"


def test_names_have_no_trend():
    got = one(RISES, {"hnsw": [1.0, 2, 3], "ivf": [4.0, 5, 6], "pq": [7.0, 8, 9]})
    assert got.notes[0] == "the levels of x have no order"


def test_a_level_without_data_is_left_out_and_told():
    values = {**noisy([10, 11, 12, 13]), 16: [None] * 8}
    got = one(RISES, values)
    assert got.verdict == "supported"
    assert "nothing was measured at 16" in got.notes


def test_flat_is_shown_by_equivalence_not_by_a_missing_trend():
    flat = RISES.but(shape="flat")
    assert one(flat, noisy([100, 100.1, 99.9, 100])).verdict == "supported"
    assert one(flat, noisy([100, 100, 100, 100], spread=12)).verdict == "inconclusive"
    assert one(flat, noisy([100, 100, 100, 120])).verdict == "refuted"


def test_a_peak_is_an_inner_level_above_both_ends():
    peaks = RISES.but(shape="peaks")
    got = one(peaks, noisy([10, 13, 12, 9]))
    assert (got.verdict, got.found) == ("supported", "peaks")
    assert "the highest mean is at 16" in got.notes
    assert one(peaks, noisy([10, 12, 14, 16])).verdict == "refuted"
    assert one(peaks, noisy([10, 10.05, 10, 10])).verdict == "inconclusive"
    assert one(RISES.but(shape="dips"), noisy([10, 7, 8, 11])).verdict == "supported"


@pytest.mark.parametrize(
    ("means", "found"),
    [
        ([10, 11, 12, 13], "rises"),
        ([13, 12, 11, 10], "falls"),
        ([10, 14, 13, 9], "peaks"),
        ([10, 6, 7, 12], "dips"),
        ([100, 100.02, 99.98, 100], "flat"),
    ],
)
def test_an_open_trend_finds_its_shape(means, found):
    got = one(RISES.but(shape=None), noisy(means, spread=0.1))
    assert (got.verdict, got.found) == ("supported", found)


def test_an_open_trend_pays_for_the_four_shapes_that_it_looks_at():
    values = noisy([10, 10.3, 10.6, 10.9], seeds=5)
    closed, opened = one(RISES, values), one(RISES.but(shape=None), values)
    assert opened.found == "rises"
    assert opened.p == pytest.approx(4 * closed.p)


def test_an_open_trend_of_noise_finds_nothing():
    got = one(RISES.but(shape=None), noisy([10, 10, 10, 10], spread=3))
    assert (got.verdict, got.found) == ("inconclusive", "no clear trend")


@pytest.mark.parametrize(
    ("means", "shape", "verdict"),
    [
        ([1, 2, 3, 4], "rises", "supported"),
        ([1, 2, 2, 4], "rises", "supported"),
        ([1, 2, 1.5, 4], "rises", "refuted"),
        ([1, 2, 1.99, 4], "rises", "supported"),
        ([4, 3, 2, 1], "rises", "refuted"),
        ([4, 3, 2, 1], "falls", "supported"),
        ([2, 2, 2, 2], "rises", "refuted"),
        ([2, 2, 2.05, 2], "flat", "supported"),
        ([2, 2, 2.5, 2], "flat", "refuted"),
        ([2, 4, 3, 1], "peaks", "supported"),
        ([2, 4, 3, 5], "peaks", "refuted"),
        ([2, 1, 3, 5], "dips", "supported"),
    ],
)
def test_exact_values_have_a_shape_without_a_test(means, shape, verdict):
    got = exact(RISES.but(shape=shape), means)
    assert (got.verdict, got.p) == (verdict, None)
    assert got.low == got.estimate == got.high == means[-1] - means[0]


def test_exact_ties_and_steps_back_are_noted():
    assert "no change between 16 and 32" in exact(RISES, [1, 2, 2, 4]).notes
    assert "rises overall, but falls between 16 and 32" in exact(RISES, [1, 2, 1.99, 4]).notes


def test_exact_values_without_a_shape_answer_no_open_question():
    got = exact(RISES.but(shape=None), [1, 3, 2, 4])
    assert (got.verdict, got.found) == ("inconclusive", "neither rises nor falls throughout")
    assert exact(RISES.but(shape=None), [1, 3, 0.5, 3]).found == "dips"


VALUES = st.lists(st.floats(0.1, 100), min_size=3, max_size=7)


@given(VALUES)
def test_sorted_values_rise_and_their_mirror_falls(means):
    means = sorted(means)
    levels = tuple(range(len(means)))
    if means[-1] > means[0] * (1 + 1e-6):
        assert "rises" in exact_shape(means, levels, share=0.05)[0]
        assert "falls" in exact_shape(means[::-1], levels, share=0.05)[0]


@given(VALUES)
def test_nothing_rises_and_falls(means):
    found, _ = exact_shape(means, tuple(range(len(means))), share=0.05)
    assert not {"rises", "falls"} <= set(found)
