"""Is a result that could not be had left out? Asked at the setup gate."""

from collections.abc import Iterator

from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, flow
from curie.rigor.flow.marks import handled
from curie.rigor.source import SHIPPED


def failures_not_guessed(evidence: SetupEvidence) -> Finding:
    """Fail when a metric may be a number that was put in for a trial that failed.

    After an error, a timeout or a loop that found nothing, a written or drawn number hides the
    failure, most often in the arm that fails most. Zero, nothing and not-a-number are no guesses,
    and a failed trial is a valid outcome. Mended by letting the trial fail.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = list(dict.fromkeys(_guesses(flow(evidence.plan, setup))))
    if wrong:
        return failed(f"a number stands in for a failure: {listed(wrong)}", remedy="rebuild")
    return passed("no metric is a number that stands in for a failure")


def _guesses(told: Flow) -> Iterator[str]:
    for metric in told.plan.metrics:
        for _, value, event in told.values(metric.name):
            if "guess" in handled(value.marks):
                yield f"{metric.name} at {event.where}"
