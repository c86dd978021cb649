"""The catalogue: every check with its gate, how grave it can be, and when it speaks."""

import difflib
import inspect
from dataclasses import dataclass
from typing import Literal

from curie.domain.verdict import GateName
from curie.rigor.gates import GATES, PROBED, Check

Severity = Literal["stops", "warns"]
"""The gravest that a check can say."""

Part = Literal["intra", "inter"]
"""intra: it judges what one role handed in, by itself; inter: it judges rigor between roles and
phases, by trials."""

SEVERITIES: dict[str, Severity] = {"Fail": "stops", "Warn": "warns"}
"""By the first word of a check's docstring; a test holds that the code says the same."""

PARTS: dict[GateName, Part] = {
    "plan": "intra",
    "setup": "intra",
    "control": "inter",
    "evidence": "inter",
    "answer": "intra",
}


@dataclass(frozen=True)
class Entry:
    """A check as the catalogue shows it."""

    id: str
    gate: GateName
    severity: Severity
    part: Part
    summary: str
    """When it speaks up, in a sentence."""
    about: str
    """When it speaks up, why that matters, and what mends it."""


def catalogue() -> tuple[Entry, ...]:
    """Every check with its gate, in the gates' order; one that stands in several is in each."""
    return tuple(_entry(gate, check) for gate, checks in GATES.items() for check in checks)


def entries_of(check_id: str) -> tuple[Entry, ...]:
    """The entries of one check, one for each gate in which it stands; empty if there is none."""
    return tuple(e for e in catalogue() if e.id == check_id)


def near_names(check_id: str) -> tuple[str, ...]:
    """Names of checks that look like this one, nearest first."""
    names = sorted({e.id for e in catalogue()})
    return tuple(difflib.get_close_matches(check_id, names, n=3, cutoff=0.4))


def _entry(gate: GateName, check: Check) -> Entry:
    about = inspect.getdoc(check) or ""
    return Entry(
        id=check.__name__,
        gate=gate,
        severity=SEVERITIES[about.split(" ")[0]],
        part="inter" if check in PROBED else PARTS[gate],
        summary=about.split("\n")[0],
        about=about,
    )
