"""Can the system be run like this at all? Asked at the plan gate."""

from collections.abc import Iterator

from curie.domain.plan import Plan
from curie.domain.setting import Setting, level_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def settings_allowed(evidence: PlanEvidence) -> Finding:
    """Fail when an arm, a held factor or a varied level is unknown or out of range.

    Outside the declared range the system was never validated, so a number from there means nothing.
    Mended by other levels.
    """
    plan = evidence.plan
    wrong = [p for where, s in _all_settings(plan) if (p := _problem(plan, where, s)) is not None]
    if wrong:
        return failed(listed(list(dict.fromkeys(wrong))), remedy="again")
    return passed(f"{len(plan.arms)} arms inside the declared ranges")


def _all_settings(plan: Plan) -> Iterator[tuple[str, Setting]]:
    for arm in plan.arms:
        yield from ((f"arm {arm.id}", s) for s in arm.settings)
    yield from (("held", s) for s in plan.hold)
    for varied in plan.vary:
        for level in varied.levels:
            yield "varied", Setting(factor=varied.factor, level=level)


def _problem(plan: Plan, where: str, setting: Setting) -> str | None:
    factor = plan.factor(setting.factor)
    if factor is None:
        return f"{where}: there is no factor {setting.factor}"
    if factor.allows(setting.level):
        return None
    if factor.low is not None and factor.high is not None:
        allowed = f"{factor.low:g} to {factor.high:g}"
    else:
        allowed = ", ".join(level_text(v) for v in factor.levels) or factor.type
    return f"{where}: {setting} is not allowed (allowed: {allowed})"
