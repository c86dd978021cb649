"""Claims and numbers in plain words. Only code prints a number, and it does so here."""

import math
from decimal import Decimal
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
    """A measured number to so many significant digits, without exponents for everyday sizes."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    size = math.floor(math.log10(abs(rounded)))
    if size < -5 or size >= 9:
        return f"{rounded:.{digits - 1}e}"
    return f"{rounded:,.{max(0, digits - 1 - size)}f}"


def exactly(value: float, digits: int = 12) -> str:
    """A number that somebody chose (a bound, a margin, an error rate): every digit of it."""
    # Twelve significant digits hide the tail of binary fractions such as 100 * 0.07.
    shown = f"{value or 0:.{digits}g}"
    everyday = value == 0 or 1e-5 <= abs(value) < 1e12
    return f"{Decimal(shown):,f}" if everyday else shown


def percent(share: float, digits: int = 3) -> str:
    """A measured share as per cent: 0.137 is `13.7 %`."""
    return f"{number(100 * share, digits)} %"


def percent_exactly(share: float, digits: int = 12) -> str:
    """A share that somebody chose as per cent: 0.95 is `95 %`."""
    return f"{exactly(100 * share, digits)} %"


def with_unit(value: float, unit: str, digits: int = 3) -> str:
    """A number and its unit; a share is shown as it is, a ratio with an x."""
    return f"{number(value, digits)}{after_number(unit)}"


def after_number(unit: str) -> str:
    """What follows a number of this unit: ` ms`, `x` for ratios, nothing for shares."""
    if unit in ("", "share"):
        return ""
    return "x" if unit == "x" else f" {unit}"


def digits_within(value: float, width: float, least: int = 3) -> int:
    """Significant digits of `value` that show two digits of an interval of that width.

    So that 1234.5 in [1233.9, 1235.2] is not printed as 1,230 in [1,230, 1,240].
    """
    if width <= 0 or value == 0:
        return least
    needed = math.floor(math.log10(abs(value))) - math.floor(math.log10(width)) + 2
    return min(max(least, needed), 12)


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
        case Best():
            return _best_text(claim)
        case Ranking():
            order = " before ".join(_levels(group) for group in claim.order) or "its levels"
            return f"by {claim.goal} {claim.metric}, {claim.factor} ranks {order}"
        case Threshold():
            return _threshold_text(claim)
        case Law():
            form = f"a {claim.form} law" if claim.form else "a law"
            return f"{claim.metric} follows {form} in {claim.factor}"
        case Interaction():
            return f"the effect of {claim.factor} on {claim.metric} depends on {claim.by}"
        case Frontier():
            return (
                f"{_levels(claim.levels) or 'some levels'} of {claim.factor} are on the front of "
                f"{claim.goal} {claim.metric} and {claim.other_goal} {claim.other}"
            )
        case _:
            assert_never(claim)


def _best_text(claim: Best) -> str:
    if not claim.levels:
        return f"some {claim.factor} has the {claim.goal} {claim.metric}"
    return f"the {claim.goal} {claim.metric} over {claim.factor} is at {_levels(claim.levels)}"


def _pair_text(claim: PairClaim) -> str:
    a, b = settings_text(claim.a), settings_text(claim.b)
    match claim:
        case Difference():
            least = ""
            if claim.at_least:
                least = f", by at least {exactly(claim.at_least)}"
            if claim.at_least_share:
                least = f", by at least {percent_exactly(claim.at_least_share)}"
            if claim.direction is None:
                return f"{claim.metric} differs between {a} and {b}{least}"
            return f"{claim.metric} is {claim.direction} with {a} than with {b}{least}"
        case Ratio():
            return f"{claim.metric} with {a} is {_times(claim)} that with {b}"
        case Equivalence():
            margin = exactly(claim.margin) if claim.margin else percent_exactly(claim.margin_share)
            if claim.side == "both":
                return f"{claim.metric} with {a} is within {margin} of that with {b}"
            side = claim.side.removeprefix("not_")
            return f"{claim.metric} with {a} is not {side} than with {b} by more than {margin}"
        case _:
            assert_never(claim)


def _times(claim: Ratio) -> str:
    """The part of a ratio claim between `is` and `that with b`."""
    if claim.low is not None and claim.high is not None:
        return f"between {exactly(claim.low)} and {exactly(claim.high)} times"
    if claim.low is not None:
        return f"at least {exactly(claim.low)} times"
    return f"at most {exactly(claim.high)} times" if claim.high is not None else "some multiple of"


def _threshold_text(claim: Threshold) -> str:
    pick = f"lowest-{claim.cost}" if claim.cost else "smallest"
    sign = "≥" if claim.side == "at_least" else "≤"
    meets = f"{claim.factor} with {claim.metric} {sign} {exactly(claim.bound)}"
    if claim.level is None:
        return f"there is a {pick} {meets}"
    return f"the {pick} {meets} is {level_text(claim.level)}"


def _levels(levels: tuple[Level, ...]) -> str:
    return ", ".join(level_text(v) for v in levels)
