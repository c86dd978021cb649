"""Did anything run between the trials? Asked at the evidence gate."""

import statistics
from collections.abc import Sequence
from itertools import pairwise

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence, Tried
from curie.rigor.finding import failed, passed, skipped

LEAST = 4
"""Fewer gaps have no reliable middle."""
TIMES = 3.0
SHARE = 0.8
"""How much of a trial fits into the gap, beyond the gaps of the probes."""


def no_hidden_runs(evidence: TrialEvidence) -> Finding:
    """Fail when timed trials lie so far apart that others must have run between them.

    Whoever runs a timing several times and keeps the best leaves a hole in the clock. The gaps
    between trials are held against those between the probes and re-executions of the same run,
    which nobody gains from; a gap more than three times as long, with room for most of a trial, in
    most of the run, is no accident. Mended by measuring again.
    """
    if not evidence.plan.timed:
        return skipped("trials may have run side by side")
    usual = _gaps(evidence.log.of("probe")) + _gaps(evidence.log.of("reexecution"))
    trials = evidence.log.of("treatment")
    gaps = _gaps(trials)
    if len(usual) < 2 or len(gaps) < LEAST:
        return skipped("too few gaps to compare")
    typical, between = statistics.median(usual), statistics.median(gaps)
    length = statistics.median(t.outcome.usage.wall_s for t in trials if t.outcome is not None)
    text = f"{between:.2f} s between trials of {length:.2f} s, {typical:.2f} s between probes"
    if between > TIMES * typical and between - typical > SHARE * length:
        return failed(text, remedy="rebuild")
    return passed(text)


def _gaps(trials: Sequence[Tried]) -> list[float]:
    """Seconds from the end of each trial to the start of the next one."""
    spans = sorted(
        (t.outcome.started.timestamp(), t.outcome.usage.wall_s)
        for t in trials
        if t.outcome is not None
    )
    return [max(0.0, later - (start + wall_s)) for (start, wall_s), (later, _) in pairwise(spans)]
