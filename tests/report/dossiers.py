"""A run on a vector index as the ledger would hold it, made by hand: change what matters."""

import random
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from curie.domain.analysis import Analysis, LevelSummary
from curie.domain.answer import Answer, Sentence
from curie.domain.claim import Claim, Difference, Trend
from curie.domain.dossier import AnyFact, Chosen, Closed, Dossier, Entry, Opened, Role
from curie.domain.outcome import Failed, Measured, MetricValue, Result, Usage
from curie.domain.plan import Arm, Frozen, Hypothesis, Plan, Power, Trial, Varied
from curie.domain.question import Budget, Question
from curie.domain.setting import Setting, Settings
from curie.domain.setup import Guard, Host, Image, Package, Posture, Setup, SourceFile, Started
from curie.domain.system import Factor, Metric, System
from curie.domain.verdict import Finding, Verdict

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
EF = (16, 32, 64, 128, 256, 512)
SEEDS = tuple(range(1, 9))
QUESTION = "How does efSearch change recall and latency of an HNSW index?"


def ef(level: int) -> Settings:
    return (Setting(factor="ef_search", level=level),)


def system(**changes: object) -> System:
    return System(
        name="vector_index",
        title="Approximate nearest neighbours",
        about="How index parameters trade recall against latency.",
        paper="Malkov and Yashunin 2018, arXiv:1603.09320",
        real="The index is built and searched; recall is exact.",
        modelled="The vectors are generated from clusters.",
        mode="measured",
        time_limit_s=60,
        factors=(
            Factor(name="ef_search", type="int", unit="candidates", default=64, low=1, high=4096),
            Factor(name="m", type="int", default=16, levels=(8, 16, 32)),
        ),
        metrics=(
            Metric(name="recall_at_10", unit="", noise="seeded", better="higher", low=0, high=1),
            Metric(name="latency_us", unit="µs", noise="seeded", better="lower"),
        ),
    ).but(**changes)


def claims() -> tuple[Hypothesis, ...]:
    rises = Trend(metric="recall_at_10", factor="ef_search", shape="rises")
    return (
        Hypothesis(id="c1", claim=rises, why="A wider beam visits more true neighbours."),
        Hypothesis(id="c2", claim=rises.but(metric="latency_us"), why="It visits more of all."),
        Hypothesis(
            id="c3",
            claim=Difference(
                metric="latency_us", a=ef(512), b=ef(16), direction="higher", at_least=100
            ),
            why="The ends of the range.",
        ),
    )


def plan(**changes: object) -> Plan:
    here = system()
    return Plan(
        id="p1",
        system=here.name,
        question=QUESTION,
        understood="Vary ef_search, hold the rest; measure recall_at_10 and latency_us.",
        hypotheses=claims(),
        factors=here.factors,
        metrics=here.metrics,
        vary=(Varied(factor="ef_search", levels=EF),),
        hold=(Setting(factor="m", level=32),),
        design="one_at_a_time",
        arms=tuple(
            Arm(id=f"ef{v}", role="control" if v == 16 else "treatment", settings=ef(v)) for v in EF
        ),
        seeds=SEEDS,
        order_seed=99,
        alpha=0.05,
        power=(
            Power(
                hypothesis="c1",
                smallest_effect_share=0.05,
                spread_share=0.0213,
                source="manifest",
                power=0.987,
                promised=0.8,
            ),
        ),
        limits=("Only one data distribution.",),
    ).but(**changes)


def posture(backend: str = "docker", **changes: object) -> Posture:
    guards = (
        Guard(name="network", on=True, detail="none"),
        Guard(name="reading other files", on=backend == "docker", detail="shares the file system"),
    )
    engine = "Docker 27.3.1, runc 1.1" if backend == "docker" else "Linux 6.1"
    return Posture(backend=backend, engine=engine, guards=guards).but(**changes)


