"""Does the plan vary what its hypotheses are about? Asked at the plan gate."""

from curie.domain.claim import Difference, Equivalence, PairClaim, Ratio, factors_of
from curie.domain.plan import Hypothesis, Plan
from curie.domain.setting import overlay, settings_text
from curie.domain.verdict import Finding
from curie.rigor.design import differing, side_arms
from curie.rigor.evidence import PlanEvidence
from curie.rigor.finding import failed, listed, passed


def factor_asked(evidence: PlanEvidence) -> Finding:
    """Fail when a hypothesis speaks of a factor that is not varied, or of an arm that is not run.

    For a pair there must be an arm for each side, and two of them that differ in the claim's own
    factors only; else the comparison is confounded. Mended by arms that fit the hypotheses.
    """
    plan = evidence.plan
    wrong = [problem for h in plan.hypotheses if (problem := _problem(plan, h))]
    if wrong:
        return failed(listed(wrong), remedy="again")
    return passed("every hypothesis is about a varied factor, and its arms are run")


def _problem(plan: Plan, hypothesis: Hypothesis) -> str:
    claim = hypothesis.claim
    factors = factors_of(claim)
    varied = {v.factor for v in plan.vary}
    if not factors:
        return f"{hypothesis.id}: its two sides are the same"
    missing = [f for f in factors if f not in varied]
    if missing:
        return f"{hypothesis.id}: {', '.join(missing)} is not varied"
    if isinstance(claim, Difference | Ratio | Equivalence):
        return _pair_problem(plan, hypothesis.id, claim)
    return ""


def _pair_problem(plan: Plan, name: str, claim: PairClaim) -> str:
    arms = {side: side_arms(plan, claim, side) for side in ("a", "b")}
    for side, settings in (("a", claim.a), ("b", claim.b)):
        if not arms[side]:
            return f"{name}: no arm runs {settings_text(overlay(claim.where, settings))}"
    asked = set(factors_of(claim))
    for a in arms["a"]:
        for b in arms["b"]:
            changed = differing(plan.full_settings(a), plan.full_settings(b))
            if changed and changed <= asked:
                return ""
    return f"{name}: its two arms differ in more than {', '.join(sorted(asked))}"
