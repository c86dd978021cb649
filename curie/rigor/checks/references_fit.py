"""Is each printed number what the words around it call it? Asked at the answer gate."""

import re
from collections.abc import Iterator

from curie.domain.binding import REFERENCE
from curie.domain.verdict import Finding
from curie.rigor.evidence import AnswerEvidence
from curie.rigor.finding import failed, listed, passed

_CHANCE = re.compile(r"\bp\b|p-?value|probabilit|chance|signific|corrected|holm", re.IGNORECASE)
_POWER = re.compile(r"\bpower", re.IGNORECASE)
_COUNT = re.compile(
    r"\bn\b|trials?|runs?|measurements?|samples?|observations?|replicat\w+|outcomes?|\btotal\b",
    re.IGNORECASE,
)
_NEAR = 32
"""Characters on either side in which the word that names a number has to stand."""


def references_fit(evidence: AnswerEvidence) -> Finding:
    """Fail when a p-value, a power or a count of trials is printed as if it were something else.

    A bound number is true only under its own name: "lower by {{ claim.c1.p }}" prints a chance as
    an effect. Near each such reference its name has to stand, and no estimate may be a part "of"
    the trials. Mended by the reference that the words ask for.
    """
    wrong = [f"{where!r}" for s in evidence.answer.sentences for where in _misfits(s.text)]
    if wrong:
        return failed(f"a number under another name: {listed(wrong)}", remedy="again")
    return passed("every printed number goes by its name")


def _misfits(text: str) -> Iterator[str]:
    needed = {"p": _CHANCE, "power": _POWER, "n": _COUNT}
    for found in REFERENCE.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        near = _bare(before)[-_NEAR:] + " " + _bare(after)[:_NEAR]
        pattern = needed.get(found[2])
        if pattern is not None and not pattern.search(near):
            yield text[max(0, found.start() - 20) : found.end() + 10]
        elif found[2] in ("estimate", "low", "high", "change") and _part_of_trials(after):
            yield text[max(0, found.start() - 20) : found.end() + 30]
        elif found[2] == "p" and re.search(r"\bby\s*$", before):
            yield text[max(0, found.start() - 20) : found.end() + 10]


def _bare(text: str) -> str:
    return REFERENCE.sub(" ", text)


def _part_of_trials(after: str) -> bool:
    return (
        re.match(r"\s*(?:of|out of|in)\s*(?:the\s*)?\{\{\s*claim\.c\d+\.n\s*\}\}", after)
        is not None
    )
