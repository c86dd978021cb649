"""All that curie knows of a system under test: its manifest as a value."""

from typing import Any, Literal, Self

from pydantic import (
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from curie.domain.claim import Claim
from curie.domain.fact import CANONICAL, Fact
from curie.domain.setting import Level, Settings

Noise = Literal["deterministic", "seeded", "timing"]
"""deterministic: the settings alone decide; seeded: settings and seed decide; timing: the machine
has a say too (wall-clock time, resident memory), so no two trials agree exactly."""


class Factor(Fact):
    """Something that can be varied, with the levels at which it makes sense."""

    name: str = Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_]*$")
    type: Literal["int", "float", "str", "bool"]
    unit: str = ""
    about: str = ""
    default: Level
    levels: tuple[Level, ...] = ()
    """The allowed levels, in their order; or, for a factor with a range, good ones to try."""
    low: float | None = None
    high: float | None = None
    """With `low` and `high`, any number of this range is allowed."""
    words: tuple[str, ...] = ()
    """What people call it."""
    level_words: tuple[tuple[str, Level], ...] = ()
    """What people call a level: ("inverted file", "ivf")."""
    baseline: Level | None = None
    """The level that a control has when this factor is varied; None: the default."""
    size: bool = False
    """Whether it says how much input there is, so that less of it has to cost less."""
    needs: Settings = ()
    """Settings without which this factor does nothing: who varies it holds these, too."""

    @model_serializer(mode="wrap")
    def _as_before(
        self, whole: SerializerFunctionWrapHandler, context: SerializationInfo
    ) -> dict[str, Any]:
        told: dict[str, Any] = whole(self)
        if context.context == CANONICAL and not self.size:
            told.pop("size", None)
        return told

    @property
    def ordered(self) -> bool:
        """Whether its levels have an order (numbers do, names do not)."""
        return self.type in ("int", "float")

    def allows(self, level: Level) -> bool:
        """Whether a trial may have this level: right type, and among the levels or in range."""
        if not self._typed(level):
            return False
        if self.low is None or self.high is None or isinstance(level, str | bool):
            return not self.levels or level in self.levels
        return self.low <= level <= self.high

    def _typed(self, level: Level) -> bool:
        match self.type:
            case "bool":
                return isinstance(level, bool)
            case "str":
                return isinstance(level, str)
            case "int":
                return isinstance(level, int) and not isinstance(level, bool)
            case "float":
                return isinstance(level, int | float) and not isinstance(level, bool)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"factor {self.name}: give low and high, or neither")
        for level in (self.default, *self.levels, *(v for _, v in self.level_words)):
            if not self.allows(level):
                raise ValueError(f"factor {self.name}: level {level!r} is not allowed by itself")
        return self


class Metric(Fact):
    """Something that a trial measures."""

    name: str = Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_]*$")
    unit: str
    about: str = ""
    low: float | None = None
    high: float | None = None
    """The range outside of which a value is physically impossible."""
    better: Literal["lower", "higher", "neither"] = "neither"
    noise: Noise
    spread_share: float = Field(default=0.0, ge=0)
    """Expected standard deviation over replicates, as a share of the mean."""
    smallest_effect_share: float = Field(default=0.05, gt=0)
    """The smallest change that anybody cares about, as a share of the control's mean."""
    words: tuple[str, ...] = ()


class Resources(Fact):
    """What one trial may use."""

    cpus: float = Field(default=1.0, gt=0)
    memory_mib: int = Field(default=1024, ge=64)
    disk_mib: int = Field(default=64, ge=1)
    pids: int = Field(default=128, ge=8)
    gpus: int = Field(default=0, ge=0)


class Published(Fact):
    """A headline result of the paper, as a claim that can be tested here."""

    id: str
    claim: Claim
    figure: str
    """What the paper says, with its number."""
    source: str
    verified: Literal["primary source", "second hand", "unverified"]
    settings: Settings = ()
    """The operating point, where it is not the defaults."""
    fitted: bool = False
    """Whether a constant of the model was fitted to this very figure (then it is no evidence)."""
    note: str = ""


class System(Fact):
    """A system under test, as its `manifest.toml` says."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    about: str
    """One sentence: what question people bring to it."""
    paper: str = ""
    real: str
    """What is done for real in a trial."""
    modelled: str
    """What is modelled, and on what the model was calibrated."""
    mode: Literal["simulated", "measured", "emulated", "trained"]
    time_limit_s: float = Field(gt=0)
    resources: Resources = Resources()
    factors: tuple[Factor, ...] = ()
    metrics: tuple[Metric, ...] = ()
    claims: tuple[Published, ...] = ()
    words: tuple[str, ...] = ()
    brings_program: bool = True
    """False for a workbench: the technician writes the program, and the plan declares its factors
    and metrics."""

    def factor(self, name: str) -> Factor | None:
        """The factor of that name."""
        return next((f for f in self.factors if f.name == name), None)

    def metric(self, name: str) -> Metric | None:
        """The metric of that name."""
        return next((m for m in self.metrics if m.name == name), None)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [f.name for f in self.factors] + [m.name for m in self.metrics]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"system {self.name}: names used twice: {', '.join(twice)}")
        for factor in self.factors:
            for need in factor.needs:
                other = self.factor(need.factor)
                if other is None or not other.allows(need.level):
                    raise ValueError(f"factor {factor.name} needs {need}, which cannot be")
        return self
