"""Does the seed move what is declared noisy, and nothing else? Asked at the setup gate."""

from curie.domain.system import Metric
from curie.domain.verdict import Finding
from curie.rigor.agreement import same
from curie.rigor.evidence import SetupEvidence, mend_program
from curie.rigor.finding import failed, passed, skipped, warned
from curie.rigor.live import measured
from curie.rigor.probing import BASE, SEED, SEED_TOO


def seed_moves(evidence: SetupEvidence) -> Finding:
    """Fail when another seed changes no seeded metric, or changes a deterministic one.

    If the seed does nothing, replicates are copies and every interval is a lie; if it moves what
    is called deterministic, one replicate is taken for the truth. A program of this run is asked
    with two other seeds, since two counts may agree by accident. Values at the end of their range
    (a recall of 1), or declared to have no spread, may stand still: a warning. Mended in the
    program, or by declaring the metric as what it is.
    """
    base = measured(evidence, BASE)
    others = [t for arm in (SEED, SEED_TOO) if (t := measured(evidence, arm)) is not None]
    if base is None or not others:
        return skipped("the base probe or the seed probe was not measured")
    pairs = [
        (m, one, two)
        for other in others
        for m in evidence.plan.metrics
        if (one := base.value(m.name)) is not None and (two := other.value(m.name)) is not None
    ]
    unruly = dict.fromkeys(
        m.name for m, x, y in pairs if m.noise == "deterministic" and not same(x, y)
    )
    mend = mend_program(evidence.setup)
    if unruly:
        return failed(f"the seed moves {', '.join(unruly)}, called deterministic", remedy=mend)
    seeded = [(m, x, y) for m, x, y in pairs if m.noise == "seeded"]
    if not seeded:
        return passed("no metric depends on the seed, as declared")
    moved = dict.fromkeys(m.name for m, x, y in seeded if x != y)
    if moved:
        return passed(f"the seed moves {', '.join(moved)}")
    still = ", ".join(dict.fromkeys(m.name for m, _, _ in seeded))
    if all(may_stand_still(m, x) for m, x, _ in seeded):
        return warned(f"the seed does not move {still}, which may be right here")
    return failed(f"the seed moves nothing: {still} stay the same", remedy=mend)


def may_stand_still(metric: Metric, value: float) -> bool:
    """Whether equal values over seeds are no surprise: no declared spread, or saturated."""
    return metric.spread_share == 0 or value in (metric.low, metric.high)
