"""Words of a question, cut and stemmed so that `efSearch`, `ef_search` and `ef search` are one."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[eE]-?\d+)?[kKM]?(?![A-Za-z])|[A-Za-z]+|\d+|[%≤≥<>]")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = {"≤": "at most", "<": "below", "≥": "at least", ">": "above"}
_SUFFIXES = (
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ings", ""),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
    ("e", ""),
)
_SIZES = {"k": 1e3, "K": 1e3, "M": 1e6}


@dataclass(frozen=True)
class Token:
    """One word or number; `value` is set for numbers, as a share where a % follows."""

    stem: str
    value: float | None = None
    percent: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """The words and numbers of a text, in order."""
    for sign, words in _SIGNS.items():
        text = text.replace(sign, f" {words} ")
    found: list[Token] = []
    for part in _TOKEN.findall(_HUMPS.sub(" ", text.replace("_", " "))):
        if part == "%":
            if found and found[-1].value is not None:
                found[-1] = Token(found[-1].stem, found[-1].value / 100, percent=True)
        elif part[0].isdigit():
            found.append(Token(part, _value(part)))
        else:
            found.append(Token(stem(part)))
    return tuple(found)


def _value(part: str) -> float:
    size = _SIZES.get(part[-1], 1.0)
    return float(part.rstrip("kKM").replace(",", "")) * size


def stem(word: str) -> str:
    """A word without its ending; crude, and the same for manifests and questions."""
    word = word.lower()
    for suffix, instead in _SUFFIXES:
        if word.endswith(suffix) and not word.endswith("ss") and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)] + instead
    return word


def phrase(text: str) -> tuple[str, ...]:
    """The stems of a phrase, for finding it in a question."""
    return tuple(t.stem for t in tokens(text))
