"""What one test hands to `analyse`, before p-values are corrected over the family."""

from dataclasses import dataclass

from curie.domain.analysis import ClaimVerdict
from curie.domain.plan import Plan
from curie.domain.system import Metric
from curie.stats.samples import Sample
from curie.stats.table import Table

LEAST = 3
"""Replicates below which a noisy metric is not tested: a spread from two numbers is no spread."""


@dataclass(frozen=True)
class Case:
    """All that a test may know: the plan and its measured trials."""

    plan: Plan
    table: Table

    @property
    def alpha(self) -> float:
        """Error rate of the plan's family."""
        return self.plan.alpha

    @property
    def confidence(self) -> float:
        """Nominal level of every interval."""
        return 1.0 - self.plan.alpha

    @property
    def dice(self) -> int:
        """Seed of the resampling, so that the same evidence gives the same numbers."""
        return self.plan.order_seed

    def metric(self, name: str) -> Metric:
        """The metric; one that the plan does not know is taken for noisy and without unit."""
        return self.plan.metric(name) or Metric(name=name, unit="", noise="seeded")

    def deterministic(self, name: str) -> bool:
        """Whether the metric is declared to depend on the settings alone."""
        return self.metric(name).noise == "deterministic"


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
