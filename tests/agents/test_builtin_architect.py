"""Questions in words and the designs that the built-in architect makes of them."""

from itertools import pairwise

import pytest

from curie.agents.briefs import ArchitectBrief
from curie.agents.builtin.architect import BuiltinArchitect
from curie.agents.design import Circumstances, complete
from curie.bench.questions import load_questions
from curie.domain.claim import (
    Best,
    Difference,
    Equivalence,
    Law,
    Ratio,
    Threshold,
    Trend,
    factors_of,
)
from curie.domain.errors import NotAnswerable
from curie.domain.question import Budget
from curie.domain.verdict import Finding, Verdict
from curie.rigor import PlanEvidence, judge
from curie.sandbox.manifest import find, load, shipped_folder
from curie.stats import TESTED
from tests.agents.asking import SHELF, brief, draft, systems
from tests.domain.samples import held

HNSW = held(index="hnsw")
PERSEUS, FULL, ENVPIPE = held(planner="perseus"), held(planner="all_max"), held(planner="envpipe")


def smallest_effect(system, metric):
    """What the manifest calls the smallest change that anybody would mind."""
    return load(find(system)).metric(metric).smallest_effect_share


QUESTIONS = shipped_folder().parent / "benchmark_questions"

READINGS = [
    (
        "How does efSearch change recall and latency of an HNSW index?",
        [
            Trend(metric="recall", factor="ef_search", where=HNSW),
            Trend(metric="latency_ms", factor="ef_search", where=HNSW),
        ],
    ),
    (
        "Does Perseus cut the energy of a pipeline-parallel iteration without slowing it down?",
        [
            Difference(metric="iteration_energy_j", a=PERSEUS, b=FULL, direction="lower"),
            Equivalence(
                metric="iteration_time_s", a=PERSEUS, b=FULL,
                margin_share=smallest_effect("perseus", "iteration_time_s"),
                side="not_higher",
            ),
        ],
    ),
    (
        "Does Perseus cut energy without slowing it down by more than 2 %?",
        [
            Difference(metric="iteration_energy_j", a=PERSEUS, b=FULL, direction="lower"),
            Equivalence(
                metric="iteration_time_s", a=PERSEUS, b=FULL, margin_share=0.02, side="not_higher"
            ),
        ],
    ),
    (
        "What is the smallest efSearch that reaches a recall of 0.9?",
        [Threshold(metric="recall", factor="ef_search", side="at_least", bound=0.9, where=HNSW)],
    ),
    (
        "Which efSearch is the smallest with a recall of at least 95 % in an HNSW index?",
        [Threshold(metric="recall", factor="ef_search", side="at_least", bound=0.95, where=HNSW)],
    ),
    (
        "Which efSearch has a recall of at least 0.9 at the lowest latency?",
        [
            Threshold(
                metric="recall", factor="ef_search", side="at_least", bound=0.9,
                cost="latency_ms", where=HNSW,
            )
        ],
    ),
    (
        "What is the lowest efSearch whose latency stays below 5 ms?",
        [Threshold(metric="latency_ms", factor="ef_search", side="at_most", bound=5, where=HNSW)],
    ),
    (
        "Which index has the lowest memory?",
        [Best(metric="memory_mib", factor="index", goal="lowest")],
    ),
    (
        "Which uses less memory, HNSW or IVF?",
        [Best(metric="memory_mib", factor="index", goal="lowest")],
    ),
    (
        "Which planner has the highest throughput?",
        [Best(metric="microbatches_per_s", factor="planner", goal="highest")],
    ),
    (
        "How much energy does Perseus save compared with EnvPipe?",
        [Ratio(metric="iteration_energy_j", a=PERSEUS, b=ENVPIPE)],
    ),
    (
        "Does latency grow linearly with efSearch?",
        [Law(metric="latency_ms", factor="ef_search", form="linear", where=HNSW)],
    ),
    (
        "Does latency grow linearly with M?",
        [Law(metric="latency_ms", factor="m", form="linear", where=HNSW)],
    ),
    (
        "Does raising M increase memory?",
        [Trend(metric="memory_mib", factor="m", shape="rises", where=HNSW)],
    ),
    (
        "Does a larger efSearch reduce recall?",
        [Trend(metric="recall", factor="ef_search", shape="falls", where=HNSW)],
    ),
    (
        "Does efConstruction not change memory?",
        [Trend(metric="memory_mib", factor="ef_construction", shape="flat", where=HNSW)],
    ),
    (
        "Is there a sweet spot of straggler for the energy reduction?",
        [Trend(metric="energy_saving_share", factor="straggler", shape="peaks")],
    ),
    (
        "How does the number of stages affect the energy saving of Perseus?",
        [Trend(metric="energy_saving_share", factor="stages", where=PERSEUS)],
    ),
    (
        "Does Perseus cut the energy by at least 10 % compared with full speed?",
        [
            Difference(
                metric="iteration_energy_j", a=PERSEUS, b=FULL, direction="lower",
                at_least_share=0.1,
            )
        ],
    ),
    (
        "Does Perseus lower the average power by at least 20 W?",
        [Difference(metric="average_power_w", a=PERSEUS, b=FULL, direction="lower", at_least=20)],
    ),
    (
        "Does Perseus slow the iteration down by less than 1 %?",
        [
            Equivalence(
                metric="iteration_time_s", a=PERSEUS, b=FULL, margin_share=0.01, side="not_higher"
            )
        ],
    ),
    (
        "Compared with EnvPipe, does Perseus save energy?",
        [Difference(metric="iteration_energy_j", a=PERSEUS, b=ENVPIPE, direction="lower")],
    ),
    (
        "Compare Perseus and EnvPipe in iteration time.",
        [Difference(metric="iteration_time_s", a=PERSEUS, b=ENVPIPE)],
    ),
    (
        "Is HNSW faster than exact search?",
        [Difference(metric="latency_ms", a=HNSW, b=held(index="flat"), direction="lower")],
    ),
    (
        "With efSearch at 256, is HNSW faster than exact search?",
        [
            Difference(
                metric="latency_ms", a=HNSW, b=held(index="flat"), direction="lower",
                where=held(ef_search=256),
            )
        ],
    ),
    (
        "Is Perseus slower than full speed with 96 microbatches?",
        [
            Difference(
                metric="iteration_time_s", a=PERSEUS, b=FULL, direction="higher",
                where=held(microbatches=96),
            )
        ],
    ),
    (
        "Does increasing efConstruction from 40 to 160 raise the build time?",
        [
            Difference(
                metric="build_time_s", a=held(ef_construction=160), b=held(ef_construction=40),
                direction="higher", where=HNSW,
            )
        ],
    ),
    (
        "Does using 2 search threads instead of 1 lower the recall of an HNSW index?",
        [
            Difference(
                metric="recall", a=held(threads=2), b=held(threads=1), direction="lower", where=HNSW
            )
        ],
    ),
    (
        "Does the recall of an HNSW index stay the same for 1 or 2 threads?",
        [
            Equivalence(
                metric="recall", a=held(threads=2), b=held(threads=1),
                margin_share=smallest_effect("vector_index", "recall"), where=HNSW,
            )
        ],
    ),
    (
        "Does Perseus lower the energy for GPT-3 on an A100 GPU?",
        [Difference(metric="iteration_energy_j", a=PERSEUS, b=FULL, direction="lower")],
    ),
]  # fmt: skip

