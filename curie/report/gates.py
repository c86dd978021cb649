"""What the gates said: failures and warnings in full, passes as a list."""

from collections import Counter
from dataclasses import dataclass

from curie.domain.dossier import Dossier
from curie.domain.verdict import Finding, Verdict


@dataclass(frozen=True)
class Judged:
    """One sitting of one gate."""

    gate: str
    subject: str
    round: int
    accepted: bool
    remedy: str
    counts: str
    """`7 passed, 1 warned`."""
    loud: tuple[Finding, ...]
    """Everything that did not pass, gravest first."""
    passed: tuple[Finding, ...]


_ORDER = ("failed", "error", "warned", "skipped", "passed")


def judged(dossier: Dossier) -> tuple[Judged, ...]:
    """Every sitting of every gate, in order."""
    return tuple(_judged(v) for v in dossier.of(Verdict))


def _judged(verdict: Verdict) -> Judged:
    counts: Counter[str] = Counter(f.status for f in verdict.findings)
    loud = sorted(
        (f for f in verdict.findings if f.status != "passed"),
        key=lambda f: _ORDER.index(f.status),
    )
    return Judged(
        gate=verdict.gate,
        subject=verdict.subject,
        round=verdict.round,
        accepted=verdict.accepted,
        remedy=verdict.remedy.replace("_", " "),
        counts=", ".join(f"{counts[s]} {s}" for s in _ORDER if counts[s]) or "no findings",
        loud=tuple(loud),
        passed=tuple(f for f in verdict.findings if f.status == "passed"),
    )
