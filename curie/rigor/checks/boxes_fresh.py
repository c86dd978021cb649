"""Did every trial have a box of its own? Asked at the evidence gate."""

from collections import defaultdict

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed


def boxes_fresh(evidence: TrialEvidence) -> Finding:
    """Fail when two trials ran in one box.

    What the first leaves behind, a warm cache or its result, the second finds. Mended by measuring
    again in fresh boxes.
    """
    users: dict[str, list[str]] = defaultdict(list)
    for one in evidence.log.tried:
        if one.outcome is not None:
            users[one.outcome.box].append(one.started.trial)
    shared = [f"{box[:12]}: {', '.join(t)}" for box, t in users.items() if len(t) > 1]
    if not shared:
        return passed(f"{len(users)} trials in {len(users)} boxes")
    return failed(f"shared boxes: {listed(shared)}", remedy="rebuild")