def setup(**changes: object) -> Setup:
    return Setup(
        id="s1",
        plan="p1",
        system="vector_index",
        argv=("python", "-m", "sandboxes.vector_index", "/trial"),
        files=(SourceFile(path="model.py", sha256="ab" * 32, text="pass"),),
        image=Image(
            name="curie/vector_index",
            digest="sha256:" + "cd" * 32,
            base="debian:12",
            packages=(Package(name="numpy", version="2.1.3"), Package(name="faiss", version="1.9")),
            python="3.11.2",
        ),
        posture=posture(),
        host=Host(cpu="a CPU", cores=2, memory_mib=7900, kernel="6.1.0", python="3.11.2"),
        time_limit_s=60,
        written_by="shipped",
    ).but(**changes)


def recall(level: int, rng: random.Random) -> float:
    return min(1.0, 1 - 1.9 / level + rng.gauss(0, 0.006))


def latency(level: int, rng: random.Random) -> float:
    return 20 + 1.1 * level + rng.gauss(0, 9)


Model = Callable[[int, random.Random], float]
MODELS: dict[str, Model] = {"recall_at_10": recall, "latency_us": latency}
UNITS = {"recall_at_10": "", "latency_us": "µs"}


def level_of(trial: Trial) -> int:
    return next(int(s.level) for s in trial.settings if s.factor == "ef_search")


def measured(trial: Trial, **changes: object) -> Measured:
    rng = random.Random(f"{trial.id}")
    values = tuple(
        MetricValue(name=name, value=model(level_of(trial), rng), unit=UNITS[name])
        for name, model in MODELS.items()
    )
    return Measured(
        trial=trial.id,
        setup="s1",
        box="box",
        started=START,
        result=Result(version=1, system="vector_index", seed=trial.seed, nonce="n", metrics=values),
        usage=Usage(wall_s=1.25, cpu_s=1.1, peak_memory_mib=210),
    ).but(**changes)


def failed(trial: Trial, **changes: object) -> Failed:
    return Failed(
        trial=trial.id,
        setup="s1",
        box="box",
        started=START,
        why="timeout",
        detail="killed after 60 s",
        usage=Usage(wall_s=60),
        output="building the index\n",
    ).but(**changes)


def started(trial: Trial) -> Started:
    return Started(
        trial=trial.id,
        setup="s1",
        arm=trial.arm,
        phase=trial.phase,
        seed=trial.seed,
        settings=trial.settings,
        analysed=trial.analysed,
        nonce="n",
    )


def trials(of: Plan) -> tuple[Trial, ...]:
    return (*of.trials("control"), *of.trials("treatment"))


def interval(values: Sequence[float], t: float = 2.365) -> tuple[float, float, float]:
    """Mean and a t interval (seven degrees of freedom)."""
    mean = statistics.fmean(values)
    half = t * statistics.stdev(values) / len(values) ** 0.5
    return mean - half, mean, mean + half


def summaries(metric: str, outcomes: Sequence[tuple[Trial, Measured]]) -> tuple[LevelSummary, ...]:
    made = []
    for level in EF:
        values = [m.result.value(metric) for t, m in outcomes if level_of(t) == level]
        low, mean, high = interval(values)
        made.append(
            LevelSummary(
                settings=ef(level), level=level, metric=metric, n=len(values), mean=mean, low=low,
                high=high, values=tuple(values),
            )
        )  # fmt: skip
    return tuple(made)


def analysis(
    id_: str, claim: Claim, outcomes: Sequence[tuple[Trial, Measured]], **changes: object
) -> Analysis:
    levels = summaries(claim.metric, outcomes)
    unit = UNITS[claim.metric]
    if isinstance(claim, Difference):
        levels = tuple(s for s in levels if s.settings in (claim.a, claim.b))
        pairs = zip(levels[1].values, levels[0].values, strict=True)
        low, estimate, high = interval([a - b for a, b in pairs])
        found, effect = "higher", "difference a - b"
    else:
        slopes = [(levels[-1].mean - levels[0].mean) / 5]
        low, estimate, high = slopes[0] * 0.9, slopes[0], slopes[0] * 1.1
        found, effect = "rises", "slope per doubling"
    return Analysis(
        id=id_,
        plan="p1",
        claim=claim,
        verdict="supported",
        found=found,
        effect=effect,
        estimate=estimate,
        low=low,
        high=high,
        unit=unit,
        confidence=0.95,
        p=0.0004,
        p_raw=0.0002,
        n=sum(s.n for s in levels),
        power=0.99,
        method="Page's test, bootstrap interval",
        levels=levels,
        trials=tuple(t.id for t, _ in outcomes),
    ).but(**changes)


