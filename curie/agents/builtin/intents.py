"""From an understood question to the claims that would answer it.

The order of the rules is the order in which a reader would decide: a bound to be met, a law, the
best level, a size, a direction. None of them knows what will be found: where the question states
no direction, the claim is open.
"""

from dataclasses import dataclass
from typing import Literal

from curie.agents.builtin import lexicon
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
from curie.domain.plan import Hypothesis
from curie.domain.setting import Level, Setting, Settings
from curie.domain.system import Metric

Direction = Literal["higher", "lower"]

NEAR = 6
"""How many words may stand between a metric and the bound that it has to meet."""


@dataclass(frozen=True)
class Bound:
    """A number that a metric has to meet."""

    value: float
    side: Literal["at_least", "at_most"]
    share: bool


def hypotheses(reading: Reading) -> tuple[Hypothesis, ...]:
    """One claim a metric, in the order in which the question names them."""
    guarded = _guarded_from(reading.words)
    costs = [m for m, at in reading.metrics if _bound(reading, m, at) is None]
    claims: list[Claim] = []
    for metric, at in reading.metrics:
        if at > guarded:
            claims.append(_not_worse(reading, metric))
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
    bound = _bound(reading, metric, at)
    if bound is not None and not reading.subject.named:
        return _threshold(reading, metric, bound, costs)
    if not reading.subject.named:
        return _scan(reading, metric, at, stems)
    if {"how", "much"} <= stems or {"how", "many", "tim"} <= stems or "factor" in stems:
        return Ratio(metric=metric.name, where=reading.hold, **_sides(reading))
    if stems & lexicon.SAME:
        return _equivalent(reading, metric, "both")
    if len(reading.subject.levels) > 2:
        return _best(reading, metric, stems)
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


def _scan(reading: Reading, metric: Metric, at: int, stems: set[str]) -> Claim:
    factor = reading.subject.factor
    form = _law_form(reading.words)
    if factor.ordered and (form is not None or stems & lexicon.LAW):
        return Law(metric=metric.name, factor=factor.name, form=form, where=reading.hold)
    if not factor.ordered or (stems & lexicon.BEST and stems & {"which", "what"}):
        return _best(reading, metric, stems)
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
    if stems & lexicon.SAME:
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


def _best(reading: Reading, metric: Metric, stems: set[str]) -> Best:
    goal: Literal["lowest", "highest"] = "highest" if metric.better == "higher" else "lowest"
    if stems & lexicon.LARGEST:
        goal = "highest"
    elif stems & lexicon.SMALLEST:
        goal = "lowest"
    return Best(
        metric=metric.name, factor=reading.subject.factor.name, goal=goal, where=reading.hold
    )


def _threshold(reading: Reading, metric: Metric, bound: Bound, costs: list[Metric]) -> Threshold:
    cheap = next((m.name for m in costs if m.better == "lower"), None)
    return Threshold(
        metric=metric.name,
        factor=reading.subject.factor.name,
        side=bound.side,
        bound=bound.value,
        cost=cheap,
        where=reading.hold,
    )


def _not_worse(reading: Reading, metric: Metric) -> Equivalence | Trend:
    """`without hurting X`: X is not worse by more than the smallest effect that matters."""
    if not reading.subject.named:
        return Trend(
            metric=metric.name, factor=reading.subject.factor.name, shape="flat", where=reading.hold
        )
    sides: dict[str, Literal["not_higher", "not_lower", "both"]] = {
        "lower": "not_higher",
        "higher": "not_lower",
    }
    return _equivalent(reading, metric, sides.get(metric.better, "both"))


def _equivalent(
    reading: Reading, metric: Metric, side: Literal["both", "not_higher", "not_lower"]
) -> Equivalence:
    return Equivalence(
        metric=metric.name,
        margin_share=metric.smallest_effect_share,
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
    verbs = [
        (abs(i - at), w.stem) for i, w in enumerate(reading.words) if w.stem in lexicon.EFFECT_VERBS
    ]
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


def _bound(reading: Reading, metric: Metric, at: int) -> Bound | None:
    """The number nearest to the metric that is not a level of a factor."""
    levels = {float(s.level) for s in reading.hold if isinstance(s.level, int | float)}
    levels |= {float(x) for x in reading.subject.levels if isinstance(x, int | float)}
    near = [
        (abs(i - at), i)
        for i, w in enumerate(reading.words)
        if w.value is not None and w.value not in levels and abs(i - at) <= NEAR
    ]
    if not near:
        return None
    place = min(near)[1]
    word = reading.words[place]
    assert word.value is not None
    value = word.value * 100 if word.percent and metric.unit == "%" else word.value
    share = word.percent and metric.unit not in ("%", "share")
    return Bound(value, _side(reading.words, place, metric), share)


def _side(words: tuple[Token, ...], place: int, metric: Metric) -> Literal["at_least", "at_most"]:
    before = tuple(w.stem for w in words[max(0, place - 3) : place])
    for phrases, side in ((lexicon.BELOW, "at_most"), (lexicon.ABOVE, "at_least")):
        if any(before[i : i + len(p)] == p for p in phrases for i in range(len(before))):
            return "at_most" if side == "at_most" else "at_least"
    return "at_most" if metric.better == "lower" else "at_least"
