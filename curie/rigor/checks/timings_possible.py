"""Can these times have been taken? Asked at the setup, control and evidence gates."""

from curie.domain.outcome import Measured
from curie.domain.verdict import Finding
from curie.rigor.evidence import RunEvidence, mend_program
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.series import SECONDS, clocked

SLACK = 1.05
SLACK_S = 0.005
IDLE_TIMES = 5.0
IDLE_S = 0.05
LEAST = 3


def timings_possible(evidence: RunEvidence) -> Finding:
    """Fail when a timing is longer than its whole trial.

    The host has its own watch, and a time that is longer than the trial was not taken in it. Time
    in which no processor worked, in any trial, is a warning: it is sleep, which may be what the
    question is about, or stand in for work. Mended by timing the work itself, in its unit.
    """
    metrics = clocked(evidence)
    if not metrics:
        return skipped("no metric is a time taken on this machine")
    trials = [(s.trial, outcome) for s, outcome in evidence.log.measured]
    wrong, idle = [], []
    for metric in metrics:
        taken = [
            (trial, outcome, value * SECONDS[metric.unit.strip()])
            for trial, outcome in trials
            if (value := outcome.result.value(metric.name)) is not None
        ]
        wrong += [
            f"{trial}: {metric.name} is {seconds:.3g} s of a trial of {outcome.usage.wall_s:.3g} s"
            for trial, outcome, seconds in taken
            if seconds > SLACK * outcome.usage.wall_s + SLACK_S
        ]
        if len(taken) >= LEAST and all(_idle(outcome, seconds) for _, outcome, seconds in taken):
            idle.append(f"{metric.name} is time in which no processor worked")
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    if idle:
        return warned(listed(idle))
    return passed(f"{', '.join(m.name for m in metrics)} fit into their trials")


def _idle(outcome: Measured, seconds: float) -> bool:
    """Whether far more time was claimed than any processor spent; work on a GPU may be so."""
    cpu_s, conditions = outcome.usage.cpu_s, outcome.conditions
    if cpu_s is None or (conditions is not None and conditions.gpus):
        return False
    return seconds > IDLE_TIMES * cpu_s + IDLE_S
