"""The four things a check can say; the gate adds which check said it."""

from typing import Literal

from curie.domain.verdict import Finding

Mend = Literal["again", "rebuild", "replan", "give_up"]
"""What may follow a failure: a check that stops a run must say what could mend it."""


def passed(detail: str) -> Finding:
    """All is well, and why."""
    return Finding(check="", status="passed", detail=detail)


def failed(detail: str, *, remedy: Mend) -> Finding:
    """It must not go on like this; the detail tells whoever mends it what to change."""
    return Finding(check="", status="failed", detail=detail, remedy=remedy)


def warned(detail: str) -> Finding:
    """It may go on, and the report says so."""
    return Finding(check="", status="warned", detail=detail)


def skipped(detail: str) -> Finding:
    """The question does not arise here, and why not."""
    return Finding(check="", status="skipped", detail=detail)


def listed(things: list[str], *, most: int = 8) -> str:
    """Things in one line, for a detail; the tail is counted, never dropped in silence."""
    if len(things) <= most:
        return "; ".join(things)
    return "; ".join(things[:most]) + f"; and {len(things) - most} more"
