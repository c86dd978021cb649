"""Was the control finished before the treatments began? Asked at the evidence gate."""

from curie.domain.outcome import Failed, Measured
from curie.domain.setup import Started
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed


def control_first(evidence: TrialEvidence) -> Finding:
    """Fail when a treatment started before every trial of the control phase had its outcome.

    Whoever sees treatments first can still choose a control that flatters them. Read from the
    order of the ledger. Mended by measuring again.
    """
    waiting = {t.id for t in evidence.plan.trials("control")}
    early = []
    for event in evidence.log.events:
        if isinstance(event, Measured | Failed):
            waiting.discard(event.trial)
        elif isinstance(event, Started) and event.phase == "treatment" and waiting:
            early.append(event.trial)
    if early:
        return failed(f"before the control was done: {listed(early)}", remedy="rebuild")
    return passed("the control was finished first")
