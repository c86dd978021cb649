"""The words of a sentence that promise something: how large, how sure, why, and how far."""

import re
from collections.abc import Iterator

from curie.rigor.speech import prose

_CLAUSE = re.compile(r"[,;:()—]|\b(?:but|although|though|while|whereas|yet)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|no|never|nor|neither|without|cannot|whether|if|nothing|none|hardly|rather than"
    r"|instead of|fails? to|failed to|no evidence (?:that|of|for))\b|n't\b",
    re.IGNORECASE,
)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b", re.IGNORECASE)


_THINGS = (
    r"(?:systems?|workloads?|machines?|inputs?|data|data ?sets?|settings?|configurations?"
    r"|hardware|sizes?|scales?|distributions?|models?|cases?|circumstances|conditions|algorithms?"
    r"|processors?|cpus?|gpus?|queues?|tables?|lists?|caches?|problems?|traces?|applications?"
    r"|deployments?|clusters?|networks?|languages?|implementations?|index(?:es)?|graphs?|numbers?"
    r"|kinds?|types?|sorts?|loads?|situations?|environments?|platforms?|programs?|users?|policies"
    r"|methods?|matrices|functions?|lengths?|dimensions?|capacities|rates?|seeds that)"
)
REACH = _words(
    r"always",
    r"universal(?:ly)?",
    r"everywhere",
    r"invariabl[ey]",
    r"in general",
    r"general(?:ly)?(?= (?:true|valid|holds?|lower|higher|faster|slower|better|worse))",
    r"generali[sz]es?",
    r"in (?:every|all|any) (?:other )?cases?",
    r"regardless of",
    r"no matter",
    r"irrespective of",
    r"whatever the",
    r"(?:all|any|every|each|other|most|arbitrary|similar)"
    r" (?:\w+ ){0,2}?" + _THINGS,
    r"(?:the )?same (?:holds|is true|applies|goes|can be said)",
    r"(?:also|likewise|equally) (?:holds?|applies|true|works?)",
    r"(?:in|for) (?:production|practice|the real world|real life|reality)",
    r"real(?:-| )world",
    r"would (?:also|even|likewise|still)",
    r"(?:we )?recommend(?:s|ed)?",
    r"should (?:be used|use|choose|prefer|switch|adopt|always)",
)
"""Words that carry an answer beyond what was run."""
_ONLY_HERE = re.compile(
    r"\b(?:run|runs|tested|tried|measured|compared|studied|examined|here|these trials|varied"
    r"|this experiment|in the experiment|of the experiment|of the plan|observed|probed)\b",
    re.IGNORECASE,
)
SURE = _words(
    r"prove[sdn]?",
    r"proof",
    r"undoubtedly",
    r"certainly",
    r"definitely",
    r"unquestionabl[ey]",
    r"undeniabl[ey]",
    r"guarantee[sd]?",
    r"(?:without|beyond) (?:a |any |all )?(?:reasonable )?doubt",
    r"conclusively",
    r"inevitabl[ey]",
    r"with certainty",
)
"""Words that are surer than any test."""
CAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|thanks to|caused by|as a result of|explained by"
    r"|which explains|stems? from|attributable to|driven by|the reasons? (?:is|for|why)"
    r"|results? from|on account of)\b(?P<what>[^.;]*)",
    re.IGNORECASE,
)
"""A cause, and what is given for one."""
STATISTICAL = _words(
    r"intervals?", r"trials?", r"seeds?", r"noisy?", r"noise", r"p-?values?", r"power", r"evidence",
    r"margins?", r"bounds?", r"claims?", r"estimates?", r"replicates?", r"spreads?", r"tests?",
    r"samples?", r"thresholds?", r"varied", r"precision", r"data (?:are|were)", r"plan",
)  # fmt: skip
"""Words of a reason that lies in the experiment, not in the system."""
SMALL = _words(
    r"slight(?:ly)?", r"marginal(?:ly)?", r"negligibl[ey]", r"minor", r"tiny", r"minimal(?:ly)?",
    r"a (?:little|bit)", r"barely", r"hardly", r"insignificant(?:ly)?",
    r"small (?:amount|difference|change|effect|increase|decrease|gain|reduction|saving|cost)s?",
)  # fmt: skip
MUCH = _words(
    r"much (?:more|less|lower|higher|faster|slower|fewer|smaller|larger|better|worse|shorter)",
    r"substantial(?:ly)?", r"considerabl[ey]", r"greatly", r"strongly", r"sharply", r"markedly",
    r"a (?:lot|great deal)",
)  # fmt: skip
HUGE = _words(
    r"dramatic(?:ally)?", r"drastic(?:ally)?", r"hugely?", r"massive(?:ly)?", r"enormous(?:ly)?",
    r"vast(?:ly)?", r"tremendous(?:ly)?", r"immense(?:ly)?", r"overwhelming(?:ly)?",
    r"far (?:more|fewer|less|lower|higher|faster|slower|better|worse|smaller|larger)",
)  # fmt: skip
MANIFOLD = _words(r"(?:many|several) times", r"manifold", r"many-?fold", r"several-?fold")
MAGNITUDE = _words(r"orders? of magnitude")
SAME = _words(
    r"no (?:\w+ ){0,2}?(?:difference|effect|change|impact|influence)",
    r"(?:is|are|was|were|stay|stays|remain|remains|exactly|just|serve|serves) (?:\w+ ){0,2}?"
    r"(?:the same(?! (?:seed|input|machine|program|trial|setting|data|order|box|image))"
    r"|identical|unchanged|unaffected|equal)",
    r"do(?:es)? not (?:matter|change|differ|depend|affect|move)",
    r"independent of",
    r"irrelevant",
    r"indistinguishable",
)
"""Words that say there is no difference."""
REFUTES = _words(r"refute[sd]?", r"reject(?:s|ed)?", r"disprove[sdn]?", r"contradict(?:s|ed)?",
                 r"falsif(?:y|ies|ied)", r"untrue", r"is false", r"is wrong")  # fmt: skip
SUPPORTS = _words(r"support(?:s|ed)?", r"confirm(?:s|ed)?", r"verif(?:y|ies|ied)", r"borne out",
                  r"validate[sd]?", r"corroborate[sd]?", r"is (?:indeed )?true",
                  r"as (?:expected|predicted|claimed|hypothesi[sz]ed)")  # fmt: skip


def asserted(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The words of a kind that a sentence asserts: those that its clause denies are left out."""
    for clause in _CLAUSE.split(prose(text)):
        for found in pattern.finditer(clause):
            if not _DENIED.search(clause[: found.start()]):
                yield found.group(0)


def beyond(text: str) -> tuple[str, ...]:
    """Words that reach beyond what was run, but for clauses that keep to what was."""
    found = []
    for clause in _CLAUSE.split(prose(text)):
        if not _ONLY_HERE.search(clause):
            found += list(asserted(REACH, clause))
    return tuple(found)
