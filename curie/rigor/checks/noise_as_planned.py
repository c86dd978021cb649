"""Is the system as quiet as the plan assumed? Asked at the control gate."""

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.agreement import spread_share
from curie.rigor.evidence import ControlEvidence, TrialLog
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.series import BUSY

FAILS_ABOVE = 2.0
"""Observed over planned spread. With three trials, chance alone exceeds it in 2 % of cases."""

WARNS_ABOVE = 1.3


def noise_as_planned(evidence: ControlEvidence) -> Finding:
    """Fail when the control's spread over seeds is more than twice what the power assumed.

    Twice the noise needs four times the replicates for the same power, so the plan would most
    likely end inconclusive. Timings on a busy host spread by the neighbours' doing: a warning.
    Mended by a new plan with the observed spread, which the finding names.
    """
    planned = planned_spreads(evidence.plan)
    observed = observed_spreads(evidence.plan, evidence.log)
    both = {m: (observed[m], planned[m]) for m in planned if m in observed}
    if not both:
        return skipped("no noisy metric, or fewer than three control trials")
    text = listed([f"{m} observed={o:.4g} planned={p:.4g}" for m, (o, p) in both.items()])
    loud = {m for m, (o, p) in both.items() if o > FAILS_ABOVE * p}
    if loud and not _neighbours(evidence, loud):
        return failed(f"spread, as a share of the mean: {text}", remedy="replan")
    if any(o > WARNS_ABOVE * p for o, p in both.values()):
        return warned(f"spread, as a share of the mean: {text}")
    return passed(f"spread, as a share of the mean: {text}")


def _neighbours(evidence: ControlEvidence, metrics: set[str]) -> bool:
    """Whether all of these are timings, and the host was busy before most of the trials."""
    timed = {m.name for m in evidence.plan.metrics if m.noise == "timing"}
    loads = [o.usage.load_before for _, o in evidence.log.measured]
    return metrics <= timed and 2 * sum(load > BUSY for load in loads) > len(loads)


def planned_spreads(plan: Plan) -> dict[str, float]:
    """The spread that the power calculation assumed, by metric of the inexact hypotheses."""
    entries = {p.hypothesis: p for p in plan.power}
    found: dict[str, float] = {}
    for hypothesis in plan.hypotheses:
        entry = entries.get(hypothesis.id)
        metric = plan.metric(hypothesis.claim.metric)
        if entry is None or metric is None or entry.exact or metric.noise == "deterministic":
            continue
        found[metric.name] = max(entry.spread_share, found.get(metric.name, 0.0))
    return found


def observed_spreads(plan: Plan, log: TrialLog) -> dict[str, float]:
    """The largest spread over seeds of a control arm, by metric, from at least three trials."""
    found: dict[str, float] = {}
    for metric in plan.metrics:
        for pairs in log.values(metric.name, "control").values():
            share = spread_share([v for _, v in pairs]) if len(pairs) >= 3 else None
            if share is not None:
                found[metric.name] = max(share, found.get(metric.name, 0.0))
    return found
