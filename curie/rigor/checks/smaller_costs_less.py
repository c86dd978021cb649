"""Does less input cost less? Asked at the setup gate."""

from curie.domain.plan import Plan
from curie.domain.setting import level_of
from curie.domain.system import Factor, Metric
from curie.domain.verdict import Finding
from curie.rigor.evidence import SetupEvidence, Tried, mend_program
from curie.rigor.finding import failed, passed, skipped, warned
from curie.rigor.live import measured
from curie.rigor.probing import BASE, factor_probe

LEAST_RATIO = 2.0
"""Sizes nearer to each other than this may cost the same."""
_NO_COUNTS = ("", "share", "x", "%")


def smaller_costs_less(evidence: SetupEvidence) -> Finding:
    """Fail when a factor that is declared as a size shrinks, and nothing that counts work does.

    Costs are the metrics of which less is better, but for shares, and the CPU time. If only
    times fail to shrink it is a warning, since start-up may hide the work. A program whose counts
    do not hang on how much it is given has not done the work. Mended by working on all the input.
    """
    sizes = [f for v in evidence.plan.vary if (f := evidence.plan.factor(v.factor)) and f.size]
    if not sizes:
        return skipped("no varied factor is declared as a size")
    base = measured(evidence, BASE)
    compared = 0
    for factor in sizes:
        pair = _ordered(factor, base, measured(evidence, factor_probe(factor.name)))
        if pair is None:
            continue
        compared += 1
        small, large = pair
        if any(_cost(m, small) < _cost(m, large) for m in costs(evidence.plan)):
            continue
        if _cpu_s(small) < 0.8 * _cpu_s(large):
            continue
        text = f"with less of {factor.name} nothing costs less"
        counted = [m for m in costs(evidence.plan) if m.noise != "timing"]
        if counted:
            return failed(text, remedy=mend_program(evidence.setup))
        return warned(text)
    return passed("less input costs less") if compared else skipped("no two sizes to compare")


def costs(plan: Plan) -> tuple[Metric, ...]:
    """The metrics that say how much work was done."""
    return tuple(
        m
        for m in plan.metrics
        if m.better == "lower" and m.unit not in _NO_COUNTS and m.high is None
    )


def _ordered(factor: Factor, one: Tried | None, two: Tried | None) -> tuple[Tried, Tried] | None:
    """The trial with the smaller size and the one with the larger, if they are far apart."""
    if one is None or two is None:
        return None
    sized = [(level_of(t.started.settings, factor.name), t) for t in (one, two)]
    numbers = [(float(x), t) for x, t in sized if isinstance(x, int | float)]
    if len(numbers) < 2:
        return None
    (low, small), (high, large) = sorted(numbers, key=lambda pair: pair[0])
    return (small, large) if low > 0 and high / low >= LEAST_RATIO else None


def _cost(metric: Metric, tried: Tried) -> float:
    return tried.value(metric.name) or 0.0


def _cpu_s(tried: Tried) -> float:
    return (tried.outcome.usage.cpu_s if tried.outcome else None) or 0.0
