"""What each arm of a plan does in a program, as far as reading tells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePosixPath

from curie.domain.plan import Plan
from curie.domain.setting import Level
from curie.domain.setup import Setup
from curie.rigor.flow.machine import Event, OutOfSteps, Raised
from curie.rigor.flow.trial import Trial
from curie.rigor.flow.value import Value
from curie.rigor.source import Source, sources

MOST_ARMS = 8
"""Arms that are walked through, the control first."""


@dataclass(frozen=True, eq=False)
class Walk:
    """One arm's way through the program."""

    arm: str
    settings: Mapping[str, Level]
    events: tuple[Event, ...]
    reported: Mapping[str, tuple[tuple[Value, Value, Event], ...]]
    """By metric: value, unit and the event of its writing."""
    ended: bool
    """Whether the walk came to the program's end, so that what it did not see is not there."""


@dataclass(frozen=True, eq=False)
class Flow:
    """All arms of a plan."""

    plan: Plan
    walks: tuple[Walk, ...]

    @cached_property
    def understood(self) -> bool:
        """Whether every arm was followed to its end and told what it reports."""
        return bool(self.walks) and all(w.ended and w.reported for w in self.walks)

    def values(self, metric: str) -> Iterator[tuple[Walk, Value, Event]]:
        """What each arm reports for a metric."""
        for walk in self.walks:
            for value, _unit, event in walk.reported.get(metric, ()):
                yield walk, value, event


def flow(plan: Plan, setup: Setup) -> Flow:
    """The walks of a setup's program through the arms of a plan."""
    return _flow(plan.fingerprint(), setup.code_sha256, _Given(plan, setup))


@dataclass(frozen=True)
class _Given:
    plan: Plan
    setup: Setup

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        """Equal: the hashes beside it in the cache's key tell plans and setups apart."""
        return isinstance(other, _Given) and self.setup.argv == other.setup.argv


@lru_cache(maxsize=16)
def _flow(_plan: str, _code: str, given: _Given) -> Flow:
    plan, setup = given.plan, given.setup
    files = {s.path: s for s in sources(setup)}
    start = entry(setup, files)
    if start is None:
        return Flow(plan, ())
    arms = sorted(plan.arms, key=lambda a: a.role != "control")[:MOST_ARMS]
    walks = []
    for arm in arms:
        levels = {s.factor: s.level for s in plan.full_settings(arm)}
        walks.append(_walk(arm.id, levels, plan, setup, files, start))
    return Flow(plan, tuple(walks))


def _walk(
    arm: str,
    levels: Mapping[str, Level],
    plan: Plan,
    setup: Setup,
    files: Mapping[str, Source],
    start: Source,
) -> Walk:
    settings = {k: Value(v, marks=frozenset({f"factor:{k}"})) for k, v in levels.items()}
    texts = {f.path: f.text for f in setup.files if not f.path.endswith(".py")}
    trial = Trial(files, texts, settings)
    trial.varied = frozenset(v.factor for v in plan.vary)
    try:
        trial.run(start)
        ended = True
    except (OutOfSteps, Raised, RecursionError):
        ended = False
    reported = {k: tuple(v) for k, v in trial.reported.items()}
    return Walk(arm, levels, tuple(trial.events), reported, ended)


def entry(setup: Setup, files: Mapping[str, Source]) -> Source | None:
    """The file that a trial starts with: the one of the command, else the one that looks so."""
    for word in setup.argv:
        if word in files:
            return files[word]
    wanted = ("program.py", "__main__.py", "main.py")
    for name in wanted:
        for path, source in files.items():
            if PurePosixPath(path).name == name:
                return source
    return next(iter(files.values())) if len(files) == 1 else None
