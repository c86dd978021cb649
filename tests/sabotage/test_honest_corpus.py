"""The honest half of the corpus is whole, and honest: its programs do what their plans declare."""

import importlib.util
import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from curie.agents.design import Circumstances, complete
from curie.domain.binding import FIELDS, REFERENCE, unbound_numbers
from curie.domain.plan import Draft, Plan
from curie.domain.spelling import spelled_out
from curie.sandbox.manifest import find, load

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "sabotage"
CASES = sorted(CORPUS.glob("honest/*/*.toml"))
EXPERIMENTS = sorted(CORPUS.glob("experiments/h_*.toml"))
LEAST_CASES = 110
MOST_SEEDS = 8
SETTINGS = ("control", "hold")
"""Tables of settings in a draft that `spelled_out` leaves to the reader."""

Json = dict[str, Any]


def read(path: Path) -> Json:
    """A case or an experiment as it stands in its file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def experiment_of(path: Path) -> Json:
    """The experiment of a case; an experiment is its own."""
    case = read(path)
    name = case.get("experiment")
    return read(CORPUS / "experiments" / f"{name}.toml") if name else case


def plan_of(path: Path) -> Plan:
    """The plan that follows from the case's draft over its experiment's."""
    experiment = experiment_of(path)
    table = spelled_out({**experiment["draft"], **read(path).get("draft", {})})
    for key in SETTINGS:
        table[key] = [{"factor": f, "level": x} for f, x in table.get(key, {}).items()]
    draft = Draft.model_validate({"system": experiment["system"], **table})
    given = Circumstances(plan_id="p1", question="?", first_seed=1, order_key="run")
    return complete(draft, load(find(draft.system)), given)


def program_of(path: Path) -> str:
    """The case's program, else its experiment's; empty for a system that brings its own."""
    text = read(path).get("program") or experiment_of(path).get("program", "")
    assert isinstance(text, str)
    return text


def settings_of(plan: Plan) -> list[dict[str, Any]]:
    """The full settings of each arm, the control first."""
    return [{s.factor: s.level for s in plan.full_settings(arm)} for arm in plan.arms]


def run(path: Path, trials: list[Json]) -> list[dict[str, tuple[float, str]] | None]:
    """Metrics as (value, unit) of each trial; None for one that failed."""
    job = {"program": program_of(path), "files": read(path).get("files", {}), "trials": trials}
    done = subprocess.run(
        [sys.executable, str(CORPUS / "forked_trials.py")],
        input=json.dumps(job),
        env={"PYTHONPATH": str(ROOT), "PATH": "", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [
        None if r is None else {m["name"]: (m["value"], m["unit"]) for m in r["metrics"]}
        for r in json.loads(done.stdout)
    ]


def name_of(path: Path) -> str:
    return path.stem


every_case = pytest.mark.parametrize("path", [*EXPERIMENTS, *CASES], ids=name_of)
PROGRAMS = [p for p in [*EXPERIMENTS, *CASES] if read(p).get("program")]
every_program = pytest.mark.parametrize("path", PROGRAMS, ids=name_of)


def test_there_are_enough_cases_and_half_of_them_are_held_out() -> None:
    halves = Counter(path.parent.name for path in CASES)
    assert set(halves) == {"development", "held_out"}
    assert sum(halves.values()) >= LEAST_CASES
    assert abs(halves["development"] - halves["held_out"]) <= 0.1 * sum(halves.values())


def test_no_name_is_used_twice_and_no_two_programs_are_the_same() -> None:
    names = Counter(path.stem for path in [*CASES, *EXPERIMENTS])
    assert [name for name, n in names.items() if n > 1] == []
    texts = Counter(program_of(path) for path in PROGRAMS)
    assert [n for n in texts.values() if n > 1] == []


def test_every_experiment_has_cases_in_both_halves() -> None:
    used = {(read(path)["experiment"], path.parent.name) for path in CASES}
    halves = ("development", "held_out")
    assert {(p.stem, half) for p in EXPERIMENTS for half in halves} <= used


@every_case
def test_a_case_says_what_it_is_and_its_plan_needs_few_seeds(path: Path) -> None:
    case = read(path)
    known = {"about", "experiment", "families", "program", "files", "draft", "patch", "answer"}
    assert case["about"].endswith(".")
    assert set(case) <= (known if path in CASES else {"about", "system", "program", "draft"})
    plan = plan_of(path)
    assert len(plan.seeds) <= MOST_SEEDS
    assert (plan.program is None) == (program_of(path) == "")
    compile(program_of(path), path.stem, "exec")
    for file in case.get("files", {}):
        assert not Path(file).is_absolute()
        assert file != "program.py"


@every_case
def test_levels_and_metrics_of_a_plan_are_declared(path: Path) -> None:
    plan = plan_of(path)
    for settings in settings_of(plan):
        for name, level in settings.items():
            factor = plan.factor(name)
            assert factor is not None
            assert factor.allows(level), f"{name}={level!r}"
    varied = {v.factor: v.levels for v in plan.vary}
    control = {s.factor: s.level for s in plan.arms[0].settings}
    assert all(control[name] in levels for name, levels in varied.items())
    assert all(plan.metric(h.claim.metric) for h in plan.hypotheses)


@pytest.mark.parametrize("path", [p for p in CASES if "patch" in read(p)], ids=name_of)
def test_the_text_that_a_patch_replaces_is_found_exactly_once(path: Path) -> None:
    case = read(path)
    folder = ROOT / "sandboxes" / experiment_of(path)["system"]
    texts: dict[str, str] = {}
    for patch in case["patch"]:
        file = patch["file"]
        text = texts.get(file) or (folder / file).read_text(encoding="utf-8")
        assert text.count(patch["find"]) == 1
        texts[file] = text.replace(patch["find"], patch["replace"])
        assert texts[file] != text
    for file, text in texts.items():
        compile(text, file, "exec")


@pytest.mark.parametrize("path", [p for p in CASES if "answer" in read(p)], ids=name_of)
def test_an_answer_speaks_of_every_claim_and_holds_no_number_of_its_own(path: Path) -> None:
    answer, known = read(path)["answer"], {h.id for h in plan_of(path).hypotheses}
    spoken = {claim for sentence in answer["sentences"] for claim in sentence["claims"]}
    assert spoken == known
    for text in (*(s["text"] for s in answer["sentences"]), *answer["limits"]):
        assert unbound_numbers(text) == ()
        assert all(claim in known and field in FIELDS for claim, field in REFERENCE.findall(text))


@pytest.mark.slow
@every_program
def test_an_honest_program_measures_what_its_plan_declares(path: Path) -> None:
    if "pandas" in program_of(path) and importlib.util.find_spec("pandas") is None:
        pytest.skip("pandas is on the workbench, not in this environment")
    plan = plan_of(path)
    arms = settings_of(plan)
    without = [{k: v for k, v in arms[0].items() if k != factor} for factor in arms[0]]
    trials = [{"settings": arms[0], "seed": seed} for seed in (7, 7, 8, 9)]
    trials += [{"settings": settings, "seed": 7} for settings in (*arms[1:], *without)]
    first, again, *rest = run(path, trials)
    others, treated = rest[:2], rest[2 : 2 + len(arms) - 1]
    assert rest[2 + len(treated) :] == [None] * len(without), "a missing factor was not noticed"
    for metric in plan.metrics:
        for told in (first, again, *others, *treated):
            assert told is not None
            assert told.keys() == {m.name for m in plan.metrics}
            value, unit = told[metric.name]
            assert unit == metric.unit
            assert metric.low is None or value >= metric.low
            assert metric.high is None or value <= metric.high
        assert first is not None
        assert again is not None
        values = {o[metric.name] for o in others if o} | {first[metric.name]}
        if metric.noise != "timing":
            assert first[metric.name] == again[metric.name]
            assert (len(values) == 1) == (metric.noise == "deterministic")
