"""The design of an experiment: a draft by the architect, completed to a plan by code, frozen."""

import random
from typing import Literal, Self

from pydantic import Field, model_validator

from curie.domain.claim import Claim, metrics_of
from curie.domain.fact import Fact
from curie.domain.setting import Level, Setting, Settings, overlay
from curie.domain.system import Factor, Metric


class Hypothesis(Fact):
    """A claim that the plan tests, and why it is worth testing."""

    id: str = Field(pattern=r"^c[0-9]+$")
    claim: Claim
    why: str = ""


class Varied(Fact):
    """A factor and the levels at which the plan runs it."""

    factor: str
    levels: tuple[Level, ...] = Field(min_length=1)


class Program(Fact):
    """A program that the technician has to write: what it measures, and its own knobs."""

    purpose: str
    factors: tuple[Factor, ...]
    metrics: tuple[Metric, ...]


class Draft(Fact):
    """What an architect decides. Arms, seeds, order and power follow from it by code.

    Settings of `control` are those of the control arm for the varied factors; `hold` fixes other
    factors away from their defaults, in every arm.
    """

    system: str
    understood: str
    hypotheses: tuple[Hypothesis, ...] = Field(min_length=1)
    vary: tuple[Varied, ...] = Field(min_length=1)
    control: Settings
    hold: Settings = ()
    design: Literal["one_at_a_time", "factorial"] = "one_at_a_time"
    replicates: int | None = Field(default=None, ge=1)
    """None: as many as the power calculation asks for."""
    program: Program | None = None
    limits: tuple[str, ...] = ()


class Arm(Fact):
    """One full assignment of the varied and held factors."""

    id: str
    role: Literal["control", "treatment"]
    settings: Settings


class Power(Fact):
    """What the replicates of a plan can see, for one hypothesis."""

    hypothesis: str
    smallest_effect_share: float
    spread_share: float
    source: Literal["manifest", "pilot"]
    power: float = Field(ge=0, le=1)
    promised: float = Field(ge=0, le=1)
    exact: bool = False
    """Whether the metric is deterministic, so that one replicate is as good as many."""


class Look(Fact):
    """A moment at which a plan's claims are tested, and the share of alpha that it spends.

    The shares add up to the plan's alpha at most, so that however the looks depend on each other,
    the chance of a false claim over all of them stays within it (Bonferroni; with a small first
    share, the rule of Haybittle 1971 and Peto 1976). Looks are frozen with the plan: nobody peeks.
    """

    seeds: int = Field(ge=1)
    """How many of the plan's seeds are measured by then."""
    alpha: float = Field(gt=0, lt=1)


Phase = Literal["probe", "refusal", "control", "treatment", "reexecution"]
"""refusal: a probe that the program has to refuse, so that its failure is what is wanted."""


class Trial(Fact):
    """One arm with one seed, once."""

    id: str
    plan: str
    arm: str
    phase: Phase
    seed: int
    settings: Settings
    analysed: bool
    """Whether its outcome goes into the analysis (a probe, pilot or re-execution does not)."""


