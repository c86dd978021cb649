"""Does the program end when it ends? Asked at the setup, control and evidence gates."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import RunEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped


def nothing_left_running(evidence: RunEvidence) -> Finding:
    """Fail when processes of a trial still ran a moment after its program had ended.

    What runs on can change a result that was already written, and takes the machine from the next
    trial. Where the backend cannot tell, the check is skipped. Mended by joining every process and
    thread before the result is written.
    """
    counts = [
        (t.started.trial, t.outcome.usage.processes_left)
        for t in evidence.log.tried
        if t.outcome is not None
    ]
    known = [(trial, count) for trial, count in counts if count is not None]
    left = [f"{trial}: {count}" for trial, count in known if count]
    if left:
        return failed(f"left running: {listed(left)}", remedy=mend_program(evidence.setup))
    if not known:
        return skipped("this backend does not tell")
    return passed(f"nothing ran on after any of {len(known)} trials")
