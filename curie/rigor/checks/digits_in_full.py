"""Are the numbers written as the program gives them? Asked at the evidence gate."""

from curie.domain.verdict import Finding
from curie.rigor.evidence import TrialEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.series import analysed, clocked

LEAST = 4
FEWER = 4
"""Digits that all of many numbers lack by rounding, and by chance once in ten thousand times."""


def digits_in_full(evidence: TrialEvidence) -> Finding:
    """Fail when all timings of the trials are rounded, though the program's own are not.

    In probes and re-executions one sees how many digits the program writes. If the analysed
    numbers have far fewer, somebody wrote them down again, and may have changed more than digits.
    Mended by measuring again, and keeping what the program wrote.
    """
    metrics = clocked(evidence)
    rounded, looked = [], False
    for metric in metrics:
        kept = [_digits(v) for t in analysed(evidence.log) if (v := t.value(metric.name))]
        own = [
            _digits(v)
            for t in evidence.log.of("probe", "reexecution")
            if (v := t.value(metric.name))
        ]
        if len(kept) < LEAST or len(own) < 2:
            continue
        looked = True
        if max(kept) + FEWER <= min(own):
            rounded.append(f"{metric.name}: {max(kept)} digits, the program writes {min(own)}")
    if rounded:
        return failed(listed(rounded), remedy="rebuild")
    return passed("digits as the program writes them") if looked else skipped("too few timings")


def _digits(value: float) -> int:
    """Significant digits of a number as it is written."""
    mantissa = repr(float(value)).split("e")[0].replace(".", "").strip("-0")
    return len(mantissa)
