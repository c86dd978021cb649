"""Can these numbers be? Asked at the setup, control and evidence gates."""

from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.evidence import RunEvidence, mend_program
from curie.rigor.finding import failed, listed, passed


def physically_possible(evidence: RunEvidence) -> Finding:
    """Fail when a value is outside the range in which its metric can be.

    A recall above 1 or a negative energy is a bug or a lie, and the numbers beside it came from
    the same program. Mended in the program, or at the operating point where it happened.
    """
    wrong = []
    for started, outcome in evidence.log.measured:
        for metric in evidence.plan.metrics:
            value = outcome.result.value(metric.name)
            if value is not None and not _possible(metric, value):
                wrong.append(f"{started.trial}: {metric.name} is {value:g} {metric.unit}".rstrip())
    if wrong:
        return failed(listed(wrong), remedy=mend_program(evidence.setup))
    return passed("every value is inside its metric's range")


def _possible(metric: Metric, value: float) -> bool:
    """Inside the range, where rounding of the last digits is forgiven."""
    slack = 1e-9 * max(abs(metric.low or 0.0), abs(metric.high or 0.0), abs(value))
    above = metric.low is None or value >= metric.low - slack
    return above and (metric.high is None or value <= metric.high + slack)
