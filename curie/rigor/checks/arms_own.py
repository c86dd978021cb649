"""Did each arm do its own work? Asked at the evidence gate."""

from itertools import combinations

from curie.domain.claim import metrics_of
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import TrialEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.series import by_seed

LEAST = 4
"""Distinct values from which a straight line through all of them is no accident."""


def arms_own(evidence: TrialEvidence) -> Finding:
    """Fail when one arm's seeded values are another's times a constant, plus a constant, exactly.

    Chance enters each arm through its own work, so two arms on the same seeds go together, but
    never on a line to the ninth digit: then one of them was worked out from the other, and the
    effect was put in by hand. Rows that are equal say only that the factor does not move the
    metric. Shipped systems are left out: a model may be linear, and says so. Mended by doing the
    work in every arm.
    """
    if evidence.setup.written_by != "technician":
        return skipped("the system brings its program, and says what it models")
    asked = dict.fromkeys(m for h in evidence.plan.hypotheses for m in metrics_of(h.claim))
    wrong, looked = [], False
    for name in asked:
        metric = evidence.plan.metric(name)
        if metric is None or metric.noise != "seeded":
            continue
        rows = {a: r for a, r in by_seed(evidence.log, name).items() if _varied(r)}
        looked = looked or len(rows) > 1
        wrong += [
            f"{name} of {one} and {other}"
            for one, other in combinations(sorted(rows), 2)
            if _on_a_line(rows[one], rows[other])
        ]
    if wrong:
        return failed(f"exactly on a line: {listed(wrong)}", remedy=mend_program(evidence.setup))
    return passed("no arm is worked out from another") if looked else skipped("too few values")


def _varied(row: dict[int, float]) -> bool:
    return len(set(row.values())) >= LEAST


def _on_a_line(one: dict[int, float], other: dict[int, float]) -> bool:
    """Whether other = times * one + plus over all shared seeds, and is not simply equal to one."""
    pairs = sorted({(one[seed], other[seed]) for seed in one if seed in other})
    if len({x for x, _ in pairs}) < LEAST or all(same(x, y) for x, y in pairs):
        return False
    (low, at_low), (high, at_high) = pairs[0], pairs[-1]
    times = (at_high - at_low) / (high - low)
    return times != 0 and all(same(y, at_low + times * (x - low)) for x, y in pairs)
