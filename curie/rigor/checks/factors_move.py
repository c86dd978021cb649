"""Does each factor move something? Asked at the setup gate."""

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import SetupEvidence, Tried, mend_program
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.live import measured, timing_noise
from curie.rigor.probing import BASE, factor_probe


def factors_move(evidence: SetupEvidence) -> Finding:
    """Fail when moving a varied factor alone leaves every metric where it was.

    Then the program ignores the factor, or the factor is disconnected at this operating point, and
    "no effect" would be an artefact. Metrics in which the machine has a say must move by more than
    their noise; where there are only such metrics, too small a move is a warning, since one probe
    cannot tell. Mended in the program, or by other held settings for a shipped system.
    """
    base = measured(evidence, BASE)
    if base is None:
        return skipped("the base probe was not measured")
    still, unsure, moved = [], [], []
    for varied in evidence.plan.vary:
        other = measured(evidence, factor_probe(varied.factor))
        if other is None:
            continue
        if _moves(evidence, base, other):
            moved.append(varied.factor)
        elif _timing_moves(evidence.plan, base, other):
            unsure.append(varied.factor)
        else:
            still.append(varied.factor)
    if still:
        return failed(f"no metric moves with {listed(still)}", remedy=mend_program(evidence.setup))
    if unsure:
        return warned(f"no metric moves beyond its noise with {listed(unsure)}")
    return passed(f"moves something: {', '.join(moved)}") if moved else skipped("no probe of any")


def _moves(evidence: SetupEvidence, base: Tried, other: Tried) -> bool:
    for metric in evidence.plan.metrics:
        one, two = base.value(metric.name), other.value(metric.name)
        if one is None or two is None:
            if one is not two:
                return True
        elif metric.noise == "timing":
            noise = timing_noise(evidence, metric.name, metric.spread_share)
            if abs(two - one) > noise * abs(one):
                return True
        elif not same(one, two):
            return True
    return False


def _timing_moves(plan: Plan, base: Tried, other: Tried) -> bool:
    """Whether all metrics are timings, and one of them is not frozen: one probe cannot tell."""
    return all(m.noise == "timing" for m in plan.metrics) and any(
        base.value(m.name) != other.value(m.name) for m in plan.metrics
    )
