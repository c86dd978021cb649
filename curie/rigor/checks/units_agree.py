"""Is a time given in the unit it is said to have? Asked at the setup gate."""

from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, flow
from curie.rigor.flow.marks import handled
from curie.rigor.source import SHIPPED

_UNITS = {
    "s": "s", "sec": "s", "seconds": "s", "ms": "ms", "milliseconds": "ms", "us": "us",
    "µs": "us", "microseconds": "us", "ns": "ns", "nanoseconds": "ns",
}  # fmt: skip


def units_agree(evidence: SetupEvidence) -> Finding:
    """Fail when a time is reported in another unit than the one that it was taken in.

    `perf_counter` gives seconds, and a name that ends in `_ms` says milliseconds; reported under
    another unit without the factor between them, a number is wrong by a thousand. What the program
    does not tell is not guessed. Mended by multiplying, or by the right unit.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = list(dict.fromkeys(_slips(flow(evidence.plan, setup))))
    if wrong:
        return failed(listed(wrong), remedy="rebuild")
    return passed("no time is reported in a unit that it does not have")


def _slips(told: Flow) -> Iterator[str]:
    for metric in told.plan.metrics:
        declared = _UNITS.get(metric.unit.split("/")[0])
        if declared is None:
            continue
        for _, value, event in told.values(metric.name):
            units = {m.rpartition(":")[2] for m in handled(value.marks) if m.startswith("unit:")}
            if len(units) == 1 and declared not in units:
                yield f"{metric.name} at {event.where} is in {units.pop()}, not {metric.unit}"
