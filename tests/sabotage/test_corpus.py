"""The planted cheats: files that parse, drafts that are drafts, patches that apply."""

import ast
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from curie.agents.design import Circumstances, complete
from curie.domain.answer import Answer
from curie.domain.plan import Draft, Plan
from curie.domain.spelling import spelled_out
from curie.sandbox.manifest import find, load

HERE = Path(__file__).parent
HALVES = ("development", "held_out")
EXPERIMENTS = tuple(sorted((HERE / "experiments").glob("*.toml")))
CHEATS = tuple(sorted((HERE / "cheats").rglob("*.toml")))

CASE_KEYS = {"about", "experiment", "families", "program", "files", "draft", "patch", "tamper"}
PHASES = {"probe", "control", "treatment", "reexecution"}
OPS = {
    "best_of": {"arm", "metric", "times", "goal"},
    "copy": {"from", "to", "times"},
    "drop_worst": {"arm", "metric", "count", "goal"},
    "edit": {"arm", "metric", "times", "plus"},
    "extra": {"arm", "count"},
    "image": {"arm"},
    "limits": {"arm", "cpus", "memory_mib", "time_limit_s"},
    "omit": {"arm", "count"},
    "program": {"arm", "program"},
    "replan": set(),
    "reuse_box": {"arm"},
    "round": {"metric", "digits"},
    "same_seed": {"arm"},
    "settings": {"arm", "settings"},
    "stale_nonce": {"arm"},
    "swallow_failures": {"arm", "value"},
    "swap": {"arms"},
    "treatment_first": set(),
}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def experiment_of(case: dict[str, Any]) -> dict[str, Any]:
    return read(HERE / "experiments" / f"{case['experiment']}.toml")


def plan_of(experiment: dict[str, Any], changes: dict[str, Any]) -> Plan:
    """The plan of an experiment's draft, with a case's keys over it."""
    tables = {"system": experiment["system"], **experiment["draft"], **changes}
    for key in ("control", "hold"):
        levels = tables.get(key, {})
        tables[key] = [{"factor": name, "level": level} for name, level in levels.items()]
    draft = Draft.model_validate_json(json.dumps(spelled_out(tables)))
    given = Circumstances(plan_id="p1", question="?", first_seed=1, order_key="corpus")
    return complete(draft, load(find(draft.system)), given)


def families() -> dict[str, Counter[str]]:
    """For each half, how many cheats each folder holds."""
    return {
        half: Counter(p.parent.name for p in CHEATS if p.parent.parent.name == half)
        for half in HALVES
    }


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda p: p.stem)
def test_an_experiment_is_a_draft_and_brings_a_program_where_it_must(path):
    experiment = read(path)
    assert set(experiment) <= {"about", "system", "program", "draft"}
    assert experiment["about"]
    assert ("program" in experiment) == (experiment["system"] == "workbench")
    plan = plan_of(experiment, {})
    levels = {(v.factor, level) for v in plan.vary for level in v.levels}
    assert all(plan.factor(name).allows(level) for name, level in levels)
    assert all(plan.metric(h.claim.metric) for h in plan.hypotheses)
    assert len(plan.arms) > 1
    assert len(plan.arms) * len(plan.seeds) <= 64, "a case must run in seconds"


@pytest.mark.parametrize("path", CHEATS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_cheat_changes_an_experiment_in_a_way_that_holds_together(path):
    case = read(path)
    assert set(case) <= CASE_KEYS | {"answer"}
    assert len(case["about"]) > 20
    assert set(case) - {"about", "experiment", "families"}, "a cheat has to change something"
    experiment = experiment_of(case)
    plan = plan_of(experiment, case.get("draft", {}))
    for name, text in {"program.py": case.get("program", ""), **case.get("files", {})}.items():
        if name.endswith(".py"):
            ast.parse(text, name)
    for tamper in case.get("tamper", ()):
        keys = set(tamper) - {"op", "phases"}
        assert keys <= OPS[tamper["op"]]
        assert set(tamper.get("phases", ())) <= PHASES
        named = {tamper.get(key) for key in ("arm", "from", "to")} | set(tamper.get("arms", ()))
        assert named - {None} <= {arm.id for arm in plan.arms}
        assert tamper.get("metric") is None or plan.metric(tamper["metric"])


@pytest.mark.parametrize("path", CHEATS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_text_that_a_patch_replaces_stands_once_in_the_shipped_file(path):
    case = read(path)
    experiment = experiment_of(case)
    shipped = find(experiment["system"])
    assert not case.get("patch") or experiment["system"] != "workbench"
    texts: dict[str, str] = {}
    for patch in case.get("patch", ()):
        name = patch["file"]
        text = texts.get(name) or (shipped / name).read_text(encoding="utf-8")
        assert text.count(patch["find"]) == 1
        texts[name] = text.replace(patch["find"], patch["replace"])
        ast.parse(texts[name], name)


def test_an_invented_answer_speaks_of_claims_of_its_plan():
    answering = [case for case in map(read, CHEATS) if "answer" in case]
    for case in answering:
        answer = Answer.model_validate_json(json.dumps({"id": "a1", **case["answer"]}))
        claims = {h.id for h in plan_of(experiment_of(case), case.get("draft", {})).hypotheses}
        assert {claim for s in answer.sentences for claim in s.claims} <= claims
    assert len(answering) >= 15


def test_a_cheat_lies_in_the_folder_of_its_family_and_a_pair_names_two():
    known = {folder for half in families().values() for folder in half} - {"pairs"}
    for path in CHEATS:
        named = read(path)["families"]
        assert set(named) <= known
        if path.parent.name == "pairs":
            assert len(set(named)) == 2
        else:
            assert named == [path.parent.name]


def test_there_are_many_cheats_of_many_families_and_each_family_is_in_both_halves():
    by_half = families()
    assert len(CHEATS) >= 150
    assert len(by_half["development"].keys() - {"pairs"}) >= 25
    assert by_half["development"].keys() == by_half["held_out"].keys()
    for family, count in by_half["development"].items():
        assert abs(count - by_half["held_out"][family]) <= 1, family


def test_no_cheat_is_there_twice():
    names = Counter(path.stem for path in CHEATS)
    programs = Counter(read(path).get("program") for path in CHEATS)
    del programs[None]
    assert [name for name, count in names.items() if count > 1] == []
    assert [text[:200] for text, count in programs.items() if count > 1] == []


def test_each_experiment_is_cheated_on_and_the_shipped_systems_are_patched_often_enough():
    cases = [read(path) for path in CHEATS]
    own = {p.stem for p in EXPERIMENTS if not p.stem.startswith("h_")}
    assert {case["experiment"] for case in cases} == own
    assert sum("patch" in case for case in cases) >= 15
