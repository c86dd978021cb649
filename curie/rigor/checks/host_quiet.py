"""Was the machine busy with something else? Asked at the evidence gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import listed, passed, skipped, warned
from curie.rigor.series import BUSY


def host_quiet(evidence: TrialEvidence) -> Finding:
    """Warn when trials of a timed plan started on a busy host; this check never fails.

    A timing on a busy machine measures the neighbours too. The control runs among the treatments,
    so load that stays is shared by all arms; load that comes and goes widens the intervals.
    Mended by an idle machine.
    """
    if not evidence.plan.timed:
        return skipped("no hypothesis rests on the machine's speed")
    busy = [
        f"{t.started.trial} at {t.outcome.usage.load_before:.1f}"
        for t in evidence.log.of("control", "treatment")
        if t.outcome is not None and t.outcome.usage.load_before > BUSY
    ]
    if busy:
        return warned(f"runnable processes per core before the start: {listed(busy)}")
    return passed(f"load per core at most {BUSY} before every trial")
