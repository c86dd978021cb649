"""One plain value of every kind, for tests to change with `but` where it matters to them."""

from datetime import UTC, datetime

from curie.domain.analysis import Analysis
from curie.domain.answer import Answer, Sentence, Stated
from curie.domain.call import Message, ModelCall
from curie.domain.claim import Trend
from curie.domain.command import Command
from curie.domain.dossier import AnyFact, Chosen, Closed, Opened
from curie.domain.outcome import Failed, Measured, MetricValue, Result, Usage
from curie.domain.plan import Approval, Arm, Frozen, Hypothesis, Plan, Varied
from curie.domain.question import Question
from curie.domain.setting import Level, Setting, Settings
from curie.domain.setup import Guard, Host, Image, Posture, Setup, SourceFile, Started
from curie.domain.system import Factor, Metric, System
from curie.domain.verdict import Finding, Opinion, Verdict

AT = datetime(2026, 11, 23, 10, 19, tzinfo=UTC)


def held(**levels: Level) -> Settings:
    """Settings by name, in the order given."""
    return tuple(Setting(factor=name, level=level) for name, level in levels.items())


TEMPERATURE = Factor(name="peak_c", type="float", unit="°C", default=900.0, low=600.0, high=1300.0)
GLAZE = Factor(name="glaze", type="str", default="none", levels=("none", "ash", "salt"))
SHRINKAGE = Metric(name="shrinkage", unit="%", noise="seeded")
FUEL = Metric(name="fuel_s", unit="s", noise="timing")

KILN = System(
    name="kiln",
    title="A kiln",
    about="How firing changes clay.",
    real="nothing",
    modelled="everything",
    mode="simulated",
    time_limit_s=10.0,
    factors=(TEMPERATURE, GLAZE),
    metrics=(SHRINKAGE, FUEL),
)

TREND = Trend(metric="shrinkage", factor="peak_c", shape="rises")

PLAN = Plan(
    id="p1",
    system="kiln",
    question="Does a hotter kiln shrink the pot?",
    understood="shrinkage against the peak temperature",
    hypotheses=(Hypothesis(id="c1", claim=TREND),),
    factors=KILN.factors,
    metrics=KILN.metrics,
    vary=(Varied(factor="peak_c", levels=(900.0, 1000.0, 1100.0)),),
    design="one_at_a_time",
    arms=(
        Arm(id="control", role="control", settings=held(peak_c=900.0)),
        Arm(id="a1", role="treatment", settings=held(peak_c=1000.0)),
        Arm(id="a2", role="treatment", settings=held(peak_c=1100.0)),
    ),
    seeds=(1, 2, 3, 4),
    order_seed=7,
    alpha=0.05,
)

OPENED = Opened(
    question=Question(text=PLAN.question), model="builtin", curie_version="0.1.0", secret="s3cret"
)
CHOSEN = Chosen(system=KILN, manifest_sha256="c" * 64)
APPROVAL = Approval(plan="p1", said="yes")
FROZEN = Frozen(plan="p1", sha256=PLAN.fingerprint())
SETUP = Setup(
    id="s1",
    plan="p1",
    system="kiln",
    argv=("python", "-m", "sandboxes.kiln"),
    files=(SourceFile(path="model.py", sha256="f" * 64, text="x = 1\n"),),
    image=Image(name="kiln", digest="sha256:0", base="debian", python="3.11"),
    posture=Posture(
        backend="process",
        engine="Linux",
        guards=(
            Guard(name="network", on=True, detail="no network"),
            Guard(name="disk", on=False, detail="reads the whole disk"),
        ),
    ),
    host=Host(cpu="a cpu", cores=2, memory_mib=4096, kernel="6.1", python="3.11"),
    time_limit_s=10.0,
    written_by="shipped",
)
OPINION = Opinion(setup="s1", trustworthy=True)
STARTED = Started(
    trial="p1/a1/s1",
    setup="s1",
    arm="a1",
    phase="treatment",
    seed=1,
    settings=held(peak_c=1000.0),
    analysed=True,
    nonce="n1",
)
MEASURED = Measured(
    trial="p1/a1/s1",
    setup="s1",
    box="b1",
    started=AT,
    result=Result(
        version=1,
        system="kiln",
        seed=1,
        nonce="n1",
        metrics=(
            MetricValue(name="shrinkage", value=4.5, unit="%"),
            MetricValue(name="fuel_s", value=1.25, unit="s"),
        ),
    ),
    usage=Usage(wall_s=0.5, cpu_s=0.25),
)
FAILED = Failed(
    trial="p1/a2/s1",
    setup="s1",
    box="b2",
    started=AT,
    why="timeout",
    detail="10 s were up",
    usage=Usage(wall_s=10.0),
)
VERDICT = Verdict(
    gate="plan",
    subject="p1",
    round=1,
    findings=(
        Finding(check="control", status="passed", detail="there is one"),
        Finding(check="power", status="failed", detail="too few", remedy="again"),
        Finding(check="budget", status="error", detail="crashed", remedy="again"),
    ),
    accepted=False,
    remedy="again",
)
ANALYSIS = Analysis(
    id="c1",
    plan="p1",
    claim=TREND,
    verdict="supported",
    found="rises",
    effect="slope per °C",
    estimate=0.012,
    low=0.011,
    high=0.013,
    unit="%/°C",
    confidence=0.95,
    p=0.001,
    n=12,
    method="Page's test",
)
ANSWER = Answer(id="a1", verdict="supported", sentences=(Sentence(text="It does."),), plan="p1")
STATED = Stated(
    id="c1",
    claim=TREND,
    verdict="supported",
    estimate=2.4,
    low=None,
    high=None,
    unit="%",
    p=None,
    n=12,
)
CALL = ModelCall(
    role="architect",
    number=1,
    attempt=1,
    model="openai/test",
    template_sha256="t" * 64,
    want="Draft",
    way="json_schema",
    messages=(Message(role="user", content="Plan."),),
    answer="{}",
    tokens_in=100,
    tokens_out=20,
    usd=0.25,
)
COMMAND = Command(
    number=1, box="b1", command="python fire.py", exit_code=0, wall_s=1.5, output="exit code 0"
)
CLOSED = Closed(how="answered", exit_code=0)

EVERY_KIND: tuple[AnyFact, ...] = (
    OPENED,
    CHOSEN,
    PLAN,
    APPROVAL,
    FROZEN,
    SETUP,
    OPINION,
    STARTED,
    MEASURED,
    FAILED,
    VERDICT,
    ANALYSIS,
    ANSWER,
    CALL,
    COMMAND,
    CLOSED,
)
"""In the order in which a run could write them."""
