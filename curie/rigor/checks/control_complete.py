"""Does the baseline work? Asked at the control gate."""

from curie.domain.outcome import Measured
from curie.domain.verdict import Finding
from curie.rigor.evidence import ControlEvidence, mend_program
from curie.rigor.finding import failed, listed, passed


def control_complete(evidence: ControlEvidence) -> Finding:
    """Fail when a trial of the control phase is missing or failed.

    If the baseline does not run, nothing can be compared with it, and treatments would be wasted.
    Missing trials are mended by running them, failed ones in the program or the plan.
    """
    tried = {t.started.trial: t for t in evidence.log.of("control")}
    wanted = evidence.due
    missing = [t.id for t in wanted if t.id not in tried or tried[t.id].outcome is None]
    bad = [
        f"{t.id} {tried[t.id].fate}"
        for t in wanted
        if t.id not in missing and not isinstance(tried[t.id].outcome, Measured)
    ]
    if bad:
        return failed(listed(bad, most=4), remedy=mend_program(evidence.setup))
    if missing:
        return failed(f"without outcome: {listed(missing)}", remedy="again")
    return passed(f"{len(wanted)} control trials measured")
