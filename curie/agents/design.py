"""From a draft to a plan: arms, seeds, order and power, by code, for every kind of architect."""

import hashlib
import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from curie.domain.claim import Claim, Difference, Equivalence, Interaction, Ratio, metrics_of
from curie.domain.errors import UsageError
from curie.domain.plan import Arm, Draft, Hypothesis, Look, Plan, Power
from curie.domain.setting import Level, Setting, Settings, level_of, overlay, same_level
from curie.domain.system import Metric, System
from curie.stats.power import power, replicates

FAMILY_ALPHA = 0.05
"""Chance of any false claim in a run, over all its claims and looks."""

LOOKS = 2
"""Plans of one run that may test the same claims on fresh data; each gets an equal share of alpha
(Bonferroni), so a second look costs what it must and no peeking is possible."""

PROMISED_POWER = 0.8

EARLY_SHARE = 0.2
"""Share of a plan's alpha that its early look spends; the last look has the rest."""

LEAST_TO_STOP = 10
"""Replicates from which a plan has an early look: at half of them, so at five or more."""

MAX_CELLS = 64
"""More arms than this is a slip in a draft, not a design."""


@dataclass(frozen=True)
class Circumstances:
    """What a plan needs to know beyond its draft."""

    plan_id: str
    question: str
    first_seed: int
    order_key: str
    """Whatever makes the order of this run its own: the run's id."""
    after: Plan | None = None
    because: str = ""
    pilot: tuple[tuple[str, float], ...] = ()
    """Metrics whose spread was seen in earlier trials: (metric, share of the mean)."""


def complete(draft: Draft, system: System, given: Circumstances) -> Plan:
    """The plan that follows from a draft. UsageError where the draft contradicts itself."""
    factors = draft.program.factors if draft.program else system.factors
    metrics = draft.program.metrics if draft.program else system.metrics
    deterministic = _all_deterministic(draft.hypotheses, metrics)
    alpha = FAMILY_ALPHA if deterministic else FAMILY_ALPHA / LOOKS
    pilot = dict(given.pilot)
    wanted = _wanted(draft, metrics, alpha=alpha, pilot=pilot)
    seeds = max((draft.replicates or 1, *(w.replicates() for w in wanted)))
    looks: tuple[Look, ...] = ()
    if not deterministic and seeds >= LEAST_TO_STOP:
        # The last look has what the early one leaves of alpha, and its power is what is promised.
        wanted = _wanted(draft, metrics, alpha=(1 - EARLY_SHARE) * alpha, pilot=pilot)
        seeds = max((seeds, *(w.replicates() for w in wanted)))
        looks = looks_of(seeds, alpha)
    return Plan(
        id=given.plan_id,
        system=system.name,
        question=given.question,
        understood=draft.understood,
        hypotheses=draft.hypotheses,
        factors=factors,
        metrics=metrics,
        vary=draft.vary,
        hold=overlay((), draft.hold),
        design=draft.design,
        arms=_arms(draft),
        seeds=tuple(range(given.first_seed, given.first_seed + seeds)),
        order_seed=_order_seed(given),
        alpha=alpha,
        looks=looks,
        power=tuple(w.power(seeds) for w in wanted),
        program=draft.program,
        limits=draft.limits,
        after=given.after.id if given.after else None,
        because=given.because,
    )


