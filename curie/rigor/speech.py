"""What a sentence of the answer speaks of, and which way its words point."""

import re

from curie.domain.answer import Sentence
from curie.domain.binding import REFERENCE

_BRACES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_DOWN = re.compile(
    r"\b(lower(?:s|ed|ing)?|cut(?:s|ting)?|reduc(?:e|es|ed|ing|tion)|sav(?:e|es|ed|ing)"
    r"|decreas(?:e|es|ed|ing)|fall(?:s|ing)?|fell|drop(?:s|ped|ping)?|fewer|less|smaller|shrinks?"
    r"|shrank|declin(?:e|es|ed|ing)|lessens?)\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(higher|rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|ris(?:e|es|ing)|rose|more|larger|greater"
    r"|grow(?:s|ing|n)?|grew|climb(?:s|ed|ing)?|boost(?:s|ed|ing)?|gain(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_QUICK = re.compile(r"\b(faster|quicker|shorter|speeds? up|sped up|accelerat\w+)\b", re.IGNORECASE)
_SLOW = re.compile(r"\b(slower|longer|slows?(?: down)?|slowed)\b", re.IGNORECASE)
_TURNS = re.compile(
    r"\b(not|no|never|without|nor|neither|cannot|fails? to|failed to|hardly|barely|instead|unlike"
    r"|although|though|while|whereas|if|whether|unless|refuted?|contrary|than expected)\b|n't",
    re.IGNORECASE,
)
_BOUNDS = re.compile(
    r"\b(?:no )?(?:more|less|fewer|higher|lower|larger|smaller|greater) than\b(?=\s*\{\{)",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(inconclusive|undecided|undetermined|unclear|unresolved|unknown|insufficient|open question"
    r"|remains? open|no evidence|not enough|too (?:few|little|noisy)|neither"
    r"|(?:could|can|do|does|did|was|were|is|are) ?not (?:\w+ )?(?:decided?|settled?|show[ns]?"
    r"|establish(?:ed)?|tell|told|confirm(?:ed)?|conclude[ds]?|determined?|resolved?|say|said"
    r"|distinguish(?:ed)?|detect(?:ed)?|support(?:ed)?|demonstrated?|answer(?:ed)?))\b",
    re.IGNORECASE,
)
_LOOKED_AFTER = re.compile(
    r"\b(explor\w+|post[- ]hoc|after looking|not pre-?registered|hypothesis[- ]generating)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;:—]|,(?=\s*(?:and|or|but|while|whereas|although|though|which|yet|not)\b)"
    r"|\b(?:but|yet)\b|(?=\b(?:while|whereas|although|though)\b)",
    re.IGNORECASE,
)
_TIME_UNITS = ("ns", "us", "µs", "ms", "s", "min", "h")


def prose(text: str) -> str:
    """The sentence without its references."""
    return _BRACES.sub(" ", text)


def claims_of(sentence: Sentence) -> tuple[str, ...]:
    """The hypotheses that a sentence says it speaks of, or refers to."""
    referred = (m[1] for m in REFERENCE.finditer(sentence.text))
    return tuple(dict.fromkeys((*sentence.claims, *referred)))


def hedged(sentence: Sentence, claim: str) -> bool:
    """Whether the sentence leaves the claim open, in its own words or by printing its verdict."""
    printed = any((m[1], m[2]) == (claim, "verdict") for m in REFERENCE.finditer(sentence.text))
    return printed or bool(_HEDGES.search(prose(sentence.text).replace("n't", " not")))


def told_as_exploratory(sentence: Sentence) -> bool:
    """Whether the sentence says that it was found after looking."""
    return bool(_LOOKED_AFTER.search(prose(sentence.text)))


def clauses(text: str) -> tuple[str, ...]:
    """The parts of a sentence that say one thing each, with their references."""
    return tuple(part for part in _CLAUSE.split(text) if part.strip())


def direction(text: str, unit: str) -> int:
    """+1 where the words say that the metric goes up, -1 for down, 0 where one cannot be sure.

    Texts that turn ("without", "not", "while") or that hold words of both kinds are not judged;
    fast and slow say something only of a metric in a unit of time.
    """
    plain = prose(_BOUNDS.sub(" ", text))
    if _TURNS.search(plain):
        return 0
    down, up = bool(_DOWN.search(plain)), bool(_UP.search(plain))
    quick, slow = bool(_QUICK.search(plain)), bool(_SLOW.search(plain))
    if (quick or slow) and unit not in _TIME_UNITS:
        return 0
    return int(up or slow) - int(down or quick)
