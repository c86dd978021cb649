"""The English of questions: which words say what is to be done with a metric. Stems, not words."""

from curie.agents.builtin.text import stem


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(w) for w in words.split())


DOWN = _stems("cut reduce lower decrease save shrink drop fall diminish less fewer smaller cheaper")
UP = _stems("increase raise grow rise higher larger more bigger boost gain")
BETTER = _stems(
    "improve help benefit outperform beat better speed faster quicker optimise optimize"
)
WORSE = _stems("hurt harm degrade worsen lose sacrifice damage worse slower slow")
CHANGE = _stems(
    "change affect influence impact depend vary scale move effect relate relationship trade "
    "tradeoff react respond sensitive matter interact"
)
EFFECT_VERBS = DOWN | UP | BETTER | WORSE | CHANGE

SAME = _stems("same equal equally equivalent unchanged constant unaffected independent identical")
PEAK = _stems("peak optimum sweet nonmonotonic maximum")
LARGEST = _stems("highest most largest maximum maximise maximize biggest max greatest")
SMALLEST = _stems("lowest least smallest minimum minimise minimize fewest min cheapest")
BEST = _stems("best fastest optimal quickest slowest worst") | LARGEST | SMALLEST
LAWS = {
    stem("linear"): "linear",
    stem("linearly"): "linear",
    stem("proportional"): "linear",
    stem("logarithmic"): "log",
    stem("logarithmically"): "log",
    stem("log"): "log",
    stem("exponential"): "exponential",
    stem("exponentially"): "exponential",
    stem("linearithmic"): "linearithmic",
    stem("saturate"): "saturating",
    stem("saturating"): "saturating",
    stem("plateau"): "saturating",
    stem("power"): "power",
    stem("polynomial"): "power",
}
LAW = _stems("law functional form formula")
ANY_LAW = LAW | (frozenset(LAWS) - {stem("power")})
COMPARED = _stems("compare differ difference versus vs than")
INTENT = EFFECT_VERBS | SAME | PEAK | BEST | ANY_LAW | COMPARED
"""Words that ask for an experiment, whatever is measured."""
BY_ITSELF = _stems("faster quicker slower slow slowing")
"""Names of a metric that also say which way it goes."""
MOVES = UP | DOWN | _stems("go switch double halve quadruple widen deepen")
"""Before `from … to …` these make two settings out of a range."""


def _phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(stem(w) for w in text.split()) for text in texts)


ABOVE = _phrases("at least", "above", "over", "more than", "or more", "exceed", "exceeds")
BELOW = _phrases("at most", "below", "under", "within", "less than", "no more", "fewer than")
REFERENCE = _phrases(
    "than", "compared with", "compared to", "relative to", "versus", "vs", "instead of", "against"
)
NOT = _stems("not no never t")
