"""Difference, Ratio and Equivalence: verdicts, numbers, and what they must never do."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from curie.domain.claim import Difference, Equivalence, Ratio
from tests.stats.trials import A, B, at, experiment

HIGHER = Difference(metric="y", a=A, b=B, direction="higher")
RATIO = Ratio(metric="y", a=A, b=B)
SAME = Equivalence(metric="y", a=A, b=B, margin_share=0.05)
RNG = np.random.default_rng(17)
SLOW = [float(v) for v in RNG.normal(12, 0.5, 10)]
FAST = [float(v) for v in RNG.normal(10, 0.5, 10)]


def one(claim, a, b, **changes):
    return experiment(claim, {"a": a, "b": b}, **changes).analyses()[0]


def test_a_clear_difference_is_supported_with_the_numbers_of_scipy():
    got = one(HIGHER, SLOW, FAST)
    want = stats.ttest_rel(SLOW, FAST)
    interval = want.confidence_interval(0.95)
    assert (got.verdict, got.found) == ("supported", "higher")
    assert got.p == pytest.approx(want.pvalue)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high))
    assert (got.unit, got.n, got.confidence) == ("s", 20, 0.95)
    assert "paired t-test" in got.method


def test_the_figure_gets_both_arms_with_the_settings_of_the_claim():
    a, b = one(HIGHER, SLOW, FAST).levels
    assert (a.settings, b.settings, a.level) == (A, B, None)
    assert a.mean == pytest.approx(np.mean(SLOW))
    assert a.values == tuple(SLOW)
    assert a.low < a.mean < a.high


def test_the_wrong_direction_is_refuted_and_noise_is_inconclusive():
    assert one(HIGHER, FAST, SLOW).verdict == "refuted"
    assert one(HIGHER, FAST, FAST[::-1]).verdict == "inconclusive"


def test_an_open_difference_finds_its_direction():
    got = one(HIGHER.but(direction=None), FAST, SLOW)
    assert (got.verdict, got.found) == ("supported", "lower")
    assert one(HIGHER.but(direction=None), FAST, FAST[::-1]).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("bound", "verdict"), [(1.0, "supported"), (2.0, "inconclusive"), (4.0, "refuted")]
)
def test_a_bound_shifts_the_null(bound, verdict):
    got = one(HIGHER.but(at_least=bound), SLOW, FAST)
    assert got.verdict == verdict
    assert got.p == pytest.approx(stats.ttest_rel(SLOW, np.array(FAST) + bound).pvalue)


def test_a_real_but_smaller_difference_is_refuted_in_those_words():
    assert one(HIGHER.but(at_least=4.0), SLOW, FAST).found == "higher, but by less than stated"


@pytest.mark.parametrize("sign", [1, -1])
def test_a_share_is_taken_of_the_size_of_b(sign):
    a, b = [sign * v for v in FAST], [sign * v for v in SLOW]
    direction = "lower" if sign > 0 else "higher"
    claim = HIGHER.but(direction=direction, at_least_share=0.05)
    got = one(claim, a, b)
    assert got.verdict == "supported"
    assert got.p == pytest.approx(stats.ttest_rel(FAST, 0.95 * np.array(SLOW)).pvalue)


def test_without_shared_seeds_the_sides_are_compared_unpaired():
    a, b = [*SLOW[:5], *[None] * 5], [*[None] * 5, *FAST[5:]]
    got = one(HIGHER, a, b)
    assert got.p == pytest.approx(stats.ttest_ind(SLOW[:5], FAST[5:], equal_var=False).pvalue)
    assert "too few seeds are shared, so the sides are compared unpaired" in got.notes


def test_two_replicates_of_a_noisy_metric_are_refused():
    got = one(HIGHER, [5.0, 5.1], [1.0, 1.1])
    assert (got.verdict, got.estimate, got.p) == ("inconclusive", None, None)
    assert "too few to test" in got.notes[0]


def test_one_replicate_of_a_deterministic_metric_is_exact():
    got = one(HIGHER, [5.0], [4.0], noise="deterministic")
    assert (got.verdict, got.p, got.low, got.estimate, got.high) == ("supported", None, 1, 1, 1)
    assert "exact" in got.method


def test_an_exact_difference_of_just_the_bound_is_at_least_the_bound():
    assert one(HIGHER.but(at_least=1.0), [5.0], [4.0], noise="deterministic").verdict == "supported"
    assert one(HIGHER.but(at_least=1.1), [5.0], [4.0], noise="deterministic").verdict == "refuted"
    assert one(HIGHER, [5.0], [5.0], noise="deterministic").verdict == "refuted"


def test_a_deterministic_metric_that_varies_is_taken_for_noisy():
    got = one(HIGHER, SLOW, FAST, noise="deterministic")
    assert got.p is not None
    assert any("declared deterministic but varies" in note for note in got.notes)
    assert one(HIGHER, [5.0, 6.0], [1.0, 1.0], noise="deterministic").verdict == "inconclusive"


def test_a_noisy_metric_that_is_constant_is_told():
    got = one(HIGHER, [5.0] * 4, [4.0] * 4)
    assert (got.verdict, got.p) == ("supported", None)
    assert "y is declared noisy but is constant over 4 seeds" in got.notes


@pytest.mark.parametrize("claim", [HIGHER, RATIO, SAME])
@pytest.mark.parametrize("missing", ["a", "b"])
def test_nothing_is_supported_when_a_side_is_missing(claim, missing):
    values = {"a": SLOW, "b": FAST, missing: [None] * 10}
    (got,) = experiment(claim, values).analyses()
    assert (got.verdict, got.estimate) == ("inconclusive", None)
    assert len(got.levels) == 1


def test_a_ratio_lies_in_its_interval_and_an_open_one_says_where():
    got = one(RATIO, SLOW, FAST)
    assert (got.verdict, got.found, got.unit) == ("supported", "above one", "x")
    assert got.estimate == pytest.approx(np.mean(SLOW) / np.mean(FAST))
    assert got.low < got.estimate < got.high
    assert one(RATIO, FAST, SLOW).found == "below one"
    assert one(RATIO, FAST, FAST[::-1]).found == "around one"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.1, 1.3, "supported"),
        (1.1, None, "supported"),
        (None, 1.3, "supported"),
        (1.5, 1.8, "refuted"),
        (None, 1.0, "refuted"),
        (1.2, 1.21, "inconclusive"),
    ],
)
def test_a_ratio_is_judged_by_its_bounds_as_by_its_interval(low, high, verdict):
    got = one(RATIO.but(low=low, high=high), SLOW, FAST)
    assert got.verdict == verdict
    inside = (low is None or got.low >= low) and (high is None or got.high <= high)
    outside = (low is not None and got.high < low) or (high is not None and got.low > high)
    assert verdict == ("supported" if inside else "refuted" if outside else "inconclusive")


def test_a_ratio_of_negative_means_keeps_its_bounds():
    a, b = [-v for v in SLOW], [-v for v in FAST]
    assert one(RATIO.but(low=1.1, high=1.3), a, b).verdict == "supported"
    assert one(RATIO.but(low=1.5), a, b).verdict == "refuted"


def test_a_ratio_that_does_not_vary_rests_on_the_declared_spread():
    from curie.stats.compare import Sides
    from curie.stats.ratio import interval_of_fixed

    sides = Sides(np.full(6, 8.0), np.full(6, 4.0), paired=True, spread_share=0.1)
    low, high, method = interval_of_fixed(sides, 2.0, 0.95)
    half = stats.t.ppf(0.975, 5) * 0.1 * 2.0 * np.sqrt(2 / 6)
    assert (low, high) == pytest.approx((2 - half, 2 + half))
    assert "declared" in method


def test_a_margin_of_a_noisy_metric_takes_five_replicates():
    got = one(SAME, SLOW[:4], SLOW[1:5])
    assert (got.verdict, got.p) == ("inconclusive", None)
    assert "5 are needed" in got.notes[0]


@pytest.mark.parametrize("b", [[0.0], [0.0, 0.0]])
def test_there_is_no_ratio_to_zero(b):
    got = one(RATIO, [5.0] * len(b), b, noise="deterministic")
    assert (got.verdict, got.estimate) == ("inconclusive", None)


def test_an_exact_ratio_at_its_bound_is_inside():
    claim = RATIO.but(low=1.25, high=2.0)
    assert one(claim, [5.0], [4.0], noise="deterministic").verdict == "supported"
    assert one(claim.but(low=1.3), [5.0], [4.0], noise="deterministic").verdict == "refuted"


def test_equivalence_is_two_one_sided_tests():
    near = [v + d for v, d in zip(FAST, (0.1, -0.1, 0.05, 0, 0.08, -0.05) * 2, strict=False)]
    got = one(SAME.but(margin=0.2, margin_share=0.0), near, FAST)
    d = np.array(near) - np.array(FAST)
    upper = stats.ttest_1samp(d, 0.2, alternative="less").pvalue
    lower = stats.ttest_1samp(d, -0.2, alternative="greater").pvalue
    assert got.verdict == "supported"
    assert got.p == pytest.approx(max(upper, lower))
    assert one(SAME, SLOW, FAST).verdict == "refuted"
    assert one(SAME.but(margin_share=0.2), SLOW, FAST).verdict == "inconclusive"


def test_non_inferiority_looks_at_one_side_only():
    assert one(SAME.but(side="not_higher"), FAST, SLOW).verdict == "supported"
    assert one(SAME.but(side="not_lower"), FAST, SLOW).verdict == "refuted"
    assert one(SAME.but(side="not_higher"), SLOW, FAST).verdict == "refuted"


def test_exact_equivalence_needs_no_test():
    claim = SAME.but(margin=0.5, margin_share=0.0)
    assert one(claim, [5.0], [4.5], noise="deterministic").verdict == "supported"
    got = one(claim, [5.0], [4.4], noise="deterministic")
    assert (got.verdict, got.p) == ("refuted", None)


NUMBERS = st.integers(1, 10_000).map(lambda n: n / 100)
MANY = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=9)
FLIPPED = {"supported": "refuted", "refuted": "supported", "inconclusive": "inconclusive"}


@given(MANY)
def test_swapping_the_sides_flips_the_verdict(pairs):
    a, b = map(list, zip(*pairs, strict=True))
    forth, back = one(HIGHER, a, b), one(HIGHER, b, a)
    # Exactly equal sides refute `higher` both ways.
    assume(forth.estimate != 0)
    assert back.verdict == FLIPPED[forth.verdict]
    assert back.estimate == pytest.approx(-forth.estimate)


@given(MANY, st.sampled_from([0.001, 7.0, 1e6]))
def test_another_unit_scales_the_estimate_and_changes_no_verdict(pairs, k):
    a, b = map(list, zip(*pairs, strict=True))
    got = one(HIGHER, a, b)
    scaled = one(HIGHER, [k * v for v in a], [k * v for v in b])
    assert scaled.estimate == pytest.approx(k * got.estimate, abs=1e-9 * k)
    assert scaled.p == pytest.approx(got.p, abs=1e-9)
    assert one(RATIO, a, b).estimate == pytest.approx(
        one(RATIO, [k * v for v in a], [k * v for v in b]).estimate
    )


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_the_outcomes_changes_nothing(pairs, rng):
    a, b = map(list, zip(*pairs, strict=True))
    ex = experiment([HIGHER, RATIO, SAME], {"a": a, "b": b})
    mixed = type(ex)(
        plan=ex.plan,
        started=tuple(rng.sample(ex.started, len(ex.started))),
        outcomes=tuple(rng.sample(ex.outcomes, len(ex.outcomes))),
    )
    assert mixed.analyses() == ex.analyses()


@given(
    st.lists(st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1.0, 1e-9, 1e9])), min_size=1),
    st.lists(st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1.0, 1e-9, 1e9])), min_size=1),
    st.sampled_from(["deterministic", "seeded"]),
)
def test_odd_values_never_crash(a, b, noise):
    size = max(len(a), len(b))
    a, b = a + [None] * (size - len(a)), b + [None] * (size - len(b))
    claims = [HIGHER, HIGHER.but(at_least_share=0.1), RATIO, RATIO.but(low=0.5, high=2), SAME]
    for got in experiment(claims, {"a": a, "b": b}, noise=noise).analyses():
        if all(v is None for v in a) or all(v is None for v in b):
            assert got.verdict == "inconclusive"


def test_a_family_is_corrected_and_the_corrected_p_decides():
    b = FAST[:8]
    a = [v + d for v, d in zip(b, (1.8, -0.3, 0.9, 0.2, 1.2, -0.1, 0.8, 0.4), strict=True)]
    single = one(HIGHER, a, b)
    assert 0.01 < single.p < 0.05
    assert single.verdict == "supported"
    many = experiment([HIGHER] * 5, {"a": a, "b": b}).analyses()
    assert [m.verdict for m in many] == ["inconclusive"] * 5
    assert many[0].p == pytest.approx(5 * single.p)
    assert many[0].p_raw == pytest.approx(single.p)
    assert [m.id for m in many] == ["c1", "c2", "c3", "c4", "c5"]
    looser = experiment([HIGHER] * 5, {"a": a, "b": b}, correction="bh").analyses()
    assert [m.verdict for m in looser] == ["supported"] * 5


def test_where_narrows_to_settings_that_exist():
    (got,) = experiment(HIGHER.but(where=at(z=1)), {"a": SLOW, "b": FAST}).analyses()
    assert got.verdict == "inconclusive"
