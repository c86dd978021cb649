"""Was the control finished before the treatments began? Asked at the evidence gate."""

from curie.domain.outcome import Failed, Measured
from curie.domain.setup import Started
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed


def control_first(evidence: TrialEvidence) -> Finding:
    """Fail when a treatment started before every control trial of its look had its outcome.

    Whoever sees treatments first can still choose a control that flatters them. Read from the
    order of the ledger. Mended by measuring again.
    """
    plan = evidence.plan
    waiting = {t.id: plan.look_of(t.seed) for t in plan.trials("control")}
    early = []
    for event in evidence.log.events:
        if isinstance(event, Measured | Failed):
            waiting.pop(event.trial, None)
        elif isinstance(event, Started) and event.phase == "treatment":
            # Seeds of a later look are measured after a look was taken, their control first again.
            look = plan.look_of(event.seed) if event.seed in plan.seeds else plan.last_look
            if any(by <= look for by in waiting.values()):
                early.append(event.trial)
    if early:
        return failed(f"before the control was done: {listed(early)}", remedy="rebuild")
    return passed("the control was finished first")
