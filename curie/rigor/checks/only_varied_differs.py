"""Is everything else held still? Asked at the plan gate."""

from curie.domain.plan import Plan
from curie.domain.setting import Level, level_of, level_text
from curie.domain.verdict import Finding
from curie.rigor.design import among
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def only_varied_differs(evidence: PlanEvidence) -> Finding:
    """Fail when arms differ in a factor that the plan does not say it varies, or the other way.

    A difference that nobody declared is a confounder: its effect would be credited to the factor
    that was. Mended by holding it, or by naming it under `vary`.
    """
    plan = evidence.plan
    varied = [v.factor for v in plan.vary]
    wrong = [f"{n} is varied twice" for n in sorted({n for n in varied if varied.count(n) > 1})]
    wrong += [f"{s.factor} is both held and varied" for s in plan.hold if s.factor in varied]
    wrong += [
        f"{f.name} differs between arms ({_text(levels)}), undeclared"
        for f in plan.factors
        if f.name not in varied and len(levels := _levels(plan, f.name)) > 1
    ]
    wrong += _declared_otherwise(plan)
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"arms differ in {', '.join(sorted(varied))} only")


def _declared_otherwise(plan: Plan) -> list[str]:
    """Declared levels that no arm runs, and treatments at levels that nobody declared."""
    wrong = []
    for varied in plan.vary:
        run = _levels(plan, varied.factor)
        control = _levels(plan, varied.factor, "control")
        missing = [x for x in varied.levels if not among(x, run)]
        extra = [x for x in run if not among(x, (*varied.levels, *control))]
        if missing:
            wrong.append(f"no arm runs {varied.factor} at {_text(missing)}")
        if extra:
            wrong.append(f"{varied.factor} runs at {_text(extra)}, undeclared")
    return wrong


def _levels(plan: Plan, factor: str, role: str | None = None) -> list[Level]:
    found: list[Level] = []
    for arm in plan.arms:
        level = level_of(plan.full_settings(arm), factor)
        if role in (None, arm.role) and level is not None and not among(level, found):
            found.append(level)
    return found


def _text(levels: list[Level]) -> str:
    return ", ".join(level_text(x) for x in levels)
