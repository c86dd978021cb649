"""Did timed trials run in the order that was drawn? Asked at the evidence gate."""

from itertools import pairwise

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, passed, skipped


def order_kept(evidence: TrialEvidence) -> Finding:
    """Fail when the trials of a timed plan began in another order than the plan's.

    The order was drawn by lot and frozen, so that a machine that warms up or slows down does so for
    all arms alike. Whoever sorts the trials by arm gives the drift to one of them. Mended by
    measuring again in the frozen order.
    """
    if not evidence.plan.timed:
        return skipped("no hypothesis rests on the machine's speed")
    drawn = [t.id for t in evidence.plan.trials("treatment")]
    place = {trial: i for i, trial in enumerate(drawn)}
    begun = [t.started.trial for t in evidence.log.of("treatment") if t.started.trial in place]
    early = [b for a, b in pairwise(begun) if place[b] < place[a]]
    if early:
        return failed(
            f"{early[0]} began later than it was drawn, and {len(early) - 1} more like it",
            remedy="rebuild",
        )
    return passed(f"{len(begun)} trials in the frozen order")
