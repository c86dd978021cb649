"""Was the promise kept? Asked at the evidence gate."""

from curie.domain.plan import Frozen
from curie.domain.setup import Started
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, passed


def plan_as_frozen(evidence: TrialEvidence) -> Finding:
    """Fail when the plan was not frozen before its first trial, or is not word for word the same.

    Hypotheses that can still change when the data are in will always be confirmed. Mended by a new
    plan, frozen before new trials.
    """
    promise = evidence.frozen
    if promise is None:
        return failed("the plan was never frozen", remedy="replan")
    if promise.sha256 != evidence.plan.fingerprint():
        return failed("the plan is not the one that was frozen", remedy="replan")
    for event in evidence.log.events:
        if isinstance(event, Frozen) and event == promise:
            return passed(f"frozen as {promise.sha256[:12]} before the first trial")
        if isinstance(event, Started) and event.phase in ("control", "treatment"):
            break
    return failed("the plan was frozen after its first trial", remedy="replan")
