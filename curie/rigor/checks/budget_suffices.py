"""Can the plan be run to its end? Asked at the plan gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, passed, skipped
from curie.rigor.probing import refusals, sample_size, wanted_probes


def budget_suffices(evidence: PlanEvidence) -> Finding:
    """Fail when the trials of the plan, with probes and re-executions, are more than are left.

    A plan that breaks off in the middle has arms that cannot be compared. Mended by fewer levels
    or replicates, or a larger --budget-trials.
    """
    plan, most = evidence.plan, evidence.budget.trials
    if most is None:
        return skipped("the number of trials is not limited")
    own = len(plan.trials("control")) + len(plan.trials("treatment"))
    extra = len(wanted_probes(plan)) + sample_size(plan)
    if evidence.own_program:
        extra += len(refusals(plan, data=evidence.data)) + 2
    left = most - evidence.trials_spent
    if own + extra > left:
        return failed(
            f"{own} trials and {extra} probes and re-executions are planned, {left} are left",
            remedy="again",
        )
    return passed(f"{own + extra} trials of {left} that are left")