LEVELS = [
    ("How does recall change with efSearch?", "ef_search", (16, 32, 64, 128, 256), 16),
    ("How does recall change with efSearch from 16 to 128?", "ef_search", (16, 32, 64, 128), 16),
    ("How does recall change with nprobe from 16 to 128?", "nprobe", (16, 27, 45, 76, 128), 16),
    ("How does recall change with efSearch 256, 16 and 64?", "ef_search", (16, 64, 256), 16),
    ("Does latency grow linearly with M?", "m", (8, 18, 28, 38, 48), 8),
    ("Does memory change when raising M from 8 to 32?", "m", (8, 32), 8),
    ("Does efSearch of 256 lower the latency?", "ef_search", (16, 256), 16),
    (
        "Which planner has the lowest energy?",
        "planner",
        ("all_max", "perseus", "envpipe", "zeus_global", "zeus_per_stage"),
        "all_max",
    ),
]


@pytest.mark.parametrize(("text", "claims"), READINGS, ids=[t for t, _ in READINGS])
def test_a_question_is_read_as_the_claims_that_answer_it(text, claims):
    assert [h.claim for h in draft(text).hypotheses] == claims


@pytest.mark.parametrize(("text", "factor", "levels", "control"), LEVELS)
def test_a_question_is_read_with_its_levels_and_their_control(text, factor, levels, control):
    design = draft(text)
    assert [(v.factor, v.levels) for v in design.vary] == [(factor, levels)]
    assert design.control == held(**{factor: control})


@pytest.mark.parametrize("text", [t for t, _ in READINGS] + [t for t, *_ in LEVELS])
def test_what_is_read_passes_the_plan_gate(text):
    design = draft(text)
    system = load(find(design.system))
    given = Circumstances(plan_id="p1", question=text, first_seed=1, order_key="run")
    evidence = PlanEvidence(
        plan=complete(design, system, given),
        system=system,
        budget=Budget(),
        trials_spent=0,
        tested_kinds=TESTED,
    )
    assert judge("plan", evidence, subject="p1", round=1).failures == ()


