"""Corrected p-values against scipy and against the definition."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from curie.stats.corrections import bh, corrected, holm

PS = st.lists(st.floats(0, 1), min_size=1, max_size=7)


def closed_testing(ps: list[float]) -> list[float]:
    """Holm by its proof: a hypothesis falls when every intersection with it falls by Bonferroni."""
    everyone = range(len(ps))
    groups = [g for size in everyone for g in combinations(everyone, size + 1)]
    return [
        max(min(1.0, len(g) * min(ps[j] for j in g)) for g in groups if i in g) for i in everyone
    ]


@given(PS)
def test_holm_is_the_closure_of_bonferroni(ps):
    assert holm(ps) == pytest.approx(closed_testing(ps))


@given(PS)
def test_bh_is_scipys(ps):
    assert bh(ps) == pytest.approx(list(stats.false_discovery_control(ps)))


def test_holm_of_a_known_family():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_an_exact_comparison_does_not_count_in_the_family():
    assert corrected([0.02, None, 0.03], "holm") == pytest.approx((0.04, None, 0.04))


@given(PS, st.sampled_from(["holm", "bh"]))
def test_no_correction_makes_a_p_smaller(ps, how):
    assert all(q >= p for p, q in zip(ps, corrected(ps, how), strict=True))


def test_an_empty_family_stays_empty():
    assert corrected([], "holm") == corrected([], "bh") == ()