class Plan(Fact):
    """Hypotheses, arms, replicates and analysis, fixed before the first trial."""

    fact: Literal["plan"] = "plan"
    id: str = Field(pattern=r"^p[0-9]+$")
    system: str
    question: str
    understood: str
    hypotheses: tuple[Hypothesis, ...] = Field(min_length=1)
    factors: tuple[Factor, ...]
    metrics: tuple[Metric, ...]
    """The factors and metrics in force: the manifest's, or those of the program to be written."""
    vary: tuple[Varied, ...]
    hold: Settings = ()
    design: Literal["one_at_a_time", "factorial"]
    arms: tuple[Arm, ...] = Field(min_length=1)
    seeds: tuple[int, ...] = Field(min_length=1)
    order_seed: int
    alpha: float = Field(gt=0, lt=1)
    """Error rate of this plan's family of claims, after sharing it with possible follow-ups."""
    correction: Literal["holm", "bh"] = "holm"
    looks: tuple[Look, ...] = ()
    """Moments of testing, in order; the last has all seeds. Empty: one look with all of alpha."""
    power: tuple[Power, ...] = ()
    program: Program | None = None
    limits: tuple[str, ...] = ()
    after: str | None = None
    """The plan that this one follows."""
    because: str = ""
    """Why it follows."""
    exploratory: bool = False
    """Whether its hypotheses were chosen after looking at data that it uses again."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for what, ids in (
            ("arm", [a.id for a in self.arms]),
            ("hypothesis", [h.id for h in self.hypotheses]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"plan {self.id}: an {what} id is used twice: {ids}")
        if len(set(self.seeds)) != len(self.seeds):
            raise ValueError(f"plan {self.id}: a seed is used twice: {self.seeds}")
        if self.looks:
            self._check_looks()
        return self

    def _check_looks(self) -> None:
        counts = [look.seeds for look in self.looks]
        if counts != sorted(set(counts)) or counts[-1] != len(self.seeds):
            raise ValueError(f"plan {self.id}: looks after {counts} of {len(self.seeds)} seeds")
        if sum(look.alpha for look in self.looks) > self.alpha * (1 + 1e-9):
            raise ValueError(f"plan {self.id}: its looks spend more than alpha {self.alpha:g}")

    def look(self, number: int) -> Look:
        """A look by its number, from 1; a plan without looks has one, at its end."""
        looks = self.looks or (Look(seeds=len(self.seeds), alpha=self.alpha),)
        return looks[number - 1]

    @property
    def last_look(self) -> int:
        """The number of the last look."""
        return max(1, len(self.looks))

    def seeds_by(self, number: int) -> tuple[int, ...]:
        """The seeds that are measured by a look."""
        return self.seeds[: self.look(number).seeds]

    def factor(self, name: str) -> Factor | None:
        """The factor of that name."""
        return next((f for f in self.factors if f.name == name), None)

    def metric(self, name: str) -> Metric | None:
        """The metric of that name."""
        return next((m for m in self.metrics if m.name == name), None)

    def arm(self, arm_id: str) -> Arm:
        """The arm of that id; KeyError if there is none."""
        for arm in self.arms:
            if arm.id == arm_id:
                return arm
        raise KeyError(f"plan {self.id} has no arm {arm_id!r}")

    def full_settings(self, arm: Arm) -> Settings:
        """The arm's settings over the held ones over the defaults: what config.json gets."""
        defaults = overlay((), defaults_of(self.factors))
        return overlay(overlay(defaults, self.hold), arm.settings)

    @property
    def timed(self) -> bool:
        """Whether a hypothesis rests on a metric in which the machine has a say.

        Then trials run one at a time, and the control runs again between the treatments.
        """
        names = {m for h in self.hypotheses for m in metrics_of(h.claim)}
        return any(m.noise == "timing" for m in self.metrics if m.name in names)

    def look_of(self, seed: int) -> int:
        """The look by which a seed is measured; ValueError for a seed that is not the plan's."""
        place = self.seeds.index(seed)
        return next(
            number for number in range(1, self.last_look + 1) if place < self.look(number).seeds
        )

    def due(self, number: int, *phases: Literal["control", "treatment"]) -> tuple[Trial, ...]:
        """The trials of some phases (none named: of both) that are to be done by a look."""
        return tuple(
            t
            for done in range(1, number + 1)
            for phase in phases or PHASES
            for t in self.trials(phase, look=done)
        )

    def trials(
        self, phase: Literal["control", "treatment"], *, look: int | None = None
    ) -> tuple[Trial, ...]:
        """The trials of a phase, in the order in which they start; of one look or of all.

        The control phase shows that the baseline works before anything is compared to it. In a
        timed plan it is a pilot, and the control runs again, shuffled among the treatments within
        each block of one seed; otherwise its outcomes are the control's outcomes.
        """
        if phase == "control":
            seeds = self.seeds[:PILOT_SEEDS] if self.timed else self.seeds
            pairs = [(a, s) for s in seeds for a in self.arms if a.role == "control"]
        else:
            pairs = self._blocks()
        if look is not None:
            pairs = [(arm, seed) for arm, seed in pairs if self.look_of(seed) == look]
        stem = "pilot-" if phase == "control" and self.timed else ""
        return tuple(
            Trial(
                id=f"{self.id}/{stem}{arm.id}/s{seed}",
                plan=self.id,
                arm=arm.id,
                phase=phase,
                seed=seed,
                settings=self.full_settings(arm),
                analysed=not stem,
            )
            for arm, seed in pairs
        )

    def _blocks(self) -> list[tuple[Arm, int]]:
        rng = random.Random(self.order_seed)
        pairs: list[tuple[Arm, int]] = []
        for seed in self.seeds:
            block = [a for a in self.arms if self.timed or a.role == "treatment"]
            rng.shuffle(block)
            pairs += [(arm, seed) for arm in block]
        return pairs


PHASES: tuple[Literal["control"], Literal["treatment"]] = ("control", "treatment")

PILOT_SEEDS = 3
"""Seeds of the control phase of a timed plan."""


def defaults_of(factors: tuple[Factor, ...]) -> Settings:
    """Every factor at its default."""
    return tuple(Setting(factor=f.name, level=f.default) for f in factors)


class Frozen(Fact):
    """The promise made before the first trial: this plan, word for word."""

    fact: Literal["frozen"] = "frozen"
    plan: str
    sha256: str


class Approval(Fact):
    """What a person said to a plan."""

    fact: Literal["approval"] = "approval"
    plan: str
    said: Literal["yes", "no", "comment"]
    comment: str = ""
