"""Can an effect be credited to one factor? Asked at the plan gate."""

import math

from curie.domain.claim import Claim, factors_of
from curie.domain.plan import Arm, Plan
from curie.domain.setting import Settings
from curie.domain.verdict import Finding
from curie.rigor.design import differing, is_pair
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def one_thing_at_a_time(evidence: PlanEvidence) -> Finding:
    """Fail when a treatment, or a claim, changes several factors at once.

    Two changes in one arm cannot be told apart afterwards. Treatments may do so where a full
    crossing is declared and run; the two sides of a claim may not even then, since the crossing
    holds arms that differ in one factor only. A factor that another one needs may change with it.
    Mended by single-factor treatments, by the whole crossing, or by a claim for each factor.
    """
    plan = evidence.plan
    doubled = [
        f"{h.id} changes {several}" for h in plan.hypotheses if (several := _at_once(plan, h.claim))
    ]
    if doubled:
        return failed(f"no effect could be credited: {listed(doubled)}", remedy="again")
    twins = _twins(plan)
    if twins:
        return failed(f"arms with equal settings: {listed(twins)}", remedy="again")
    if plan.design == "factorial":
        return _full_crossing(plan)
    controls = [plan.full_settings(a) for a in plan.arms if a.role == "control"]
    treatments = [a for a in plan.arms if a.role == "treatment"]
    mixed = [t for a in treatments if (t := _changes(plan, a, controls)) is not None]
    if mixed:
        return failed(listed(mixed), remedy="again")
    return passed("each treatment differs from the control in one factor")


def _at_once(plan: Plan, claim: Claim) -> str:
    """The factors in which a claim's two sides differ, if they are several and independent."""
    if not is_pair(claim):
        return ""
    names = factors_of(claim)
    needed = {s.factor for n in names if (f := plan.factor(n)) is not None for s in f.needs}
    own = [n for n in names if n not in needed]
    return " and ".join(own) if len(own) > 1 else ""


def _twins(plan: Plan) -> list[str]:
    seen: dict[Settings, str] = {}
    twins = []
    for arm in plan.arms:
        full = plan.full_settings(arm)
        if full in seen:
            twins.append(f"{seen[full]} and {arm.id}")
        seen.setdefault(full, arm.id)
    return twins


def _changes(plan: Plan, arm: Arm, controls: list[Settings]) -> str | None:
    full = plan.full_settings(arm)
    nearest = min((differing(full, c) for c in controls), key=len, default=frozenset())
    if len(nearest) == 1:
        return None
    changed = ", ".join(sorted(nearest)) or "nothing"
    return f"arm {arm.id} differs from the control in {changed}"


def _full_crossing(plan: Plan) -> Finding:
    cells = math.prod(len(v.levels) for v in plan.vary)
    inside = [a for a in plan.arms if _is_cell(plan, a)]
    if len(inside) < cells:
        return failed(
            f"a factorial design of {cells} combinations has only {len(inside)} of them",
            remedy="again",
        )
    return passed(f"all {cells} combinations are run")


def _is_cell(plan: Plan, arm: Arm) -> bool:
    full = {s.factor: s.level for s in plan.full_settings(arm)}
    return all(full.get(v.factor) in v.levels for v in plan.vary)
