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

SAMPLE = 3
"""Analysed trials that are run once more in fresh boxes, where there are so many."""


def factor_probe(factor: str) -> str:
    """The arm of the probe in which that factor alone is moved to another level."""
    return f"probe:{factor}"


def wanted_probes(plan: Plan) -> tuple[str, ...]:
    """The arms of the probes that the setup gate asks for; a factor with one level has none."""
    controls = [plan.full_settings(a) for a in plan.arms if a.role == "control"]
    moved = []
    for varied in plan.vary:
        held = [x for c in controls if (x := level_of(c, varied.factor)) is not None]
        if any(not among(level, held) for level in varied.levels):
            moved.append(factor_probe(varied.factor))
    return (BASE, AGAIN, SEED, *moved)
