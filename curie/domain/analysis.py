"""A claim after its test."""

from typing import Literal

from pydantic import Field

from curie.domain.claim import Claim
from curie.domain.fact import Fact
from curie.domain.setting import Level, Settings

ClaimVerdict = Literal["supported", "refuted", "inconclusive"]


class LevelSummary(Fact):
    """One arm in one metric: what the figure shows."""

    settings: Settings
    """The settings that set this arm apart from the others of the claim."""
    level: Level | None = None
    """The level of the scanned factor, for claims over one."""
    metric: str
    n: int = Field(ge=0)
    mean: float
    low: float
    high: float
    """Confidence interval of the mean, at the analysis' level; equals the mean if exact."""
    values: tuple[float, ...]


class Analysis(Fact):
    """What the trials say of one claim."""

    fact: Literal["analysis"] = "analysis"
    id: str
    """The hypothesis' id."""
    plan: str
    look: int = Field(default=1, ge=1)
    """The number of the plan's look at which it was tested."""
    claim: Claim
    verdict: ClaimVerdict
    found: str
    """What was found, in words of the vocabulary and without numbers: `falls`, `hnsw`, `power`."""
    effect: str
    """What `estimate` is: `difference a - b`, `ratio a/b`, `slope per doubling` …"""
    estimate: float | None
    low: float | None
    high: float | None
    unit: str
    confidence: float = Field(gt=0, lt=1)
    """Nominal level of [low, high]."""
    p: float | None = Field(default=None, ge=0, le=1)
    """After correction over the plan's family; None where the comparison is exact."""
    p_raw: float | None = Field(default=None, ge=0, le=1)
    n: int = Field(ge=0)
    """Trials that it rests on."""
    power: float | None = Field(default=None, ge=0, le=1)
    method: str
    """The test, by its usual name, and what stands behind the interval."""
    notes: tuple[str, ...] = ()
    """Assumptions checked, fallbacks taken, trials missing, ties."""
    levels: tuple[LevelSummary, ...] = ()
    trials: tuple[str, ...] = ()
    exploratory: bool = False
