"""Sentences with references instead of numbers: `{{ claim.c1.estimate }}`.

Prose that a model writes may hold references to facts, never digits. The answer gate refuses
sentences with unbound numbers, and the report prints the bound ones; both use this module.
"""

import re
from collections.abc import Callable, Iterable

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.claim import Difference, Equivalence, PairClaim, Ratio, Trend, factors_of
from curie.domain.setting import contains, settings_text
from curie.domain.wording import after_number, claim_text, digits_within, number, percent, with_unit

REFERENCE = re.compile(r"\{\{\s*claim\.(c[0-9]+)\.([a-z_]+)\s*\}\}")
_BRACES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# A digit that starts a word is a number; one inside a name (A100, p99, int8, llama3.1) is part of
# the name, so names are consumed first.
_DIGITS = re.compile(r"[^\W\d¼-¾⅐-⅞]\w*(?:\.\d+)*|(\d+(?:[.,]\d+)*|[¼-¾⅐-⅞])")
_WORDS = re.compile(
    r"\b(?:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|dozen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|billion|third|quarter)(?:s|fold)?"
    r"|twofold|half|halves|twice|thrice|double[sd]?|triple[sd]?|halve[sd]?|quadruple[sd]?)\b",
    re.IGNORECASE,
)

SHAPES = ("rises", "falls", "flat", "peaks", "dips")
SIDES = ("higher", "lower")

FIELDS = (
    "text",
    "verdict",
    "found",
    "effect",
    "estimate",
    "change",
    "low",
    "high",
    "interval",
    "unit",
    "p",
    "n",
    "power",
    "metric",
    "factor",
    "a",
    "b",
    "method",
)
"""What may follow `claim.<id>.` in a reference."""


def unbound_numbers(text: str) -> tuple[str, ...]:
    """Numbers, in digits or in words, that stand outside references."""
    prose = _BRACES.sub(" ", text)
    digits = tuple(found for found in _DIGITS.findall(prose) if found)
    return digits + tuple(m.group(0) for m in _WORDS.finditer(prose))


def unknown_references(text: str, analyses: Iterable[Analysis]) -> tuple[str, ...]:
    """References that name no analysed claim, no field of one, or that are never closed."""
    known = {a.id for a in analyses}
    wrong = []
    for braces in _BRACES.findall(text):
        match = REFERENCE.fullmatch(braces)
        if match is None or match[1] not in known or match[2] not in FIELDS:
            wrong.append(braces)
    rest = _BRACES.sub("", text)
    return tuple(wrong) + tuple(half for half in ("{{", "}}") if half in rest)


def bind(text: str, analyses: Iterable[Analysis]) -> str:
    """The sentence with every reference replaced by its fact.

    Raises ValueError for an unknown reference or an unbound number: neither may reach a reader.
    """
    by_id = {a.id: a for a in analyses}
    wrong = unknown_references(text, by_id.values())
    if wrong:
        raise ValueError(f"reference to nothing: {', '.join(wrong)}")
    loose = unbound_numbers(text)
    if loose:
        raise ValueError(f"number that no fact stands behind: {', '.join(loose)}")
    return REFERENCE.sub(lambda m: field_text(by_id[m[1]], m[2]), text)


def field_text(analysis: Analysis, field: str) -> str:
    """One field of an analysis, as it is printed; `—` where there is none."""
    numbers = {"estimate": analysis.estimate, "low": analysis.low, "high": analysis.high}
    if field in numbers:
        value = numbers[field]
        return "—" if value is None else with_unit(value, analysis.unit, _digits(analysis, value))
    if field in ("p", "power"):
        chance = analysis.p if field == "p" else analysis.power
        return "—" if chance is None else p_text(chance)
    texts: dict[str, Callable[[], str]] = {
        "text": lambda: told(analysis),
        "verdict": lambda: analysis.verdict,
        "found": lambda: analysis.found,
        "effect": lambda: analysis.effect,
        "change": lambda: change_text(analysis),
        "interval": lambda: interval_text(analysis),
        "unit": lambda: analysis.unit,
        "n": lambda: str(analysis.n),
        "metric": lambda: analysis.claim.metric,
        "factor": lambda: " and ".join(factors_of(analysis.claim)),
        "a": lambda: _side(analysis, "a"),
        "b": lambda: _side(analysis, "b"),
        "method": lambda: analysis.method,
    }
    return texts[field]()


def told(analysis: Analysis) -> str:
    """The claim as one clause; an open trend or difference in the words of what was found."""
    claim = analysis.claim
    if isinstance(claim, Trend) and claim.shape is None and analysis.found in SHAPES:
        return claim_text(claim.but(shape=analysis.found))
    if isinstance(claim, Difference) and claim.direction is None and analysis.found in SIDES:
        return claim_text(claim.but(direction=analysis.found))
    return claim_text(claim)


def p_text(p: float) -> str:
    """A probability as it is printed: never an exact zero."""
    return "< 0.001" if p < 0.001 else number(p, 2)


def interval_text(analysis: Analysis) -> str:
    """The confidence interval with its unit; a point where the comparison is exact."""
    if analysis.low is None or analysis.high is None:
        return "—"
    low, high = (number(v, _digits(analysis, v)) for v in (analysis.low, analysis.high))
    return f"[{low}, {high}]{after_number(analysis.unit)}"


def change_text(analysis: Analysis) -> str:
    """The estimated change as a share of `b`, for claims that compare two arms; else `—`."""
    if analysis.estimate is None or not isinstance(
        analysis.claim, Difference | Ratio | Equivalence
    ):
        return "—"
    if analysis.unit == "x":
        return percent(analysis.estimate - 1)
    base = next((s.mean for s in analysis.levels if _is_arm(s, analysis.claim)), None)
    return percent(analysis.estimate / base) if base else "—"


def _is_arm(summary: LevelSummary, claim: PairClaim) -> bool:
    """Whether a summary is of the claim's arm `b`, however its settings are ordered."""
    return (
        summary.metric == claim.metric
        and len(summary.settings) == len(claim.b)
        and contains(summary.settings, claim.b)
    )


def _digits(analysis: Analysis, value: float) -> int:
    if analysis.low is None or analysis.high is None:
        return 3
    return digits_within(value, analysis.high - analysis.low)


def _side(analysis: Analysis, side: str) -> str:
    claim = analysis.claim
    if isinstance(claim, Difference | Ratio | Equivalence):
        return settings_text(claim.a if side == "a" else claim.b)
    return "—"
