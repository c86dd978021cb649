"""Are some values far from the others? Asked at the evidence gate."""

import statistics

from curie.domain.claim import metrics_of
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import listed, passed, skipped, warned

FAR = 5.0
"""Modified z-score 0.6745 (x - median) / MAD (Iglewicz and Hoaglin 1993), above their 3.5."""

LEAST = 5
"""Fewer values have no reliable middle."""


def outliers_told(evidence: TrialEvidence) -> Finding:
    """Warn when a value is far from its arm's median; this check never fails and drops nothing.

    An outlier may be the finding, or a hiccup of the machine; either way the reader must know. The
    analysis keeps it, and its intervals pay for it. Nothing mends it but looking.
    """
    plan = evidence.plan
    far, looked = [], False
    for metric in dict.fromkeys(m for h in plan.hypotheses for m in metrics_of(h.claim)):
        for pairs in evidence.log.values(metric, "control", "treatment").values():
            if len(pairs) >= LEAST:
                looked = True
                far += [f"{trial}: {metric} is {value:g}" for trial, value in far_values(pairs)]
    if far:
        return warned(f"kept, though far from their arm's median: {listed(far)}")
    return passed("no value is far from its arm's median") if looked else skipped("too few values")


def far_values(pairs: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The (trial, value) pairs whose modified z-score is above the bound."""
    middle = statistics.median(v for _, v in pairs)
    deviation = statistics.median(abs(v - middle) for _, v in pairs)
    if deviation == 0:
        return []
    return [(t, v) for t, v in pairs if 0.6745 * abs(v - middle) / deviation > FAR]
