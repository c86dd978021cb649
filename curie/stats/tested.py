"""What one test hands to `analyse`, before p-values are corrected over the family."""

from dataclasses import dataclass
from functools import cached_property

from curie.domain.analysis import ClaimVerdict
from curie.domain.plan import Plan
from curie.domain.system import Metric
from curie.stats.samples import Layout, Sample
from curie.stats.table import Table

LEAST = 3
"""Replicates below which a noisy metric is not tested: a spread from two numbers is no spread."""


@dataclass(frozen=True)
class Case:
    """All that a test may know: the plan, and its measured trials as they stand at one look."""

    layout: Layout
    table: Table
    look: int
    """The number of the look, from 1."""

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.layout.plan

    @cached_property
    def alpha(self) -> float:
        """Error rate of the plan's family at this look."""
        return self.plan.look(self.look).alpha

    @property
    def share(self) -> float:
        """Alpha of one claim of the family, at its strictest: for what is found beside the p."""
        return self.alpha / len(self.plan.hypotheses)

    @property
    def confidence(self) -> float:
        """Nominal level of every interval: over all looks, they err as often as alpha says."""
        return 1.0 - self.alpha

    @property
    def dice(self) -> int:
        """Seed of the permutations, so that the same evidence gives the same numbers."""
        return self.plan.order_seed

    def metric(self, name: str) -> Metric:
        """The metric; one that the plan does not know is taken for noisy and without unit."""
        return self.plan.metric(name) or Metric(name=name, unit="", noise="seeded")

    def deterministic(self, name: str) -> bool:
        """Whether the metric is declared to depend on the settings alone."""
        return self.metric(name).noise == "deterministic"

    def spread_share(self, name: str) -> float:
        """What is declared of a metric's spread: 0 where the settings alone decide."""
        return 0.0 if self.deterministic(name) else self.metric(name).spread_share


@dataclass(frozen=True)
class Conclusion:
    """A verdict and what was found, in words without numbers."""

    verdict: ClaimVerdict
    found: str


@dataclass(frozen=True)
class Tested:
    """One claim after its test. `p` is None where the comparison is exact or has no p-value."""

    effect: str
    unit: str
    method: str
    sure: Conclusion
    """What holds if p is None, or if p stays at or below alpha after correction."""
    unsure: Conclusion
    """What holds otherwise."""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    notes: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()


def refuse(
    why: str,
    *,
    effect: str,
    unit: str,
    notes: tuple[str, ...] = (),
    samples: tuple[Sample, ...] = (),
) -> Tested:
    """An inconclusive result that says why nothing was tested: better than to pretend."""
    conclusion = Conclusion("inconclusive", "not tested")
    return Tested(
        effect=effect,
        unit=unit,
        method="not tested",
        sure=conclusion,
        unsure=conclusion,
        notes=(why, *notes),
        samples=tuple(s for s in samples if s.replicates),
    )
