"""Does the varied factor do anything at this operating point? Asked at the plan gate."""

from curie.domain.setting import contains, settings_text
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def needs_met(evidence: PlanEvidence) -> Finding:
    """Fail when a varied factor needs settings that no arm has.

    A knob that is disconnected moves nothing, and "no effect" would be told of the system instead
    of the plan. Mended by holding what the factor's manifest entry says it needs.
    """
    plan = evidence.plan
    wrong = []
    for varied in plan.vary:
        factor = plan.factor(varied.factor)
        if factor is None or not factor.needs:
            continue
        if not any(contains(plan.full_settings(a), factor.needs) for a in plan.arms):
            wrong.append(f"{varied.factor} does nothing without {settings_text(factor.needs)}")
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed("every varied factor is connected")
