"""Counts: how many cheats were stopped, how much honest work, and which of both."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from curie.app.audit.audit import Audit
from curie.app.audit.case import HALVES
from curie.app.audit.one_case import Tried


@dataclass(frozen=True)
class Count:
    """So many of so many were stopped."""

    n: int
    stopped: int

    @property
    def share(self) -> float | None:
        """The share that was stopped; None of none."""
        return self.stopped / self.n if self.n else None

    def as_json(self) -> dict[str, int]:
        """As `curie audit --json` prints it."""
        return {"n": self.n, "stopped": self.stopped}


def count(tried: Iterable[Tried]) -> Count:
    """How many were stopped; those that broke do not count."""
    ended = [t for t in tried if t.how != "broken"]
    return Count(len(ended), sum(t.how == "stopped" for t in ended))


def cheats(audit: Audit, half: str | None = None) -> Count:
    """The planted cheats, of one half or of both."""
    return count(t for t in audit.tried if t.kind == "cheats" and half in (None, t.half))


def honest(audit: Audit, half: str | None = None) -> Count:
    """The honest work, of one half or of both."""
    return count(t for t in audit.tried if t.kind == "honest" and half in (None, t.half))


def families(audit: Audit) -> dict[str, Count]:
    """The cheats by their family, in order of their names."""
    names = sorted({t.family for t in audit.tried if t.kind == "cheats"})
    return {
        name: count(t for t in audit.tried if (t.kind, t.family) == ("cheats", name))
        for name in names
    }


def missed(audit: Audit) -> tuple[Tried, ...]:
    """The cheats that went through."""
    return tuple(t for t in audit.tried if (t.kind, t.how) == ("cheats", "let_through"))


def false_alarms(audit: Audit) -> tuple[Tried, ...]:
    """The honest work that was stopped."""
    return tuple(t for t in audit.tried if (t.kind, t.how) == ("honest", "stopped"))


def broke(audit: Audit) -> tuple[Tried, ...]:
    """The cases that could not be run to their end."""
    return tuple(t for t in audit.tried if t.how == "broken")


def audit_json(audit: Audit) -> dict[str, Any]:
    """The object of `curie audit --json`."""
    return {
        "cheats": cheats(audit).as_json(),
        "honest": honest(audit).as_json(),
        **{
            half: {"cheats": cheats(audit, half).as_json(), "honest": honest(audit, half).as_json()}
            for half in HALVES
        },
        "families": {name: n.as_json() for name, n in families(audit).items()},
        "missed": [
            {"case": t.case, "family": t.family, "half": t.half, "why": t.why}
            for t in missed(audit)
        ],
        "false_alarms": [
            {"case": t.case, "gate": t.gate, "checks": list(t.checks), "why": t.why}
            for t in false_alarms(audit)
        ],
        "broken": [{"case": t.case, "why": t.why} for t in broke(audit)],
        "without": list(audit.without),
        "sandbox": audit.sandbox,
        "planned": audit.planned,
        "tried": len(audit.tried),
    }


def meets(audit: Audit, *, catch: float, alarm: float) -> bool:
    """Whether enough cheats and little enough honest work was stopped; none show nothing."""
    caught, alarmed = cheats(audit).share, honest(audit).share
    return caught is not None and alarmed is not None and caught >= catch and alarmed <= alarm
