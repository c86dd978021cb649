"""Is every arm there? Asked at the evidence gate."""

import math
from dataclasses import dataclass

from curie.domain.outcome import Measured
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, warned

LARGEST_LOST_SHARE = 0.1
LEAST_LEFT = 3
LOPSIDED = 0.05
"""Below this chance (Fisher's exact test, one arm against the rest) losses hang on the arm."""


@dataclass(frozen=True)
class _Arm:
    name: str
    wanted: int
    measured: int

    @property
    def lost(self) -> int:
        return self.wanted - self.measured


def arms_complete(evidence: TrialEvidence) -> Finding:
    """Fail when trials have no outcome, or too many failed, or the failures hang on the arm.

    A treatment whose hard cases crash looks better than it is. Up to a tenth may be lost, evenly,
    with three left in each arm: a warning, and the report lists them. Trials not yet run are
    mended by running them, the others in the program or the plan.
    """
    wanted = evidence.due
    tried = {t.started.trial: t for t in evidence.log.tried}
    missing = [t.id for t in wanted if t.id not in tried or tried[t.id].outcome is None]
    if missing:
        return failed(f"without outcome: {listed(missing)}", remedy="again")
    bad = [t.id for t in wanted if not isinstance(tried[t.id].outcome, Measured)]
    if not bad:
        return passed(f"{len(wanted)} of {len(wanted)} trials measured")
    arms = [
        _Arm(
            name=arm.id,
            wanted=sum(t.arm == arm.id for t in wanted),
            measured=sum(t.arm == arm.id and t.id not in bad for t in wanted),
        )
        for arm in evidence.plan.arms
    ]
    text = listed([f"{name} {tried[name].fate}" for name in bad], most=3)
    grave = _grave(arms)
    if grave:
        return failed(f"{grave}: {text}", remedy=mend_program(evidence.setup))
    return warned(f"{len(bad)} of {len(wanted)} trials failed, evenly: {text}")


def _grave(arms: list[_Arm]) -> str:
    lost, wanted = sum(a.lost for a in arms), sum(a.wanted for a in arms)
    if lost > LARGEST_LOST_SHARE * wanted:
        return f"{lost} of {wanted} trials failed"
    for arm in arms:
        if arm.lost and arm.measured < LEAST_LEFT:
            return f"arm {arm.name} has {arm.measured} trials left"
        if arm.lost and chance_of_more(arm.lost, arm.wanted, lost, wanted) < LOPSIDED:
            return f"{arm.lost} of {lost} failures are in arm {arm.name}"
    return ""


def chance_of_more(lost_here: int, size_here: int, lost: int, size: int) -> float:
    """Chance that so many or more of all losses fall on one arm (hypergeometric upper tail)."""
    ways = sum(
        math.comb(size_here, k) * math.comb(size - size_here, lost - k)
        for k in range(lost_here, min(lost, size_here) + 1)
    )
    return ways / math.comb(size, lost)
