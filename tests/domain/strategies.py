"""Hypothesis strategies for levels, settings, claims and plans."""

from hypothesis import strategies as st

from curie.domain.claim import (
    Best,
    Claim,
    Difference,
    Equivalence,
    Frontier,
    Interaction,
    Law,
    Ranking,
    Ratio,
    Threshold,
    Trend,
)
from curie.domain.plan import Arm, Plan
from curie.domain.setting import Level, Setting, Settings
from tests.domain.samples import FUEL, PLAN, SHRINKAGE, TREND, held

finite = st.floats(allow_nan=False, allow_infinity=False)
names = st.text(min_size=1, max_size=8)
levels: st.SearchStrategy[Level] = (
    st.booleans() | st.integers(-(2**53), 2**53) | finite | st.text(max_size=8)
)
settings: st.SearchStrategy[Settings] = st.lists(
    st.builds(Setting, factor=names, level=levels), max_size=4
).map(tuple)
some_levels = st.lists(levels, max_size=4).map(tuple)
goals = st.sampled_from(["lowest", "highest"])
positive = st.floats(min_value=1e-9, max_value=1e9)

_pair = {"metric": names, "a": settings, "b": settings, "where": settings}
_scan = {"metric": names, "factor": names, "where": settings}

CLAIMS: dict[str, st.SearchStrategy[Claim]] = {
    "difference": st.builds(
        Difference,
        **_pair,
        direction=st.none() | st.sampled_from(["higher", "lower"]),
        at_least_share=st.just(0.0) | positive,
    ),
    "ratio": st.builds(Ratio, **_pair, low=st.none() | finite, high=st.none() | finite),
    "trend": st.builds(
        Trend,
        **_scan,
        shape=st.none() | st.sampled_from(["rises", "falls", "flat", "peaks", "dips"]),
    ),
    "best": st.builds(Best, **_scan, goal=goals, levels=some_levels),
    "ranking": st.builds(
        Ranking, **_scan, goal=goals, order=st.lists(some_levels, max_size=3).map(tuple)
    ),
    "threshold": st.builds(
        Threshold,
        **_scan,
        side=st.sampled_from(["at_least", "at_most"]),
        bound=finite,
        cost=st.none() | names,
        level=st.none() | levels,
    ),
    "equivalence": st.builds(
        Equivalence,
        **_pair,
        margin=positive,
        side=st.sampled_from(["both", "not_higher", "not_lower"]),
    ),
    "law": st.builds(
        Law,
        **_scan,
        form=st.none() | st.sampled_from(["linear", "log", "power", "saturating", "exponential"]),
        low=st.none() | finite,
        high=st.none() | finite,
    ),
    "interaction": st.builds(Interaction, **_scan, by=names),
    "frontier": st.builds(
        Frontier, **_scan, goal=goals, other=names, other_goal=goals, levels=some_levels
    ),
}
"""Each kind of claim with anything that it may hold."""

claims = st.one_of(*CLAIMS.values())


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans with one control, up to five treatments, up to six seeds; timed or not."""
    control = Arm(id="control", role="control", settings=held(peak_c=900.0))
    treatments = [
        Arm(id=f"a{n}", role="treatment", settings=held(peak_c=901.0 + n))
        for n in range(draw(st.integers(0, 5)))
    ]
    metric = draw(st.sampled_from([SHRINKAGE, FUEL]))
    return PLAN.but(
        arms=tuple(draw(st.permutations([control, *treatments]))),
        seeds=tuple(draw(st.lists(st.integers(0, 2**31), min_size=1, max_size=6, unique=True))),
        order_seed=draw(st.integers(0, 2**31)),
        hypotheses=(PLAN.hypotheses[0].but(claim=TREND.but(metric=metric.name)),),
    )
