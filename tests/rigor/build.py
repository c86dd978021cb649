"""Plans and answers with good defaults: a sound experiment on sorting; a test changes one thing."""

from typing import Any

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer, Sentence
from curie.domain.claim import Claim, Difference
from curie.domain.plan import Arm, Hypothesis, Plan, Power, Varied
from curie.domain.question import Budget
from curie.domain.setting import Level, Setting, Settings, overlay
from curie.domain.system import Factor, Metric, System
from curie.rigor import AnswerEvidence, PlanEvidence

ALGORITHM = Factor(
    name="algorithm", type="str", default="insertion", levels=("insertion", "merge", "heap")
)
SIZE = Factor(name="size", type="int", default=100, low=1, high=100_000)
CUTOFF = Factor(
    name="cutoff",
    type="int",
    default=0,
    levels=(0, 8, 16),
    needs=(Setting(factor="algorithm", level="merge"),),
)
COMPARISONS = Metric(name="comparisons", unit="1", low=0.0, noise="seeded", spread_share=0.02)
SORT_MS = Metric(name="sort_ms", unit="ms", low=0.0, noise="timing", spread_share=0.05)
DEPTH = Metric(name="depth", unit="1", low=0.0, high=50.0, noise="deterministic")


def at(**levels: Level) -> Settings:
    """Settings by keyword."""
    return overlay((), tuple(Setting(factor=f, level=x) for f, x in levels.items()))


def system(**changes: Any) -> System:
    """The system under test."""
    sound = System(
        name="sorting",
        title="Sorting",
        about="How sorting algorithms scale.",
        real="the counts",
        modelled="nothing",
        mode="measured",
        time_limit_s=10.0,
        factors=(ALGORITHM, SIZE, CUTOFF),
        metrics=(COMPARISONS, SORT_MS, DEPTH),
    )
    return sound.but(**changes)


def difference(**changes: Any) -> Difference:
    """Merge sort compares less than insertion sort."""
    sound = Difference(
        metric="comparisons",
        a=at(algorithm="merge"),
        b=at(algorithm="insertion"),
        direction="lower",
    )
    return sound.but(**changes)


def arm(name: str, **levels: Level) -> Arm:
    """An arm; the control by its name."""
    role = "control" if name.startswith("control") else "treatment"
    return Arm(id=name, role=role, settings=at(**levels))


def power(hypothesis: str = "c1", **changes: Any) -> Power:
    """Enough power."""
    sound = Power(
        hypothesis=hypothesis,
        smallest_effect_share=0.05,
        spread_share=0.02,
        source="manifest",
        power=0.9,
        promised=0.8,
    )
    return sound.but(**changes)


def plan(*claims: Claim, **changes: Any) -> Plan:
    """A sound plan: two algorithms, three seeds, one claim unless others are given."""
    asked = claims or (difference(),)
    sound = Plan(
        id="p1",
        system="sorting",
        question="Does merge sort compare less than insertion sort?",
        understood="comparisons of two algorithms",
        hypotheses=tuple(Hypothesis(id=f"c{i}", claim=c) for i, c in enumerate(asked, start=1)),
        factors=(ALGORITHM, SIZE, CUTOFF),
        metrics=(COMPARISONS, SORT_MS, DEPTH),
        vary=(Varied(factor="algorithm", levels=("insertion", "merge")),),
        design="one_at_a_time",
        arms=(arm("control", algorithm="insertion"), arm("t1", algorithm="merge")),
        seeds=(1, 2, 3),
        order_seed=7,
        alpha=0.05,
        power=tuple(power(f"c{i}") for i in range(1, len(asked) + 1)),
    )
    return sound.but(**changes)


def size_plan(*claims: Claim, levels: tuple[int, ...] = (10, 100, 1000), **changes: Any) -> Plan:
    """A plan along `size`, whose first level is the control's."""
    control, *rest = levels
    arms = [arm("control", size=control), *(arm(f"t{x}", size=x) for x in rest)]
    fields = {"vary": (Varied(factor="size", levels=levels),), "arms": tuple(arms), **changes}
    return plan(*claims, **fields)


def timed_plan(**changes: Any) -> Plan:
    """A plan whose claim rests on the machine's speed."""
    return plan(difference(metric="sort_ms"), power=(power(spread_share=0.05),), **changes)


def plan_evidence(of: Plan | None = None, **changes: Any) -> PlanEvidence:
    """A sound plan with budget enough."""
    fields = {
        "plan": of or plan(),
        "system": system(),
        "budget": Budget(trials=100),
        "trials_spent": 0,
        "tested_kinds": frozenset({"difference", "trend", "law", "best"}),
    }
    return PlanEvidence(**{**fields, **changes})


def analysis(**changes: Any) -> Analysis:
    """Merge sort was found to compare less."""
    sound = Analysis(
        id="c1",
        plan="p1",
        claim=difference(),
        verdict="supported",
        found="lower",
        effect="difference a - b",
        estimate=-1800.0,
        low=-1900.0,
        high=-1700.0,
        unit="1",
        confidence=0.95,
        p=0.001,
        n=6,
        method="paired t test",
    )
    return sound.but(**changes)


def answer_evidence(
    *texts: str, analyses: tuple[Analysis, ...] | None = None, **changes: Any
) -> AnswerEvidence:
    """An answer of these sentences, each about c1."""
    said = texts or ("Merge sort lowers the comparisons by {{ claim.c1.estimate }}.",)
    sound = Answer(
        id="a1",
        verdict="supported",
        sentences=tuple(Sentence(text=t, claims=("c1",)) for t in said),
        limits=("Only random inputs were sorted.",),
        plan="p1",
    )
    plans = changes.pop("plans", (plan(),))
    return AnswerEvidence(
        plans=plans,
        analyses=(analysis(),) if analyses is None else analyses,
        answer=sound.but(**changes),
    )
