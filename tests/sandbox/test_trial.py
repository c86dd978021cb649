"""What a trial's outcome is, from real programs in a real box."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from curie.domain.outcome import Failed, Measured
from curie.domain.setting import Setting
from curie.domain.setup import Image, Setup, SourceFile, Started
from curie.metering.machine import host
from curie.sandbox.box import BoxSpec
from curie.sandbox.manifest import load
from curie.sandbox.process import ProcessSandbox
from curie.sandbox.trial import run_trial

TINY = Path(__file__).parents[1] / "conformance" / "tiny"
SYSTEM = load(TINY)
AT = datetime(2026, 1, 2, tzinfo=UTC)
HONEST = """
import json
from sandboxes.contract import read_config, write_result
config = read_config(".")
metrics = {"total": (1.0, "1"), "twice": (2.0, "1")}
write_result(".", config, metrics)
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    sandbox = ProcessSandbox(state=tmp_path_factory.mktemp("state"), say=print)
    yield sandbox
    sandbox.close()


def started(seed: int) -> Started:
    return Started(
        trial="p1/a/s5",
        setup="s1",
        arm="a",
        phase="treatment",
        seed=seed,
        settings=(Setting(factor="x", level=4),),
        analysed=True,
        nonce="the-nonce",
    )


def setup_of(sandbox: ProcessSandbox, image: Image, program: str, time_limit_s: float) -> Setup:
    digest = hashlib.sha256(program.encode()).hexdigest()
    code = SourceFile(path="program.py", sha256=digest, text=program)
    return Setup(
        id="s1",
        plan="p1",
        system="tiny",
        argv=("python", *(("program.py",) if program else ("-m", "sandboxes.tiny")), "."),
        files=(code,) if program else (),
        image=image,
        posture=sandbox.posture(),
        host=host(),
        time_limit_s=time_limit_s,
        written_by="technician" if program else "shipped",
    )


@pytest.fixture
def trial(sandbox):
    """Runs a program (or the tiny system) as a trial."""
    image = sandbox.build(SYSTEM, TINY)
    boxes = []

    def run(program: str = "", *, seed: int = 5, time_limit_s: float = 10.0):
        setup = setup_of(sandbox, image, program, time_limit_s)
        spec = BoxSpec(
            run="t",
            image=image,
            resources=SYSTEM.resources,
            time_limit_s=20.0,
            files=setup.files,
        )
        boxes.append(sandbox.open(spec))
        return run_trial(
            boxes[-1],
            started=started(seed),
            setup=setup,
            metrics=SYSTEM.metrics,
            at=AT,
            load=0.25,
        )

    yield run
    for box in boxes:
        box.close()


def test_a_program_that_keeps_the_contract_is_measured(trial):
    outcome = trial(seed=5)
    assert isinstance(outcome, Measured)
    assert outcome.result.value("twice") == 8.0
    assert (outcome.trial, outcome.setup, outcome.started) == ("p1/a/s5", "s1", AT)
    assert outcome.output == "x is 4\n"
    assert outcome.usage.load_before == 0.25
    assert 0 < outcome.usage.cpu_s <= outcome.usage.wall_s * 4
    assert outcome.usage.peak_memory_mib > 1


def test_the_seed_and_the_settings_reach_the_program(trial):
    one, same, other = trial(seed=5), trial(seed=5), trial(seed=6)
    assert one.result.value("total") == same.result.value("total")
    assert one.result.value("total") != other.result.value("total")


def test_an_honest_program_in_the_boxs_folder_is_measured(trial):
    assert isinstance(trial(HONEST), Measured)


@pytest.mark.parametrize(
    ("program", "why", "detail"),
    [
        ("import sys; print('why', file=sys.stderr); sys.exit(3)", "exit", "exit code 3: why"),
        ("raise RuntimeError('bad luck')", "exit", "RuntimeError: bad luck"),
        ("pass", "no_result", "no regular result.json"),
        (HONEST + "raise SystemExit(1)", "exit", "exit code 1"),
        ("import os; os.symlink('config.json', 'result.json')", "no_result", ""),
        ("open('result.json', 'w').write('x' * (5 << 20))", "no_result", ""),
        ("open('result.json', 'w').write('{')", "bad_result", "JSON"),
        ("open('result.json', 'w').write('[]')", "bad_result", "result.json"),
        ("import os; os.kill(os.getpid(), 9)", "killed", ""),
        ("import time; time.sleep(60)", "timeout", "2 s"),
        ("b = [bytearray(b'x' * (1 << 20)) for _ in range(4000)]", ("exit", "oom"), ""),
    ],
)
def test_everything_else_is_a_failure_with_its_reason(trial, program, why, detail):
    outcome = trial(program, time_limit_s=2.0 if why == "timeout" else 10.0)
    assert isinstance(outcome, Failed)
    assert outcome.why in why if isinstance(why, tuple) else outcome.why == why
    assert detail in outcome.detail


def forged(**changes: object) -> str:
    """A program that writes a result that is right but for some fields."""
    return f"""
import json
config = json.load(open("config.json"))
result = {{
    "version": 1, "system": config["system"], "seed": config["seed"], "nonce": config["nonce"],
    "metrics": [{{"name": "total", "value": 1.0, "unit": "1"}},
                {{"name": "twice", "value": 2.0, "unit": "1"}}],
}}
result.update(json.loads({json.dumps(changes)!r}))
json.dump(result, open("result.json", "w"))
"""


def metric(name: str = "total", value: object = 1.0, unit: str = "1") -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit}


def test_the_forger_without_changes_is_believed(trial):
    assert isinstance(trial(forged()), Measured)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"nonce": "stale"}, "nonce"),
        ({"seed": 99}, "seed"),
        ({"seed": "5"}, "seed"),
        ({"system": "other"}, "system"),
        ({"version": 2}, "version"),
        ({"metrics": []}, "metrics"),
        ({"metrics": [metric()]}, "not measured: twice"),
        ({"metrics": [metric(), metric("twice"), metric("extra")]}, "not declared: extra"),
        ({"metrics": [metric(), metric("twice", unit="ms")]}, "'ms', declared in '1'"),
        ({"metrics": [metric(), metric()]}, "twice"),
        ({"metrics": [metric(value="3"), metric("twice")]}, "value"),
        ({"metrics": [metric(value=float("nan")), metric("twice")]}, "value"),
        ({"metrics": [metric(value=float("inf")), metric("twice")]}, "value"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_result_that_is_not_exactly_the_declared_one_is_bad(trial, changes, detail):
    outcome = trial(forged(**changes))
    assert isinstance(outcome, Failed)
    assert outcome.why == "bad_result"
    assert detail in outcome.detail