def looks_of(seeds: int, alpha: float) -> tuple[Look, ...]:
    """When a plan tests its claims: half way, to stop early where all is clear, and at the end.

    A plan of few replicates has the one look at its end.
    """
    if seeds < LEAST_TO_STOP:
        return (Look(seeds=seeds, alpha=alpha),)
    early = EARLY_SHARE * alpha
    return (Look(seeds=(seeds + 1) // 2, alpha=early), Look(seeds=seeds, alpha=alpha - early))


def _all_deterministic(hypotheses: tuple[Hypothesis, ...], metrics: tuple[Metric, ...]) -> bool:
    names = {name for h in hypotheses for name in metrics_of(h.claim)}
    return all(m.noise == "deterministic" for m in metrics if m.name in names)


def _arms(draft: Draft) -> tuple[Arm, ...]:
    control = _control(draft)
    cells = _crossed(draft) if draft.design == "factorial" else _one_at_a_time(draft, control)
    treatments = [c for c in cells if c != control]
    if len(treatments) >= MAX_CELLS:
        raise UsageError(
            f"the draft asks for {len(treatments) + 1} arms; at most {MAX_CELLS} make sense: "
            "vary fewer factors or levels"
        )
    width = len(str(len(treatments)))
    named = [
        Arm(id=f"t{i:0{width}d}", role="treatment", settings=cell)
        for i, cell in enumerate(treatments, start=1)
    ]
    return (Arm(id="control", role="control", settings=control), *named)


def _control(draft: Draft) -> Settings:
    """The draft's control over the varied factors; one it forgot takes its first level."""
    first = tuple(Setting(factor=v.factor, level=v.levels[0]) for v in draft.vary)
    given = tuple(s for s in draft.control if any(v.factor == s.factor for v in draft.vary))
    return overlay(first, given)


def _one_at_a_time(draft: Draft, control: Settings) -> list[Settings]:
    return _distinct(
        overlay(control, (Setting(factor=v.factor, level=level),))
        for v in draft.vary
        for level in v.levels
    )


def _crossed(draft: Draft) -> list[Settings]:
    names = [v.factor for v in draft.vary]
    return _distinct(
        overlay((), tuple(Setting(factor=n, level=x) for n, x in zip(names, cell, strict=True)))
        for cell in itertools.product(*(v.levels for v in draft.vary))
    )


def _distinct(cells: Iterable[Settings]) -> list[Settings]:
    return list(dict.fromkeys(cells))


def _order_seed(given: Circumstances) -> int:
    digest = hashlib.sha256(f"{given.order_key}:{given.plan_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


@dataclass(frozen=True)
class _Wanted:
    """What one hypothesis asks of the replicates."""

    hypothesis: str
    claim: Claim
    metric: Metric
    levels: int
    spread_share: float
    smallest_effect_share: float
    alpha: float
    family: int
    source: Literal["manifest", "pilot"]

    def replicates(self) -> int:
        """As many as the promised power takes."""
        return replicates(
            self.claim,
            self.metric,
            alpha=self.alpha,
            levels=self.levels,
            spread_share=self.spread_share,
            smallest_effect_share=self.smallest_effect_share,
            family=self.family,
            promised=PROMISED_POWER,
        )

    def power(self, n: int) -> Power:
        """What n replicates can see."""
        chance = power(
            self.claim,
            self.metric,
            n,
            alpha=self.alpha,
            levels=self.levels,
            spread_share=self.spread_share,
            smallest_effect_share=self.smallest_effect_share,
            family=self.family,
        )
        return Power(
            hypothesis=self.hypothesis,
            smallest_effect_share=self.smallest_effect_share,
            spread_share=self.spread_share,
            source=self.source,
            power=chance,
            promised=PROMISED_POWER,
            exact=self.metric.noise == "deterministic",
        )


def _wanted(
    draft: Draft, metrics: tuple[Metric, ...], *, alpha: float, pilot: dict[str, float]
) -> tuple[_Wanted, ...]:
    """What each hypothesis asks for; one about an unknown metric asks nothing: its gate says so."""
    return tuple(
        _Wanted(
            hypothesis=h.id,
            claim=h.claim,
            metric=metric,
            levels=_levels(draft, h.claim),
            spread_share=max(pilot.get(metric.name, 0.0), metric.spread_share),
            smallest_effect_share=_smallest_effect(h.claim, metric),
            alpha=alpha,
            family=len(draft.hypotheses),
            source="pilot" if metric.name in pilot else "manifest",
        )
        for h in draft.hypotheses
        if (metric := _governing(h.claim, metrics)) is not None
    )


def _governing(claim: Claim, metrics: tuple[Metric, ...]) -> Metric | None:
    """The claim's metric; where that is exact, its other one, whose noise then decides."""
    known = {m.name: m for m in metrics}
    named = [known[name] for name in metrics_of(claim) if name in known]
    return next((m for m in named if m.noise != "deterministic"), next(iter(named), None))


def _smallest_effect(claim: Claim, metric: Metric) -> float:
    """The smallest effect that this claim has to see, as a share of the mean."""
    if isinstance(claim, Equivalence) and claim.margin_share:
        return claim.margin_share
    return metric.smallest_effect_share


def _levels(draft: Draft, claim: Claim) -> int:
    if isinstance(claim, Difference | Ratio | Equivalence):
        return 2
    counts = {v.factor: len(v.levels) for v in draft.vary}
    if isinstance(claim, Interaction):
        # As many as there are differences of differences, among which the claim shares its alpha.
        return math.comb(counts.get(claim.factor, 2), 2) * math.comb(counts.get(claim.by, 2), 2)
    return counts.get(claim.factor, 2)


def control_level(plan: Plan, factor: str) -> Level | None:
    """The level at which the plan's control holds a factor."""
    control = next(a for a in plan.arms if a.role == "control")
    return level_of(plan.full_settings(control), factor)


def other_level(plan: Plan, factor: str) -> Level | None:
    """A level of a varied factor far from the control's, for the probe that it moves something."""
    held = control_level(plan, factor)
    levels = next((v.levels for v in plan.vary if v.factor == factor), ())
    others = [x for x in levels if held is None or not same_level(x, held)]
    return others[-1] if others else None
