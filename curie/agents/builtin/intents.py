"""From an understood question to the claims that would answer it.

The order of the rules is the order in which a reader would decide: a bound to be met, a law, the
best level, a size, a direction. None of them knows what will be found: where the question states
no direction, the claim is open.
"""

import itertools
from typing import Literal

from curie.agents.builtin import lexicon
from curie.agents.builtin.bounds import Bound, bound_of
from curie.agents.builtin.reading import Reading
from curie.agents.builtin.text import Token
from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Form,
    Law,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.errors import NotAnswerable
from curie.domain.plan import Hypothesis
from curie.domain.setting import Level, Setting, Settings
from curie.domain.system import Metric

Direction = Literal["higher", "lower"]
Side = Literal["both", "not_higher", "not_lower"]


def hypotheses(reading: Reading) -> tuple[Hypothesis, ...]:
    """One claim a metric, in the order in which the question names them."""
    guarded = _guarded_from(reading.words)
    costs = [m for m, at in reading.metrics if bound_of(reading, m, at) is None]
    claims: list[Claim] = []
    for metric, at in reading.metrics:
        if at > guarded:
            claims.append(_not_worse(reading, metric, at))
        else:
            claims.append(_claim(reading, metric, at, costs))
    claims = [c for c in claims if not _only_a_cost(c, claims)]
    return tuple(
        Hypothesis(id=f"c{i}", claim=claim, why="asked in the question")
        for i, claim in enumerate(claims, start=1)
    )


def _guarded_from(words: tuple[Token, ...]) -> int:
    """Where a clause like `without slowing it down` begins; past the end if there is none."""
    return next((i for i, w in enumerate(words) if w.stem == "without"), len(words))


def _only_a_cost(claim: Claim, claims: list[Claim]) -> bool:
    """Whether another claim of the question already minimises this one's metric."""
    return isinstance(claim, Best) and any(
        isinstance(c, Threshold) and c.cost == claim.metric for c in claims
    )


def _claim(reading: Reading, metric: Metric, at: int, costs: list[Metric]) -> Claim:
    stems = {w.stem for w in reading.words}
    bound = bound_of(reading, metric, at)
    if not reading.subject.named:
        if bound is not None and not bound.share:
            return _threshold(reading, metric, bound, costs)
        return _scan(reading, metric, at, stems)
    if _how_much(reading.words):
        return Ratio(metric=metric.name, where=reading.hold, **_sides(reading))
    if len(reading.subject.levels) > 2 or "which" in stems:
        return _best(reading, metric, at, stems)
    if bound is not None and not bound.share and not bound.by:
        raise NotAnswerable(
            f"the question sets a bound for {metric.name} at one level of "
            f"{reading.subject.factor.name}; the built-in scientist compares levels: ask for the "
            f"smallest level that meets it, or by how much {metric.name} differs from another level"
        )
    if bound is not None and bound.side == "at_most":
        return _within(reading, metric, at, bound)
    if _unchanged(reading.words):
        return _equivalent(reading, metric, "both", None)
    share = bound.value if bound is not None and bound.share else 0.0
    least = bound.value if bound is not None and not bound.share else 0.0
    return Difference(
        metric=metric.name,
        direction=_direction(reading, metric, at),
        at_least=least,
        at_least_share=share,
        where=reading.hold,
        **_sides(reading),
    )


def _how_much(words: tuple[Token, ...]) -> bool:
    stems = [w.stem for w in words]
    asked = set(itertools.pairwise(stems))
    return ("how", "much") in asked or ("many", "tim") in asked or ("what", "factor") in asked


def _unchanged(words: tuple[Token, ...]) -> bool:
    """`the same`, `constant`, and `does not change`."""
    stems = [w.stem for w in words]
    denied = any(
        a in lexicon.NOT and (b in lexicon.CHANGE or c in lexicon.CHANGE)
        for a, b, c in zip(stems, stems[1:], [*stems[2:], ""], strict=False)
    )
    return denied or bool(lexicon.SAME & set(stems))


def _scan(reading: Reading, metric: Metric, at: int, stems: set[str]) -> Claim:
    factor = reading.subject.factor
    form = _law_form(reading.words)
    if factor.ordered and (form is not None or stems & lexicon.LAW):
        return Law(metric=metric.name, factor=factor.name, form=form, where=reading.hold)
    if not factor.ordered or (stems & lexicon.BEST and stems & {"which", "what"}):
        return _best(reading, metric, at, stems)
    return Trend(
        metric=metric.name,
        factor=factor.name,
        shape=_shape(reading, metric, at, stems),
        where=reading.hold,
    )


def _law_form(words: tuple[Token, ...]) -> Form | None:
    stems = [w.stem for w in words]
    for i, stem in enumerate(stems):
        if stem == "power" and stems[i + 1 : i + 2] != ["law"]:
            continue
        match lexicon.LAWS.get(stem):
            case "linear":
                return "linear"
            case "log":
                return "log"
            case "exponential":
                return "exponential"
            case "saturating":
                return "saturating"
            case "power":
                return "power"
    return None


