"""Is there something to compare with? Asked at the plan gate."""

from curie.domain.plan import Arm, Plan
from curie.domain.setting import settings_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def control_present(evidence: PlanEvidence) -> Finding:
    """Fail unless each context has one control arm and there is a treatment to compare with it.

    Without a control no change can be told from the way things are anyway; with two controls in
    one context the choice between them is a way to pick a result. Contexts are told apart by the
    factors in the claims' `where`. One control for all contexts will do.
    Mended by naming exactly one arm of each context the control.
    """
    plan = evidence.plan
    controls = [a for a in plan.arms if a.role == "control"]
    if not controls:
        return failed("no arm is the control; name one", remedy="again")
    if len(controls) == len(plan.arms):
        return failed("there is no treatment: vary at least one factor", remedy="again")
    twice = _same_context(plan, controls)
    if twice:
        return failed(f"two controls in one context: {listed(twice)}", remedy="again")
    return passed(f"control at {settings_text(controls[0].settings)}")


def _same_context(plan: Plan, controls: list[Arm]) -> list[str]:
    contexts = {s.factor for h in plan.hypotheses for s in h.claim.where}
    seen: dict[str, str] = {}
    twice = []
    for arm in controls:
        full = plan.full_settings(arm)
        context = settings_text(tuple(s for s in full if s.factor in contexts))
        if context in seen:
            twice.append(f"{seen[context]} and {arm.id}")
        seen.setdefault(context, arm.id)
    return twice
