"""The names of the probes: how the loop says, and the live checks find, what each one is for.

A probe is a trial of phase `probe` whose arm is one of these names.
"""

from curie.domain.plan import Plan
from curie.domain.setting import level_of
from curie.rigor.design import among

BASE = "probe:base"
"""The control's settings, with some seed."""
AGAIN = "probe:again"
"""The same settings and the same seed, in a fresh box."""
SEED = "probe:seed"
"""The same settings with another seed."""

SEED_TOO = "probe:another seed"
"""And with a third seed: two equal counts may be an accident."""
USED = "probe:used"
"""The base once more, in a box in which other trials ran before it."""
NO_DATA = "probe:missing data"
"""The base without the data set that was brought."""
NONSENSE = "no-such-level"
"""A level that means nothing to any named factor."""

SAMPLE = 3
"""Analysed trials that are run once more in fresh boxes, at least; each arm has one among them."""
MISSING = 2
"""Probes with an input missing, at most."""


def factor_probe(factor: str) -> str:
    """The arm of the probe in which that factor alone is moved to another level."""
    return f"probe:{factor}"


def missing_probe(factor: str) -> str:
    """The arm of the probe in which that factor's setting is left out of the config."""
    return f"probe:missing {factor}"


def nonsense_probe(factor: str) -> str:
    """The arm of the probe in which that factor is at a level that means nothing."""
    return f"probe:nonsense {factor}"


def named_factor(plan: Plan) -> str | None:
    """The factor that is tried at a level that means nothing: a varied one with named levels."""
    for varied in plan.vary:
        factor = plan.factor(varied.factor)
        if factor is not None and factor.type == "str" and factor.levels:
            return factor.name
    return None


def sample_size(plan: Plan) -> int:
    """How many trials are run once more: one of each arm, and `SAMPLE` in all if there are."""
    return min(max(SAMPLE, len(plan.arms)), len(plan.arms) * len(plan.seeds))


def refusals(plan: Plan, *, data: bool) -> tuple[str, ...]:
    """The probes that a program written or brought for this run has to refuse, by their arms."""
    lacking = [missing_probe(v.factor) for v in plan.vary]
    if data:
        lacking.insert(0, NO_DATA)
    named = named_factor(plan)
    return (*lacking[:MISSING], *((nonsense_probe(named),) if named else ()))


def wanted_probes(plan: Plan) -> tuple[str, ...]:
    """The arms of the probes that the setup gate asks for; a factor with one level has none."""
    controls = [plan.full_settings(a) for a in plan.arms if a.role == "control"]
    moved = []
    for varied in plan.vary:
        held = [x for c in controls if (x := level_of(c, varied.factor)) is not None]
        if any(not among(level, held) for level in varied.levels):
            moved.append(factor_probe(varied.factor))
    return (BASE, AGAIN, SEED, *moved)
