"""Measured values in rows: by arm and seed, and in the order in which the trials began."""

import math
from collections.abc import Sequence

from curie.domain.system import Metric
from curie.rigor.evidence import RunEvidence, TrialLog, Tried

SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
"""Units of time, in seconds."""


BUSY = 1.5
"""Runnable processes per core from which timings are shared with somebody."""


def clocked(evidence: RunEvidence) -> tuple[Metric, ...]:
    """The metrics that are times taken on this machine."""
    return tuple(
        m for m in evidence.plan.metrics if m.noise == "timing" and m.unit.strip() in SECONDS
    )


def analysed(log: TrialLog) -> tuple[Tried, ...]:
    """The trials that the analysis rests on, in the order in which they began."""
    return tuple(t for t in log.of("control", "treatment") if t.started.analysed)


def by_seed(log: TrialLog, metric: str) -> dict[str, dict[int, float]]:
    """The analysed values of a metric, by arm and then by seed."""
    found: dict[str, dict[int, float]] = {}
    for one in analysed(log):
        value = one.value(metric)
        if value is not None:
            found.setdefault(one.started.arm, {})[one.started.seed] = value
    return found


def drift(*rows: Sequence[float]) -> float:
    """How sure one can be that rows go up, or down, together: Mann and Kendall's z over strata.

    Each row is held against itself only, so that rows at different heights do not matter (Hirsch,
    Slack and Smith 1982). Beyond 3.3 on either side, chance does it once in a thousand times.
    """
    ups, variance = 0, 0.0
    for row in rows:
        n = len(row)
        variance += n * (n - 1) * (2 * n + 5) / 18
        ups += sum(
            (later > earlier) - (later < earlier)
            for i, earlier in enumerate(row)
            for later in row[i + 1 :]
        )
    return (ups - math.copysign(1, ups)) / math.sqrt(variance) if ups else 0.0
