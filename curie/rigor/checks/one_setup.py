"""Did all arms run the same program in the same image? Asked at the evidence gate."""

from curie.domain.outcome import Failed, Measured
from curie.domain.setup import Started
from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed


def one_setup(evidence: TrialEvidence) -> Finding:
    """Fail when a trial belongs to another setup than the one that was accepted.

    One setup is one program, one image and one set of limits; if two arms have different ones, the
    difference between them is not the factor. Mended by measuring all arms again.
    """
    setup = evidence.setup
    strangers = [
        f"{e.trial} of setup {e.setup}"
        for e in evidence.log.events
        if isinstance(e, Started | Measured | Failed) and e.setup != setup.id
    ]
    if setup.plan != evidence.plan.id:
        strangers.append(f"the setup is for plan {setup.plan}")
    if strangers:
        return failed(listed(sorted(set(strangers))), remedy="rebuild")
    return passed(f"all trials under setup {setup.id}, image {setup.image.digest[:19]}")
