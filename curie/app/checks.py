"""The catalogue of checks, as the command line shows it."""

from typing import Any

from curie.domain.errors import UsageError
from curie.rigor import Entry, catalogue, entries_of, near_names


def list_checks() -> tuple[Entry, ...]:
    """Every check of every gate, in the order in which they are asked."""
    return catalogue()


def one_check(name: str) -> tuple[Entry, ...]:
    """One check in each gate in which it stands; UsageError with near names if there is none."""
    found = entries_of(name)
    if not found:
        near = near_names(name)
        meant = f"did you mean {' or '.join(near)}?" if near else "`curie checks` lists them"
        raise UsageError(f"there is no check {name!r}; {meant}")
    return found


def check_json(entry: Entry, *, whole: bool) -> dict[str, Any]:
    """One entry as `curie checks --json` prints it; `whole` adds the explanation."""
    shown = {
        "id": entry.id,
        "gate": entry.gate,
        "severity": entry.severity,
        "part": entry.part,
        "summary": entry.summary,
    }
    return {**shown, "about": entry.about} if whole else shown