def test_what_a_factor_needs_is_held_and_told():
    design = draft("How does efSearch change recall?")
    assert design.hold == HNSW
    assert any("index=hnsw was held" in limit for limit in design.limits)


def test_what_a_held_factor_needs_is_held_too():
    design = draft("Does Perseus cut energy when data parallelism is 64?")
    assert design.hold == held(data_parallel=64, straggler=1.2)


def test_what_the_question_says_wins_over_what_a_factor_needs():
    assert draft("How does nprobe change the recall of an IVF-PQ index?").hold == held(
        index="ivf_pq"
    )


def test_what_the_question_says_already_is_not_told_as_an_assumption():
    assert not any("held, since" in s for s in draft(READINGS[0][0]).limits)


def test_a_question_that_names_no_metric_is_about_the_first_one_and_says_so():
    design = draft("Does Perseus help?")
    assert [h.claim.metric for h in design.hypotheses] == ["iteration_energy_j"]
    assert any("No metric was named" in limit for limit in design.limits)


def test_the_understanding_names_factor_levels_and_claims():
    said = draft("How does efSearch change recall?").understood
    for part in ("ef_search", "16, 32, 64, 128, 256", "index=hnsw", "recall changes along"):
        assert part in said


REFUSED = [
    ("What is love?", "no word of a shipped system", "perseus, vector_index"),
    ("?", "no word of a shipped system", "--model"),
    ("How is the weather in HNSW?", "names nothing that is measured", "recall"),
    ("Does training matter for embedding?", "names none of the factors", "ef_search"),
    ("How do efSearch and M change recall?", "ef_search and m at once", "each by itself"),
    ("Does the effect of efSearch on recall depend on M?", "at once", "--model"),
    ("What is the largest efSearch whose latency stays below 5 ms?", "not the largest", "ask how"),
    ("Does HNSW reach a recall of 0.9?", "at one level", "smallest level"),
    ("How does sorting time grow with the input size in Python?", "", "--model"),
]


@pytest.mark.parametrize(("text", "why", "advice"), REFUSED)
def test_what_cannot_be_read_is_refused_with_a_reason_and_a_way_on(text, why, advice):
    with pytest.raises(NotAnswerable) as refusal:
        draft(text)
    assert why in str(refusal.value)
    assert advice in str(refusal.value)


def test_a_question_that_fits_two_systems_equally_names_both():
    twins = tuple(systems()[1].but(name=name) for name in ("one_index", "other_index"))
    with pytest.raises(NotAnswerable, match="--system one_index or --system other_index"):
        BuiltinArchitect().draft(brief("How does efSearch change recall?", systems=twins))


def test_a_comment_is_refused_since_plain_code_cannot_follow_it():
    with pytest.raises(NotAnswerable, match="comment"):
        BuiltinArchitect().draft(brief("How does efSearch change recall?", comments=("more",)))


def verdict(gate):
    finding = Finding(check="budget_suffices", status="failed", detail="too many", remedy="again")
    return Verdict(
        gate=gate, subject="p1", round=1, findings=(finding,), accepted=False, remedy="replan"
    )


def test_a_plan_that_was_refused_is_not_drafted_again_word_for_word():
    told = brief("How does efSearch change recall?", verdicts=(verdict("plan"),))
    with pytest.raises(NotAnswerable, match="budget_suffices: too many"):
        BuiltinArchitect().draft(told)


def test_after_evidence_that_was_refused_the_same_design_is_drafted_again():
    text = "How does efSearch change recall?"
    again = BuiltinArchitect().draft(brief(text, verdicts=(verdict("control"),)))
    assert again == draft(text)


def test_a_brief_needs_a_system():
    with pytest.raises(ValueError, match="systems"):
        ArchitectBrief(question=brief("x").question, systems=(), tested=())


BENCH = [q for q in load_questions(QUESTIONS) if q.system in SHELF[:2]]


@pytest.mark.parametrize("question", BENCH, ids=[q.name for q in BENCH])
def test_a_benchmark_question_is_read_with_the_metrics_and_factors_of_its_key(question):
    def about(claims):
        return {(c.metric, factors_of(c), c.where) for c in claims}

    claims = [h.claim for h in draft(question.text).hypotheses]
    assert about(claims) == about(question.key)


def test_levels_of_numbers_are_in_order():
    for text, *_ in LEVELS:
        for varied in draft(text).vary:
            if all(isinstance(x, int | float) for x in varied.levels):
                assert all(a < b for a, b in pairwise(varied.levels))
