"""Did every trial have a box of its own? Asked at the evidence gate."""

from collections import defaultdict

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed, warned


def boxes_fresh(evidence: TrialEvidence) -> Finding:
    """Fail when two trials ran in one container.

    What the first leaves behind, a warm cache or its result, the second finds. Process groups are
    named by numbers that the kernel uses again, so there it is a warning. Mended by measuring
    again in fresh boxes.
    """
    users: dict[str, list[str]] = defaultdict(list)
    for one in evidence.log.tried:
        if one.outcome is not None:
            users[one.outcome.box].append(one.started.trial)
    shared = [f"{box[:12]}: {', '.join(t)}" for box, t in users.items() if len(t) > 1]
    if not shared:
        return passed(f"{len(users)} trials in {len(users)} boxes")
    if evidence.setup.posture.backend == "process":
        return warned(f"shared process groups: {listed(shared)}")
    return failed(f"shared boxes: {listed(shared)}", remedy="rebuild")
