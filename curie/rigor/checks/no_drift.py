"""Did the machine change its pace during the run? Asked at the evidence gate."""

import statistics

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.series import analysed, by_seed, clocked, drift

LEAST = 10
SURE = 3.3
"""Kendall's z from which chance is one in a thousand."""
APART = 0.3
"""How far the middles of two arms may lie apart in the run, as a share of its length."""


def no_drift(evidence: TrialEvidence) -> Finding:
    """Fail when timings drift over the run and the arms lie at different times of it.

    A processor that is throttled, or a neighbour that comes, makes whatever runs later slower; then
    the difference between arms may be one between morning and evening. Each timing is held against
    the later ones of its arm. If the arms are mixed, drift only widens the intervals: a warning.
    Mended by measuring again on a machine that keeps its pace.
    """
    if not evidence.plan.timed:
        return skipped("no hypothesis rests on the machine's speed")
    adrift, looked = [], False
    for metric in clocked(evidence):
        rows = by_seed(evidence.log, metric.name).values()
        if sum(len(row) for row in rows) < LEAST:
            continue
        looked = True
        z = drift(*(tuple(row.values()) for row in rows))
        if abs(z) > SURE:
            adrift.append(f"{metric.name} {'rises' if z > 0 else 'falls'} over the run (z {z:.1f})")
    if not looked:
        return skipped("too few timings")
    if not adrift:
        return passed("no drift over the run")
    if _apart([t.started.arm for t in analysed(evidence.log)]) > APART:
        return failed(f"{listed(adrift)}, and the arms ran at different times", remedy="rebuild")
    return warned(listed(adrift))


def _apart(arms: list[str]) -> float:
    """How far apart the middles of the arms lie, as a share of the run."""
    places: dict[str, list[int]] = {}
    for i, arm in enumerate(arms):
        places.setdefault(arm, []).append(i)
    middles = [statistics.fmean(p) / len(arms) for p in places.values()]
    return max(middles) - min(middles) if middles else 0.0
