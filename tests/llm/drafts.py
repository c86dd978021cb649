"""What the tests of models ask and answer: the largest type that a model is asked for."""

from typing import Any

from curie.domain.call import Message, ModelCall, Prompt
from curie.domain.claim import Best, Difference, Equivalence, Trend
from curie.domain.plan import Draft, Hypothesis, Program, Varied
from curie.domain.setting import Setting
from curie.domain.system import Factor, Metric
from curie.llm.voice import Logbook

PROMPT = Prompt(
    role="architect",
    template_sha256="0" * 64,
    messages=(
        Message(role="system", content="You design experiments."),
        Message(role="user", content="Does efSearch change recall?"),
    ),
)

EF = Factor(
    name="ef_search",
    type="int",
    default=64,
    low=8,
    high=512,
    level_words=(("wide", 512), ("narrow", 8)),
)
DRAFT = Draft(
    system="vector_index",
    understood="How recall moves with ef_search.",
    hypotheses=(
        Hypothesis(id="c1", claim=Trend(metric="recall", factor="ef_search", shape="rises")),
        Hypothesis(
            id="c2",
            claim=Difference(
                metric="latency_ms",
                a=(Setting(factor="ef_search", level=256),),
                b=(Setting(factor="ef_search", level=16),),
                direction="higher",
                at_least_share=0.1,
                where=(Setting(factor="index", level="hnsw"),),
            ),
            why="More candidates cost time.",
        ),
        Hypothesis(id="c3", claim=Best(metric="recall", factor="ef_search", goal="highest")),
        Hypothesis(
            id="c4",
            claim=Equivalence(
                metric="recall",
                a=(Setting(factor="exact", level=True),),
                b=(Setting(factor="exact", level=False),),
                margin=0.5,
            ),
        ),
    ),
    vary=(Varied(factor="ef_search", levels=(16, 64.5, "many", True)),),
    control=(Setting(factor="ef_search", level=16),),
    program=Program(
        purpose="measure", factors=(EF,), metrics=(Metric(name="t", unit="s", noise="timing"),)
    ),
)
ANSWER: dict[str, Any] = DRAFT.model_dump(mode="json")

WRONG = {**ANSWER, "design": "by_feeling"}


class Ledger:
    """Remembers calls as the store does."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    def already(self, role: str) -> int:
        """The highest number that a role has."""
        return max((c.number for c in self.calls if c.role == role), default=0)

    def spent(self) -> float:
        """What all calls cost, in USD."""
        return sum(c.usd or 0.0 for c in self.calls)

    @property
    def logbook(self) -> Logbook:
        """What a dialogue writes to."""
        return Logbook(record=self.calls.append, already=self.already)
