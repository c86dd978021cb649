"""Can the plan see the smallest effect that anybody cares about? Asked at the plan gate."""

from curie.domain.claim import metrics_of
from curie.domain.plan import Hypothesis, Plan
from curie.domain.verdict import Finding
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed

LEAST_SEEDS = 3
"""Below this a spread cannot be estimated, whatever the power calculation assumed."""


def replicates_enough(evidence: PlanEvidence) -> Finding:
    """Fail when a hypothesis has less power than promised, or a noisy metric fewer than 3 seeds.

    A plan without power can only end inconclusive or lucky. Mended by more replicates; exact
    comparisons of deterministic metrics need none.
    """
    plan = evidence.plan
    wrong = [problem for h in plan.hypotheses if (problem := _problem(plan, h))]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed(f"{len(plan.seeds)} seeds give every hypothesis its promised power")


def _problem(plan: Plan, hypothesis: Hypothesis) -> str:
    metrics = [m for n in metrics_of(hypothesis.claim) if (m := plan.metric(n)) is not None]
    noisy = [m.name for m in metrics if m.noise != "deterministic"]
    if noisy and len(plan.seeds) < LEAST_SEEDS:
        return (
            f"{hypothesis.id}: {', '.join(noisy)} is noisy and has {len(plan.seeds)} seeds, "
            f"{LEAST_SEEDS} needed"
        )
    entry = next((p for p in plan.power if p.hypothesis == hypothesis.id), None)
    if entry is None:
        return f"{hypothesis.id}: its power was not calculated"
    if entry.exact:
        return f"{hypothesis.id}: {', '.join(noisy)} is noisy, not exact" if noisy else ""
    if entry.power < entry.promised:
        return f"{hypothesis.id}: power {entry.power:.2f}, promised {entry.promised:.2f}"
    return ""
