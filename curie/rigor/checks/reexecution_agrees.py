"""Does the same trial give the same again? Asked at the evidence gate."""

from curie.domain.claim import metrics_of
from curie.domain.outcome import Measured
from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import TrialEvidence, Tried, mend_program
from curie.rigor.finding import failed, listed, passed, warned

TIMING_SHARE = 0.5
SPREADS = 4.0


def reexecution_agrees(evidence: TrialEvidence) -> Finding:
    """Fail when a sample of trials, run once more in fresh boxes, gives other numbers.

    Evidence that nobody can repeat is an anecdote. Deterministic and seeded metrics must agree
    exactly. A timing must look like one more replicate of its arm: inside the arm's range, widened
    by half or by four times the spread; only timings that a hypothesis rests on can fail it.
    Mended in the program; a missing sample by running it.
    """
    plan = evidence.plan
    repeats = evidence.log.of("reexecution")
    if not repeats:
        return failed("no trial was run once more", remedy="again")
    rested = {m for h in plan.hypotheses for m in metrics_of(h.claim)}
    wrong: list[str] = []
    odd: list[str] = []
    for repeat in repeats:
        problem = _no_pair(evidence, repeat)
        if problem:
            wrong.append(problem)
            continue
        for metric in plan.metrics:
            difference = _difference(evidence, metric, repeat)
            if difference:
                grave = metric.name in rested or metric.noise != "timing"
                (wrong if grave else odd).append(f"{repeat.started.trial}: {difference}")
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    if odd:
        return warned(listed(odd))
    return passed(f"{len(repeats)} trials run once more agree")


def _original(evidence: TrialEvidence, repeat: Tried) -> Tried | None:
    again = repeat.started
    return next(
        (
            t
            for t in evidence.log.of("control", "treatment")
            if t.started.analysed and (t.started.arm, t.started.seed) == (again.arm, again.seed)
        ),
        None,
    )


def _no_pair(evidence: TrialEvidence, repeat: Tried) -> str:
    """Why a repeat cannot be compared; empty if it can."""
    name = repeat.started.trial
    original = _original(evidence, repeat)
    if original is None or original.started.settings != repeat.started.settings:
        return f"{name} repeats no trial of the plan"
    if not isinstance(original.outcome, Measured):
        return "" if not isinstance(repeat.outcome, Measured) else f"{name} ran where it had failed"
    if not isinstance(repeat.outcome, Measured):
        return f"{name} {repeat.fate}"
    if original.outcome.box == repeat.outcome.box:
        return f"{name} ran in the box of its original"
    return ""


def _difference(evidence: TrialEvidence, metric: Metric, repeat: Tried) -> str:
    original = _original(evidence, repeat)
    one = None if original is None else original.value(metric.name)
    two = repeat.value(metric.name)
    if one is None or two is None:
        return "" if one is two else f"{metric.name} is missing in one"
    if metric.noise == "timing":
        agrees = _one_more_replicate(evidence, metric, repeat.started.arm, two)
    else:
        agrees = same(one, two)
    return "" if agrees else f"{metric.name} was {one:g}, is {two:g}"


def _one_more_replicate(evidence: TrialEvidence, metric: Metric, arm: str, value: float) -> bool:
    """Whether a timing could be one of its arm: on a busy machine the arm's own range is wide."""
    pairs = evidence.log.values(metric.name, "control", "treatment").get(arm, [])
    known = [v for _, v in pairs]
    room = 1 + max(SPREADS * metric.spread_share, TIMING_SHARE)
    return min(known) / room <= value <= max(known) * room
