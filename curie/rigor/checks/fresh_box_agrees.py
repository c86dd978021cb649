"""Does a fresh box give the same? Asked at the setup gate."""

from curie.domain.plan import Plan
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import SetupEvidence, Tried, mend_program
from curie.rigor.finding import failed, listed, passed, skipped, warned
from curie.rigor.live import measured
from curie.rigor.probing import AGAIN, BASE

LARGEST_RATIO = 3.0
"""Two equal trials whose timings differ by more than this were not timed on a quiet machine."""


def fresh_box_agrees(evidence: SetupEvidence) -> Finding:
    """Fail when the same settings and seed in a fresh box give another number.

    Then something that is not recorded decides: an unseeded generator, a file left over, the
    order of a set. Timings may differ; by more than a factor of three is a warning. Mended in the
    program.
    """
    base, again = measured(evidence, BASE), measured(evidence, AGAIN)
    if base is None or again is None:
        return skipped("the base probe or its repetition was not measured")
    mend = mend_program(evidence.setup)
    if base.outcome is not None and again.outcome is not None:
        box = base.outcome.box
        if box == again.outcome.box:
            return failed(f"both ran in box {box}, which was not fresh", remedy=mend)
    wrong, odd = _differences(evidence.plan, base, again)
    if wrong:
        return failed(f"two fresh boxes differ: {listed(wrong)}", remedy=mend)
    if odd:
        return warned(f"timings of equal trials are far apart: {listed(odd)}")
    return passed("two fresh boxes agree")


def _differences(plan: Plan, base: Tried, again: Tried) -> tuple[list[str], list[str]]:
    """What differs and must not, and timings that are far apart."""
    wrong, odd = [], []
    for metric in plan.metrics:
        one, two = base.value(metric.name), again.value(metric.name)
        if one is None or two is None:
            continue
        text = f"{metric.name}: {one:g} and {two:g}"
        if metric.noise != "timing" and not same(one, two):
            wrong.append(text)
        elif metric.noise == "timing" and not _near(one, two):
            odd.append(text)
    return wrong, odd


def _near(one: float, two: float) -> bool:
    small, large = sorted((abs(one), abs(two)))
    return large <= LARGEST_RATIO * small