def verdict(gate: str, subject: str, *findings: Finding, **changes: object) -> Verdict:
    given = findings or (
        Finding(check="complete", status="passed", detail="as it should be"),
        Finding(check="steady_host", status="warned", detail="load 1.4 per core before p1/ef64/s3"),
    )
    return Verdict(
        gate=gate, subject=subject, round=1, findings=given, accepted=True, remedy="none"
    ).but(**changes)


def answer(*texts: str, **changes: object) -> Answer:
    given = texts or (
        "Recall rises with ef_search by {{ claim.c1.estimate }} per doubling (p {{ claim.c1.p }}).",
        "Latency is {{ claim.c3.estimate }} {{ claim.c3.found }} at {{ claim.c3.a }} than at "
        "{{ claim.c3.b }}, {{ claim.c3.interval }}.",
    )
    return Answer(
        id="a1",
        verdict="supported",
        sentences=tuple(Sentence(text=t) for t in given),
        limits=("Small generated data.",),
        plan="p1",
    ).but(**changes)


def opened(**changes: object) -> Opened:
    return Opened(
        question=Question(text=QUESTION, budget=Budget(trials=100)),
        model="builtin",
        curie_version="0.1.0",
        secret="never shown",
    ).but(**changes)


def evidence(of: Plan) -> list[tuple[Role, AnyFact]]:
    facts: list[tuple[Role, AnyFact]] = []
    for trial in trials(of):
        facts += [("executor", started(trial)), ("executor", measured(trial))]
    return facts


def facts(
    *, asked: Opened | None = None, planned: Plan | None = None, ready: Setup | None = None
) -> list[tuple[Role, AnyFact]]:
    """All facts of an answered run, to be cut, extended or replaced before `dossier`."""
    of = planned or plan()
    outcomes = [(t, measured(t)) for t in trials(of)]
    return [
        ("user", asked or opened()),
        ("loop", Chosen(system=system(), manifest_sha256="ef" * 32)),
        ("architect", of),
        ("gatekeeper", verdict("plan", "p1")),
        ("gatekeeper", Frozen(plan="p1", sha256=of.fingerprint())),
        ("technician", ready or setup()),
        ("gatekeeper", verdict("setup", "s1")),
        *evidence(of),
        ("gatekeeper", verdict("evidence", "p1")),
        *(("statistician", analysis(h.id, h.claim, outcomes)) for h in of.hypotheses),
        ("analyst", answer()),
        ("gatekeeper", verdict("answer", "a1")),
        ("loop", Closed(how="answered", exit_code=0)),
    ]


def dossier(given: Sequence[tuple[Role, AnyFact]] | None = None) -> Dossier:
    entries = tuple(
        Entry(
            seq=i,
            run="r7f3a",
            at=START + timedelta(seconds=i),
            author=author,
            body=body,
            sha256=f"{i:064x}",
            previous=f"{i - 1:064x}",
        )
        for i, (author, body) in enumerate(given or facts(), start=1)
    )
    return Dossier(run="r7f3a", entries=entries)


def replaced(
    given: Sequence[tuple[Role, AnyFact]], kind: type[AnyFact], *by: AnyFact
) -> list[tuple[Role, AnyFact]]:
    """The facts with those of one kind replaced, at the place of the first."""
    new: list[tuple[Role, AnyFact]] = []
    put = False
    for author, body in given:
        if not isinstance(body, kind):
            new.append((author, body))
        elif not put:
            new += [(author, b) for b in by]
            put = True
    return new
