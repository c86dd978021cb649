"""What became of a trial: measured or failed, never in between.

`Result` is the format of result.json, the contract with the program under test; the schema that
the systems ship is generated from it.
"""

from datetime import datetime
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field, model_validator

from curie.domain.fact import Fact

CONTRACT_VERSION = 1


class MetricValue(Fact):
    """One measured number."""

    name: str = Field(min_length=1, max_length=100)
    value: float
    unit: str = Field(max_length=40)


class Series(Fact):
    """A measured curve."""

    name: str = Field(min_length=1, max_length=100)
    unit: str = Field(max_length=40)
    values: tuple[float, ...] = Field(max_length=10_000)


class Result(Fact):
    """What the program under test writes to result.json."""

    version: Literal[1]
    system: str = Field(max_length=100)
    seed: int
    nonce: str = Field(max_length=100)
    metrics: tuple[MetricValue, ...] = Field(min_length=1, max_length=200)
    series: tuple[Series, ...] = Field(default=(), max_length=50)
    warnings: tuple[str, ...] = Field(default=(), max_length=50)
    """What the program itself confesses: an unstable queue, an extrapolated table."""

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [m.name for m in self.metrics]
        if len(set(names)) != len(names):
            raise ValueError("a metric is given twice")
        return self

    def value(self, metric: str) -> float | None:
        """The value of a metric, if it was measured."""
        return next((m.value for m in self.metrics if m.name == metric), None)


class Usage(Fact):
    """What the host saw of one trial, from outside the box. None: not measured."""

    wall_s: float = Field(ge=0)
    cpu_s: float | None = None
    peak_memory_mib: float | None = None
    energy_j: float | None = None
    load_before: float = Field(default=0.0, ge=0)
    """Runnable processes per core just before the start."""
    processes_left: int | None = None
    """Processes of the program that still ran a moment after it had ended."""


class Conditions(Fact):
    """Under what a trial really ran, as its box tells; but for `config` equal for all arms."""

    image: str
    """Digest of the image, by the engine's account."""
    program_sha256: str
    """Over the files that were put into the box, but for config.json."""
    config: str = ""
    """config.json as it was put into the box: all that the program was told."""
    cpus: float
    """The cores that it was told to use; whether more are out of reach, the posture says."""
    memory_mib: float
    pids: int
    time_limit_s: float
    network: str
    """`none`, or whose network it saw."""
    gpus: int = 0


class Measured(Fact):
    """The program exited with 0 and wrote a valid result of this very trial."""

    fact: Literal["measured"] = "measured"
    trial: str
    setup: str
    box: str
    """Which box: the container's id, or the process group."""
    started: datetime
    result: Result
    usage: Usage
    output: str = ""
    """Head and tail of stdout and stderr, control codes stripped."""
    conditions: Conditions | None = None
    """None: of a run from before they were recorded."""


class Failed(Fact):
    """Anything else. A value of its own type, so that nobody takes a timeout for a pass."""

    fact: Literal["failed"] = "failed"
    trial: str
    setup: str
    box: str
    started: datetime
    why: Literal["timeout", "exit", "no_result", "bad_result", "oom", "killed"]
    detail: str
    exit_code: int | None = None
    usage: Usage
    output: str = ""
    conditions: Conditions | None = None


Outcome = Annotated[Measured | Failed, Field(discriminator="fact")]


def value_of(outcome: Measured | Failed, metric: str) -> float | None:
    """The value of a metric, or None where the trial failed or did not report it."""
    match outcome:
        case Measured(result=result):
            return result.value(metric)
        case Failed():
            return None
        case _:
            assert_never(outcome)
