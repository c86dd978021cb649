"""Can an effect be credited to one factor? Asked at the plan gate."""

import math

from curie.domain.plan import Arm, Plan
from curie.domain.setting import Settings
from curie.domain.verdict import Finding
from curie.rigor.design import differing
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def one_thing_at_a_time(evidence: PlanEvidence) -> Finding:
    """Fail when a treatment changes several factors at once, unless a full crossing is declared.

    Two changes in one arm cannot be told apart afterwards. Mended by single-factor treatments, or
    by declaring the design factorial and running every combination.
    """
    plan = evidence.plan
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
