"""Are the replicates replicates? Asked at the evidence gate."""

from curie.domain.claim import metrics_of
from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped, warned

LEAST = 3
"""Seeds from which equal values are no accident."""


def seeds_differ(evidence: TrialEvidence) -> Finding:
    """Fail when a hypothesis' seeded metric has one value for every seed, in most of the arms.

    Such replicates are copies: they narrow the interval and add nothing. Values at the end of
    their range are excused, and so is a metric declared without spread. In half of the arms or
    fewer, or in a metric that no hypothesis rests on, it is a warning: a saving over the baseline
    is the same nothing for every seed of the baseline itself. Mended by using the seed.
    """
    seeded = [m for m in evidence.plan.metrics if m.noise == "seeded" and m.spread_share > 0]
    if not seeded:
        return skipped("no metric is declared to vary with the seed")
    asked = {name for h in evidence.plan.hypotheses for name in metrics_of(h.claim)}
    grave: list[str] = []
    few: list[str] = []
    looked = False
    for metric in seeded:
        copied, arms = _copied(evidence, metric)
        looked = looked or arms > 0
        if copied:
            text = f"{metric.name} in {', '.join(copied)}"
            counts = metric.name in asked and 2 * len(copied) > arms
            (grave if counts else few).append(text)
    if grave:
        return failed(
            f"the same for every seed: {listed(grave)}", remedy=mend_program(evidence.setup)
        )
    if few:
        return warned(f"the same for every seed: {listed(few)}")
    return passed("replicates differ") if looked else skipped(f"no arm with {LEAST} seeds")


def _copied(evidence: TrialEvidence, metric: Metric) -> tuple[list[str], int]:
    """Arms in which all seeds gave one value, and how many arms could be looked at."""
    copied, arms = [], 0
    for arm, pairs in evidence.log.values(metric.name, "control", "treatment").items():
        values = {v for _, v in pairs}
        if len(pairs) < LEAST or values & {metric.low, metric.high}:
            continue
        arms += 1
        if len(values) == 1:
            copied.append(arm)
    return copied, arms
