"""What the live checks ask of the probes."""

from curie.domain.outcome import Measured
from curie.rigor.evidence import SetupEvidence, Tried
from curie.rigor.probing import AGAIN, BASE


def probe(evidence: SetupEvidence, arm: str) -> Tried | None:
    """The newest probe of that name."""
    found = [t for t in evidence.log.of("probe") if t.started.arm == arm]
    return found[-1] if found else None


def measured(evidence: SetupEvidence, arm: str) -> Tried | None:
    """The newest probe of that name, if it was measured."""
    found = probe(evidence, arm)
    return found if found is not None and isinstance(found.outcome, Measured) else None


def timing_noise(evidence: SetupEvidence, metric: str, spread_share: float) -> float:
    """How far two equal trials may be apart in a timing metric, as a share.

    Twice the declared spread, or what the two equal probes showed, whichever is more.
    """
    base, again = measured(evidence, BASE), measured(evidence, AGAIN)
    shown = 0.0
    if base is not None and again is not None:
        one, other = base.value(metric), again.value(metric)
        if one is not None and other is not None and one:
            shown = abs(other - one) / abs(one)
    return max(2 * spread_share, shown)
