"""Difference: whether arm a is higher (lower) than arm b, by at least so much."""

from curie.domain.claim import Difference
from curie.stats.compare import Comparison, Sides, compare
from curie.stats.pairs import Pair, base_sign, pair_of
from curie.stats.tested import Case, Conclusion, Tested, refuse

EFFECT = "difference a - b"


def test(claim: Difference, case: Case) -> Tested:
    """Two-sided test of `a - b` against the stated bound (0 without one).

    Significant on the stated side of the bound: supported; on the other side: refuted. So a
    difference that is real but smaller than stated is refuted, and one that merely fails to show
    is inconclusive. Open (no direction): whichever side the estimate is on.
    """
    pair = pair_of(claim, case)
    unit = case.metric(claim.metric).unit
    if pair.problem:
        return refuse(
            pair.problem, effect=EFFECT, unit=unit, notes=pair.notes, samples=pair.samples
        )
    plain = compare(pair.sides, confidence=case.confidence, dice=case.dice)
    stated = claim.direction or ("higher" if plain.estimate > 0 else "lower")
    sign = 1.0 if stated == "higher" else -1.0
    bounded = bool(claim.at_least or claim.at_least_share)
    shifted = plain
    if bounded:
        beyond = _beyond(claim, pair.sides, sign)
        shifted = compare(beyond, confidence=case.confidence, dice=case.dice)
    holds = sign * shifted.estimate > 0 or (bounded and shifted.estimate == 0)
    seen = _seen(plain, case.alpha)
    sure_found = _direction(shifted if not bounded else plain)
    if bounded and not holds and sure_found == stated:
        sure_found = f"{stated}, but by less than stated"
    return Tested(
        effect=EFFECT,
        unit=unit,
        estimate=plain.estimate,
        low=plain.low,
        high=plain.high,
        p=None if shifted.exact else shifted.p,
        method=shifted.method,
        notes=_notes(pair, plain, shifted, bounded=bounded),
        samples=pair.samples,
        sure=Conclusion("supported" if holds else "refuted", sure_found),
        unsure=Conclusion("inconclusive", seen),
    )


def _beyond(claim: Difference, sides: Sides, sign: float) -> Sides:
    share = sign * base_sign(sides) * claim.at_least_share
    return sides.against(times=1.0 + share, plus=sign * claim.at_least)


def _direction(comparison: Comparison) -> str:
    if comparison.estimate == 0:
        return "no difference"
    return "higher" if comparison.estimate > 0 else "lower"


def _seen(plain: Comparison, alpha: float) -> str:
    return _direction(plain) if plain.exact or plain.p <= alpha else "no clear difference"


def _notes(pair: Pair, plain: Comparison, shifted: Comparison, *, bounded: bool) -> tuple[str, ...]:
    notes = [*pair.notes, *shifted.notes]
    if bounded:
        notes.append("p is for the stated bound; the interval is of the plain difference")
        if plain.method != shifted.method:
            notes.append(f"interval: {plain.method}")
    return tuple(notes)