def _shape(
    reading: Reading, metric: Metric, at: int, stems: set[str]
) -> Literal["rises", "falls", "flat", "peaks", "dips"] | None:
    if _unchanged(reading.words):
        return "flat"
    if stems & lexicon.PEAK:
        return "dips" if metric.better == "lower" else "peaks"
    match _direction(reading, metric, at):
        case "higher":
            return "rises"
        case "lower":
            return "falls"
        case None:
            return None


def _best(reading: Reading, metric: Metric, at: int, stems: set[str]) -> Best:
    goal: Literal["lowest", "highest"] = "highest" if metric.better == "higher" else "lowest"
    way = _direction(reading, metric, at)
    if stems & lexicon.LARGEST or way == "higher":
        goal = "highest"
    elif stems & lexicon.SMALLEST or way == "lower":
        goal = "lowest"
    return Best(
        metric=metric.name, factor=reading.subject.factor.name, goal=goal, where=reading.hold
    )


def _threshold(reading: Reading, metric: Metric, bound: Bound, costs: list[Metric]) -> Threshold:
    factor = reading.subject.factor.name
    if {w.stem for w in reading.words} & lexicon.LARGEST:
        raise NotAnswerable(
            f"the built-in scientist finds the smallest {factor} that meets a bound of "
            f"{metric.name}, not the largest: ask how {metric.name} changes with {factor}, or ask "
            "with --model openai/<name>"
        )
    cheap = next((m.name for m in costs if m.better == "lower"), None)
    usual: Literal["at_least", "at_most"] = "at_most" if metric.better == "lower" else "at_least"
    return Threshold(
        metric=metric.name,
        factor=factor,
        side=bound.side or usual,
        bound=bound.value,
        cost=cheap,
        where=reading.hold,
    )


def _not_worse(reading: Reading, metric: Metric, at: int) -> Equivalence | Trend:
    """`without hurting X`: X is not worse by more than is said, or than the smallest effect."""
    if not reading.subject.named:
        return Trend(
            metric=metric.name, factor=reading.subject.factor.name, shape="flat", where=reading.hold
        )
    sides: dict[str, Side] = {"lower": "not_higher", "higher": "not_lower"}
    side = sides.get(metric.better, "both")
    return _equivalent(reading, metric, side, bound_of(reading, metric, at))


def _within(reading: Reading, metric: Metric, at: int, bound: Bound) -> Equivalence:
    """`slower by less than 1 %`: not beyond the bound on the side that is asked about."""
    sides: dict[Direction | None, Side] = {"higher": "not_higher", "lower": "not_lower"}
    return _equivalent(reading, metric, sides.get(_direction(reading, metric, at), "both"), bound)


def _equivalent(reading: Reading, metric: Metric, side: Side, bound: Bound | None) -> Equivalence:
    margin = bound.value if bound is not None and not bound.share else 0.0
    share = bound.value if bound is not None and bound.share else metric.smallest_effect_share
    return Equivalence(
        metric=metric.name,
        margin=margin,
        margin_share=0.0 if margin else share,
        side=side,
        where=reading.hold,
        **_sides(reading),
    )


def _sides(reading: Reading) -> dict[str, Settings]:
    subject = reading.subject
    treated = next(x for x in subject.levels if x != subject.against)
    return {"a": _at(reading, treated), "b": _at(reading, subject.against)}


def _at(reading: Reading, level: Level) -> Settings:
    return (Setting(factor=reading.subject.factor.name, level=level),)


def _direction(reading: Reading, metric: Metric, at: int) -> Direction | None:
    """What the nearest verb of effect says of this metric; None for `how does … change`."""
    words = reading.words
    if _asks_how(words):
        return None
    own = words[at].stem if at < len(words) else ""
    verbs = [
        (abs(i - at), w.stem)
        for i, w in enumerate(words)
        if w.stem in lexicon.EFFECT_VERBS and i not in reading.names
    ]
    if own in lexicon.BY_ITSELF and not any(v in lexicon.CHANGE for _, v in verbs):
        verbs = [(0, own)]
    if not verbs:
        return None
    verb = min(verbs)[1]
    better: Direction | None = None if metric.better == "neither" else metric.better
    if verb in lexicon.DOWN:
        return "lower"
    if verb in lexicon.UP:
        return "higher"
    if verb in lexicon.BETTER:
        return better
    if verb in lexicon.WORSE and better is not None:
        return "lower" if better == "higher" else "higher"
    return None


def _asks_how(words: tuple[Token, ...]) -> bool:
    """Whether the question leaves the direction open by its `how`."""
    stems = [w.stem for w in words]
    return any(a == "how" and b not in ("much", "many") for a, b in itertools.pairwise(stems))
