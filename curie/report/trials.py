"""What happened to the trials: failures, confessions of the program, time and energy by phase."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from curie.domain.dossier import Dossier
from curie.domain.outcome import Failed, Measured
from curie.domain.setting import settings_text
from curie.domain.setup import Started
from curie.domain.wording import with_unit

TAIL_LINES = 20
TAIL_CHARACTERS = 2000
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class FailedTrial:
    """A trial that gave no result, and the end of what it printed."""

    trial: str
    settings: str
    why: str
    detail: str
    exit_code: int | None
    tail: str


@dataclass(frozen=True)
class PhaseRow:
    """What one phase took, over its trials."""

    phase: str
    trials: int
    measured: int
    failed: int
    wall: str
    cpu: str
    energy: str


@dataclass(frozen=True)
class Confession:
    """A warning that programs under test wrote into their results, and how many of them did."""

    text: str
    trials: int


def failed_trials(dossier: Dossier) -> tuple[FailedTrial, ...]:
    """Every trial that failed, oldest first; also those that were measured on a later try.

    Without the probes that the program had to refuse: there the failure is what was wanted.
    """
    started = _started(dossier)
    found = ((f, started.get((f.setup, f.trial))) for f in dossier.of(Failed))
    return tuple(
        _failed(f, begun) for f, begun in found if begun is None or begun.phase != "refusal"
    )


def confessions(dossier: Dossier) -> tuple[Confession, ...]:
    """The warnings of all programs, each once, the most frequent first."""
    counts = Counter(w for m in dossier.of(Measured) for w in m.result.warnings)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Confession(text, trials) for text, trials in ordered)


def phase_rows(dossier: Dossier) -> tuple[PhaseRow, ...]:
    """Time and energy per phase, in the order in which the phases began, then the sum."""
    started = _started(dossier)
    by_phase: dict[str, list[Measured | Failed]] = {}
    outcomes = [e.body for e in dossier.entries if isinstance(e.body, Measured | Failed)]
    for outcome in outcomes:
        begun = started.get((outcome.setup, outcome.trial))
        by_phase.setdefault(begun.phase if begun else "unknown", []).append(outcome)
    rows = [_row(phase, of_phase) for phase, of_phase in by_phase.items()]
    return (*rows, _row("all", outcomes)) if len(rows) > 1 else tuple(rows)


def _row(phase: str, outcomes: list[Measured | Failed]) -> PhaseRow:
    failed = sum(isinstance(o, Failed) for o in outcomes)
    return PhaseRow(
        phase=phase,
        trials=len(outcomes),
        measured=len(outcomes) - failed,
        failed=failed,
        wall=_sum((o.usage.wall_s for o in outcomes), "s"),
        cpu=_sum((o.usage.cpu_s for o in outcomes), "s"),
        energy=_sum((o.usage.energy_j for o in outcomes), "J"),
    )


def _sum(values: Iterable[float | None], unit: str) -> str:
    """The sum of what was measured; says so where it was measured in some trials only."""
    every = list(values)
    known = [v for v in every if v is not None]
    if not known:
        return NOT_MEASURED
    partly = "" if len(known) == len(every) else f" (in {len(known)} of {len(every)} trials)"
    return with_unit(sum(known), unit) + partly


def _started(dossier: Dossier) -> dict[tuple[str, str], Started]:
    return {(s.setup, s.trial): s for s in dossier.of(Started)}


def _failed(outcome: Failed, begun: Started | None) -> FailedTrial:
    return FailedTrial(
        trial=outcome.trial,
        settings=settings_text(begun.settings) if begun else "unknown settings",
        why=outcome.why.replace("_", " "),
        detail=outcome.detail,
        exit_code=outcome.exit_code,
        tail=_tail(outcome.output),
    )


def _tail(output: str) -> str:
    lines = output.rstrip().splitlines()[-TAIL_LINES:]
    return "\n".join(lines)[-TAIL_CHARACTERS:]
