"""Do all arms meet the same circumstances? Asked at the plan gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed

LARGEST_SEED = 2**32 - 1
"""What every common generator takes; a larger seed would be cut to an equal one."""


def seeds_shared(evidence: PlanEvidence) -> Finding:
    """Fail when an arm does not run each seed exactly once, or a seed is not a usable one.

    Arms that share their seeds meet the same workloads, so that luck cancels in the comparison.
    Mended by distinct seeds from 0 to 2^32 - 1, the same in all arms.
    """
    plan = evidence.plan
    wrong = [f"seed {s} is out of range" for s in plan.seeds if not 0 <= s <= LARGEST_SEED]
    runs: dict[str, list[int]] = {a.id: [] for a in plan.arms}
    for trial in (*plan.trials("control"), *plan.trials("treatment")):
        if trial.analysed:
            runs[trial.arm].append(trial.seed)
    for arm, seeds in runs.items():
        if sorted(seeds) != sorted(set(plan.seeds)):
            wrong.append(f"arm {arm} runs seeds {sorted(seeds)}")
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{len(plan.seeds)} seeds, shared by all {len(plan.arms)} arms")
