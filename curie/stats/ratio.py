"""Ratio: the interval in which mean(a)/mean(b) lies."""

import math
from dataclasses import replace

import numpy as np

from curie.domain.claim import Ratio
from curie.stats.compare import Comparison, Sides, compare
from curie.stats.intervals import constant, fieller
from curie.stats.pairs import Pair, pair_of
from curie.stats.students import t_quantile
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "ratio a/b"


def test(claim: Ratio, case: Case) -> Tested:
    """Fieller's interval; bounds are tested as `a - bound * b` against 0.

    With bounds, p is twice the worst one-sided p, to agree with the two-sided interval. An open
    claim is supported once the interval exists, and its p is for the ratio being 1.
    """
    pair = pair_of(claim, case)
    if pair.problem:
        return refuse(pair.problem, effect=EFFECT, unit="x", notes=pair.notes, samples=pair.samples)
    interval = _interval(pair, case)
    if interval is None:
        why = "the mean of b is not clearly away from 0, so no ratio can be formed"
        return refuse(why, effect=EFFECT, unit="x", notes=pair.notes, samples=pair.samples)
    low, high, method = interval
    p, sure, unsure, notes = _judged(claim, pair, case)
    return Tested(
        effect=EFFECT,
        unit="x",
        estimate=float(pair.a.values.mean() / pair.b.values.mean()),
        low=low,
        high=high,
        p=p,
        method=method,
        notes=(*pair.notes, *notes),
        samples=pair.samples,
        sure=sure,
        unsure=unsure,
    )


def _interval(pair: Pair, case: Case) -> tuple[float, float, str] | None:
    a, b = pair.a.values, pair.b.values
    if float(b.mean()) == 0 or constant(np.append(b.mean(), 0.0), float(np.abs(b).max())):
        return None
    ratio = float(a.mean() / b.mean())
    if pair.sides.against(times=ratio).fixed:
        return interval_of_fixed(pair.sides, ratio, case.confidence)
    found = fieller(a, b, paired=pair.paired, confidence=case.confidence)
    return None if found is None else (*found, "Fieller's interval of the ratio of means")


def interval_of_fixed(sides: Sides, ratio: float, confidence: float) -> tuple[float, float, str]:
    """A ratio that does not vary: exact, unless the metric is declared to have a spread."""
    n = min(len(sides.a), len(sides.b))
    if sides.declared <= 0 or n < 2:
        return ratio, ratio, "exact comparison: the ratio does not vary"
    error = sides.spread_share * abs(ratio) * math.sqrt(2 / n)
    half = t_quantile(confidence, n - 1) * error
    return ratio - half, ratio + half, "interval of the ratio by the declared spread"


def _judged(
    claim: Ratio, pair: Pair, case: Case
) -> tuple[float | None, Conclusion, Conclusion, tuple[str, ...]]:
    """p, what a small p means, what a large one means, and the notes of the tests."""
    if claim.low is None and claim.high is None:
        one = _than(pair.sides, 1.0, case)
        side = "above one" if one.estimate > 0 else "below one" if one.estimate < 0 else "one"
        around = Conclusion("supported", "around one")
        return None if one.exact else one.p, Conclusion("supported", side), around, one.notes
    above = None if claim.low is None else _than(pair.sides, claim.low, case)
    below = None if claim.high is None else _than(pair.sides, claim.high, case)
    found = [c for c in (above, below) if c is not None]
    notes = tuple(dict.fromkeys(note for c in found for note in c.notes))
    unsure = Conclusion("inconclusive", "not clearly inside or outside the interval")
    if above is not None and above.estimate < 0:
        sure, p = Conclusion("refuted", "below the interval"), 2 * above.below
    elif below is not None and below.estimate > 0:
        sure, p = Conclusion("refuted", "above the interval"), 2 * below.above
    else:
        worst = max(above.above if above else 0.0, below.below if below else 0.0)
        sure, p = Conclusion("supported", "inside the interval"), 2 * worst
    exact = all(c.exact for c in found)
    return None if exact else min(1.0, p), sure, unsure, notes


def _than(sides: Sides, bound: float, case: Case) -> Comparison:
    """The comparison that is above 0 where the ratio is above the bound."""
    shifted = sides.against(times=bound)
    if float(sides.b.mean()) < 0:
        # a/b > bound turns into a < bound * b when b is negative.
        shifted = replace(shifted, a=-shifted.a, b=-shifted.b)
    return compare(shifted, confidence=case.confidence, dice=case.dice)
