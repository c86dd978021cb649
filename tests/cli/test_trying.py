"""run, doctor, sandbox build: what uses a sandbox without a question."""

import json
from pathlib import Path

import pytest

from curie.app.doctor import runc_is_patched
from tests.cli.conftest import Curie


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["persius"], ["did you mean perseus?"]),
        (["perseus", "--set", "stagez=4"], ["no factor 'stagez'", "did you mean stages"]),
        (["perseus", "--set", "stages"], ["give FACTOR=LEVEL"]),
        (["perseus", "--set", "stages=300"], ["'300' is no level of stages", "2 to 16"]),
        (["perseus", "--set", "stages=four"], ["'four' is no level of stages", "int"]),
        (["perseus", "--set", "stages=2.5"], ["'2.5' is no level of stages"]),
        (["perseus", "--set", "straggler=nan"], ["'nan' is no level of straggler"]),
        (["perseus", "--set", "planner=persues"], ["is no level of planner", "envpipe"]),
        (["workbench"], ["no program of its own", "curie ask --system workbench"]),
    ],
)
def test_a_trial_that_cannot_be_says_what_could(curie: Curie, words: list[str], parts: list[str]):
    said = curie("run", *words, "--sandbox", "process")
    assert (said.code, said.out) == (2, "")
    assert [part for part in parts if part not in said.err] == []


@pytest.mark.slow
def test_a_trial_by_hand_measures_every_metric_at_the_settings_given(curie: Curie):
    words = ["run", "perseus", "--sandbox", "process", "--seed", "3", "--set", "stages=2"]
    first = json.loads(curie(*words, "--set", "microbatches=4", "--json").out)
    assert first["sandbox"] == "process"
    assert first["settings"]["stages"] == 2
    assert first["settings"]["planner"] == "perseus"
    assert first["outcome"]["fact"] == "measured"
    declared = json.loads(curie("systems", "perseus", "--json").out)["metrics"]
    measured = {m["name"]: m for m in first["outcome"]["result"]["metrics"]}
    assert {(m["name"], m["unit"]) for m in declared} == {
        (name, m["unit"]) for name, m in measured.items()
    }
    said = curie(*words, "--set", "microbatches=4")
    value = measured["iteration_energy_j"]["value"]
    row = next(line for line in said.out.splitlines() if line.startswith("iteration_energy_j"))
    assert row.split() == ["iteration_energy_j", f"{value:.4g}", "J"]
    assert "not enforced: " in said.out


def test_doctor_json_keeps_its_contract(curie: Curie, home: Path):
    said = curie("doctor", "--json")
    health = json.loads(said.out)
    assert health.keys() == {"ok", "checks"}
    assert all(check.keys() == {"name", "ok", "detail", "fix"} for check in health["checks"])
    names = {check["name"] for check in health["checks"]}
    assert names >= {"python", "git", "disk", "ledger", "docker", "model", "gpus"}
    assert all(check["fix"] for check in health["checks"] if not check["ok"])
    assert said.code == (0 if health["ok"] else 3)
    assert str(home / "ledger.db") in said.out


def test_a_missing_engine_is_advice_unless_docker_is_asked_for(curie: Curie):
    gone = {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}
    said = curie("doctor", "--json", **gone)
    docker = next(c for c in json.loads(said.out)["checks"] if c["name"] == "docker")
    assert (said.code, docker["ok"]) == (0, False)
    assert "process" in docker["fix"]
    assert curie("doctor", CURIE_SANDBOX="docker", **gone).code == 3


def test_a_model_without_a_key_is_not_ready(curie: Curie):
    said = curie("doctor", "--json", CURIE_MODEL="openai/x")
    assert said.code == 3
    health = json.loads(said.out)
    assert not health["ok"]
    model = next(c for c in health["checks"] if c["name"] == "model")
    assert "OPENAI_API_KEY" in model["fix"]
    assert curie("doctor", CURIE_MODEL="openai/x", OPENAI_API_KEY="word").code == 0


def test_doctor_says_that_a_ledger_is_damaged(curie: Curie, home: Path):
    home.mkdir()
    (home / "ledger.db").write_bytes(b"no database " * 500)
    said = curie("doctor")
    assert said.code == 3
    assert "MISSING  ledger" in said.out


@pytest.mark.slow
def test_doctor_tries_what_the_sandbox_stops(curie: Curie):
    said = curie("doctor", "--sandbox", "--json", CURIE_SANDBOX="process")
    probes = [c for c in json.loads(said.out)["checks"] if c["name"].startswith("probe: ")]
    assert len(probes) >= 6
    time = next(c for c in probes if "time" in c["name"])
    assert time["ok"]


@pytest.mark.parametrize(
    ("version", "patched"),
    [
        ("1.1.5+ds1", False),
        ("1.2.7", False),
        ("1.2.8", True),
        ("1.3.2", False),
        ("1.3.3-0ubuntu1", True),
        ("1.4.0-rc.2", False),
        ("1.4.0-rc.3", True),
        ("1.4.0", True),
        ("2.0.1", True),
        ("", None),
        ("weekly", None),
    ],
)
def test_a_runc_is_judged_by_the_first_mended_version_of_its_line(
    version: str, patched: bool | None
):
    assert runc_is_patched(version) is patched


def test_an_unknown_system_is_found_before_anything_is_built(curie: Curie, home: Path):
    said = curie("sandbox", "build", "persius", "--sandbox", "process")
    assert (said.code, said.out) == (2, "")
    assert "did you mean perseus?" in said.err
    assert not home.exists()


def test_what_was_built_is_told(curie: Curie):
    said = curie("sandbox", "build", "perseus", "--sandbox", "process", "--json")
    made = json.loads(said.out)
    assert [image["system"] for image in made] == ["perseus"]
    assert made[0]["digest"].startswith("process:")
