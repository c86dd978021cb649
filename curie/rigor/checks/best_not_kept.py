"""Is a score the score of one choice, made before it was seen? Asked at the setup gate."""

import re
from collections.abc import Iterator

from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence
from curie.rigor.finding import failed, listed, passed, skipped
from curie.rigor.flow import Flow, flow
from curie.rigor.flow.marks import handled
from curie.rigor.source import SHIPPED

_SCORES = re.compile(
    r"accura|error|mse|rmse|mae|recall|precision|f1|auc|score|unseen|fresh|test|held.?out|generali",
    re.IGNORECASE,
)


def best_not_kept(evidence: SetupEvidence) -> Finding:
    """Fail when a reported number is that of the best runs, or the best of several scores.

    Choosing a threshold, a penalty or a run by the very score that is reported makes the score
    that of luck. The best of several timings is another matter, and so is a search whose finding
    is the metric. Mended by choosing on other rows, or by reporting all runs.
    """
    setup = evidence.setup
    if setup.written_by == "shipped":
        return skipped(SHIPPED)
    wrong = list(dict.fromkeys(_best(flow(evidence.plan, setup))))
    if wrong:
        return failed(f"the best of several: {listed(wrong)}", remedy="rebuild")
    return passed("no score is the best of several")


def _best(told: Flow) -> Iterator[str]:
    for metric in told.plan.metrics:
        for _, value, event in told.values(metric.name):
            marks = value.marks
            if "trimmed" in handled(marks):
                yield f"{metric.name} at {event.where}, of the first of a sorted list"
            if "best" in handled(marks) and "elapsed" not in marks and _is_score(metric):
                yield f"{metric.name} at {event.where}"


def _is_score(metric: Metric) -> bool:
    return bool(_SCORES.search(f"{metric.name} {metric.about}"))
