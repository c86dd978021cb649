"""Claims and numbers in plain words. Only code prints a number, and it does so here."""

import math
from typing import assert_never

from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    PairClaim,
    Ranking,
    Ratio,
    ScanClaim,
    Threshold,
    Trend,
)
from curie.domain.setting import Level, level_text, settings_text


def number(value: float, digits: int = 3) -> str:
    """A number to so many significant digits, without exponents for everyday sizes."""
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -5 or size >= 9:
        return f"{value:.{digits - 1}e}"
    shown = round(value, digits - 1 - size)
    return f"{shown:,.{max(0, digits - 1 - size)}f}"


def percent(share: float, digits: int = 3) -> str:
    """A share as per cent: 0.137 is `13.7 %`."""
    return f"{number(100 * share, digits)} %"


def with_unit(value: float, unit: str, digits: int = 3) -> str:
    """A number and its unit; a share is shown as it is, a ratio with an x."""
    shown = number(value, digits)
    return f"{shown}x" if unit == "x" else f"{shown} {unit}".rstrip()


def claim_text(claim: Claim) -> str:
    """The claim as one clause, without a full stop."""
    if isinstance(claim, Difference | Ratio | Equivalence):
        text = _pair_text(claim)
    else:
        text = _scan_text(claim)
    return f"{text}, where {settings_text(claim.where)}" if claim.where else text


def _scan_text(claim: ScanClaim) -> str:
    match claim:
        case Trend():
            verb = {"flat": "stays flat", None: "changes"}.get(claim.shape, claim.shape)
            return f"{claim.metric} {verb} along {claim.factor}"
        case Best(levels=levels):
            return f"the {claim.goal} {claim.metric} over {claim.factor} is at {_levels(levels)}"
        case Ranking():
            order = " before ".join(_levels(group) for group in claim.order) or "?"
            return f"by {claim.goal} {claim.metric}, {claim.factor} ranks {order}"
        case Threshold():
            return _threshold_text(claim)
        case Law():
            return f"{claim.metric} follows a {claim.form or '?'} law in {claim.factor}"
        case Interaction():
            return f"the effect of {claim.factor} on {claim.metric} depends on {claim.by}"
        case Frontier():
            return (
                f"{_levels(claim.levels)} of {claim.factor} are on the front of {claim.goal} "
                f"{claim.metric} and {claim.other_goal} {claim.other}"
            )
        case _:
            assert_never(claim)


def _pair_text(claim: PairClaim) -> str:
    a, b = settings_text(claim.a), settings_text(claim.b)
    match claim:
        case Difference():
            least = ""
            if claim.at_least:
                least = f", by at least {number(claim.at_least)}"
            if claim.at_least_share:
                least = f", by at least {percent(claim.at_least_share)}"
            than = f"is {claim.direction}" if claim.direction else "differs"
            return f"{claim.metric} {than} with {a} than with {b}{least}"
        case Ratio(low=low, high=high):
            span = (
                "?"
                if low is None and high is None
                else (
                    f"[{'-∞' if low is None else number(low)}, "
                    f"{'∞' if high is None else number(high)}]"
                )
            )
            return f"{claim.metric} with {a} over {b} is a factor in {span}"
        case Equivalence():
            margin = number(claim.margin) if claim.margin else percent(claim.margin_share)
            if claim.side == "both":
                return f"{claim.metric} with {a} is within {margin} of that with {b}"
            side = claim.side.removeprefix("not_")
            return f"{claim.metric} with {a} is not {side} than with {b} by more than {margin}"
        case _:
            assert_never(claim)


def _threshold_text(claim: Threshold) -> str:
    pick = f"lowest-{claim.cost}" if claim.cost else "smallest"
    sign = "≥" if claim.side == "at_least" else "≤"
    level = "?" if claim.level is None else level_text(claim.level)
    return f"the {pick} {claim.factor} with {claim.metric} {sign} {number(claim.bound)} is {level}"


def _levels(levels: tuple[Level, ...]) -> str:
    return ", ".join(level_text(v) for v in levels) or "?"
