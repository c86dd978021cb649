"""Interaction: whether the effect of one factor depends on the level of another.

The effect of a step of one factor is compared between two levels of the other: a difference of
differences, formed within each seed, so that whatever a seed does to all four cells cancels.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from curie.domain.claim import Interaction
from curie.domain.setting import Level, Setting, Settings, level_text
from curie.stats.compare import Comparison, mean_of
from curie.stats.corrections import holm
from curie.stats.intervals import Floats, constant
from curie.stats.samples import Sample, Side, gather, scanned_levels
from curie.stats.tested import LEAST, Case, Conclusion, Tested, refuse

EFFECT = "difference of the differences"
_DEPENDS, _ALIKE = "depends", "does not depend by more than the smallest effect"


@dataclass(frozen=True)
class _Contrast:
    """One step of the factor at two levels of the other, per seed."""

    name: str
    values: Floats
    scale: float
    """Size of the cells: against it a difference is rounding or is not."""
    base: float
    """Mean of the first cell: the smallest effect is a share of it."""
    declared: float
    ratios: Floats | None
    """The same on logarithms: whether the effect depends as a ratio; None for values at 0."""


def test(claim: Interaction, case: Case) -> Tested:
    """Every pair of levels of one factor at every pair of the other, with Holm's correction.

    Refuted if all differences of differences are surely within the smallest effect that matters
    (two one-sided tests each); else supported if one is surely not 0. On the metric's own scale;
    the notes say whether the effect depends as a ratio, too.
    """
    unit = case.metric(claim.metric).unit
    samples, notes, problem = _cells(claim, case)
    if problem:
        kept = tuple(s for row in samples for s in row)
        return refuse(problem, effect=EFFECT, unit=unit, notes=notes, samples=kept)
    share = case.spread_share(claim.metric)
    contrasts = _contrasts(samples, claim, share)
    tests = [_test(c, case, case.confidence) for c in contrasts]
    largest = max(range(len(tests)), key=lambda i: abs(tests[i].estimate))
    top = _test(contrasts[largest], case, 1 - case.alpha / len(contrasts))
    exact = all(t.exact for t in tests)
    depends, p = _judged(case.metric(claim.metric).smallest_effect_share, contrasts, case)
    sure = Conclusion("supported", _DEPENDS) if depends else Conclusion("refuted", _ALIKE)
    name = "difference of differences within each seed"
    return Tested(
        effect=f"{EFFECT} ({contrasts[largest].name})",
        unit=unit,
        estimate=top.estimate,
        low=top.low,
        high=top.high,
        p=None if exact else p,
        method=top.method if exact else f"{name}, Holm over {len(contrasts)}: {top.method}",
        notes=(*notes, *top.notes, *_ratio_note(contrasts[largest], case, exact=exact)),
        samples=tuple(s for row in samples for s in row),
        sure=sure,
        unsure=Conclusion("inconclusive", "no clear dependence"),
    )


def _cells(
    claim: Interaction, case: Case
) -> tuple[tuple[tuple[Sample, ...], ...], tuple[str, ...], str | None]:
    """One sample a cell, at the seeds that all cells share; or why they cannot be compared."""
    ones = scanned_levels(case.layout, claim.factor, claim.where)
    others = scanned_levels(case.layout, claim.by, claim.where)
    sides = [_side(claim, one, other) for one in ones for other in others]
    found = gather(case.layout, case.table, metric=claim.metric, where=claim.where, sides=sides)
    width = len(others)
    rows = tuple(found.samples[i : i + width] for i in range(0, len(found.samples), width))
    problem = None
    if len(ones) < 2 or width < 2:
        problem = f"{claim.factor} and {claim.by} were not both varied"
    elif not all(s.replicates for s in found.samples):
        problem = "a combination of the two factors was not measured"
    else:
        shared = frozenset.intersection(*(s.seeds for s in found.samples))
        rows = tuple(tuple(s.at(shared) for s in row) for row in rows)
        still = all(constant(s.values) for row in rows for s in row)
        least = 1 if case.deterministic(claim.metric) and still else LEAST
        if len(shared) < least:
            problem = f"{len(shared)} seeds are shared by all combinations: {least} are needed"
    return rows, found.notes, problem


def _side(claim: Interaction, one: Level, other: Level) -> Side:
    settings: Settings = (
        Setting(factor=claim.factor, level=one),
        Setting(factor=claim.by, level=other),
    )
    return Side(shown=settings, means=settings, level=one)


def _contrasts(
    samples: tuple[tuple[Sample, ...], ...], claim: Interaction, share: float
) -> list[_Contrast]:
    return [
        _contrast((samples[i][m], samples[j][m], samples[i][n], samples[j][n]), claim, share)
        for i, j in combinations(range(len(samples)), 2)
        for m, n in combinations(range(len(samples[0])), 2)
    ]


def _contrast(
    cells: tuple[Sample, Sample, Sample, Sample], claim: Interaction, share: float
) -> _Contrast:
    """The step from the first to the second level, at one level of `by` and at another."""
    first, second, first_by, second_by = (c.values for c in cells)
    logs = None
    if all((c.values > 0).all() for c in cells):
        logs = np.log(second_by) - np.log(first_by) - np.log(second) + np.log(first)
    (one, at), (other, by) = (
        (_level(cells[0], claim.factor), _level(cells[0], claim.by)),
        (_level(cells[1], claim.factor), _level(cells[2], claim.by)),
    )
    return _Contrast(
        name=f"{claim.factor} {one} to {other}, {claim.by} {at} to {by}",
        values=(second_by - first_by) - (second - first),
        scale=float(max(np.abs(c.values).max() for c in cells)),
        base=abs(float(first.mean())),
        declared=share * float(np.sqrt(sum(c.values.mean() ** 2 for c in cells))),
        ratios=logs,
    )


def _level(sample: Sample, factor: str) -> str:
    return next(level_text(s.level) for s in sample.settings if s.factor == factor)


def _test(contrast: _Contrast, case: Case, confidence: float, plus: float = 0.0) -> Comparison:
    return mean_of(
        contrast.values + plus,
        scale=contrast.scale,
        declared=contrast.declared,
        what="one-sample",
        confidence=confidence,
        dice=case.dice,
    )


def _judged(share: float, contrasts: list[_Contrast], case: Case) -> tuple[bool, float]:
    """What is to be concluded if p is small enough, and that p."""
    within: list[float] = []
    for contrast in contrasts:
        margin = share * contrast.base
        over, under = (_test(contrast, case, case.confidence, plus=m) for m in (-margin, margin))
        inside = over.estimate <= 0 <= under.estimate
        within.append(max(over.below, under.above) if not over.exact else 1.0 - inside)
    if max(within) <= case.share:
        return False, max(within)
    return True, min(holm([_test(c, case, case.confidence).p for c in contrasts]))


def _ratio_note(contrast: _Contrast, case: Case, *, exact: bool) -> tuple[str, ...]:
    if contrast.ratios is None or exact:
        return ()
    tested = mean_of(
        contrast.ratios,
        scale=1.0,
        declared=0.0,
        what="one-sample",
        confidence=case.confidence,
        dice=case.dice,
    )
    clear = tested.p <= case.alpha
    return (f"as a ratio, the effect {'depends' if clear else 'does not clearly depend'}, too",)
