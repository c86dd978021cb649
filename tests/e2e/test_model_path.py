"""Whole questions with a language model in every role, over HTTP, through the program itself."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from curie.app.clock import SystemClock
from curie.domain.call import ModelCall
from curie.domain.dossier import Dossier
from curie.domain.setup import Setup
from curie.domain.verdict import Opinion, Verdict
from curie.store import Ledger
from tests.e2e.roles import Roles, draft, factor, pair, setting, trend
from tests.llm.loopback import Loopback
from tests.shape.sources import ROOT

pytestmark = pytest.mark.slow

PERSEUS = "Does Perseus cut the energy of a pipeline-parallel iteration without slowing it down?"
HNSW = "How does efSearch change recall and the distance computations of an HNSW index?"
SORTING = (
    "How does the number of comparisons of insertion sort and merge sort grow with the input size?"
)


@dataclass(frozen=True)
class Answered:
    """What a question came to: the program's last word, its facts and its report."""

    said: dict[str, Any]
    dossier: Dossier

    @property
    def report(self) -> str:
        return Path(self.said["report"]).read_text(encoding="utf-8")

    @property
    def claims(self) -> dict[str, dict[str, Any]]:
        return {claim["id"]: claim for claim in self.said["claims"]}

    @property
    def callers(self) -> set[str]:
        return {call.role for call in self.dossier.of(ModelCall)}


def answered(home: Path, question: str, roles: Roles, *, sandbox: str = "process") -> Answered:
    """Ask by the command line, with `roles` behind an endpoint on this machine."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CURIE", "OPENAI", "XDG"))}
    asked = ("ask", question, "--model", "openai/test", "--allow-unknown-price", "--json")
    with Loopback(roles, key="sesame") as server:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "curie.cli.main",
                *asked,
                "--sandbox",
                sandbox,
                "--workers",
                "2",
            ],
            cwd=home,
            env={
                **kept,
                "PYTHONPATH": str(ROOT),
                "CURIE_HOME": str(home),
                "OPENAI_BASE_URL": server.url,
                "OPENAI_API_KEY": "sesame",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr + done.stdout
    said = json.loads(done.stdout.splitlines()[-1])
    with Ledger.open(home / "ledger.db", SystemClock()) as ledger:
        return Answered(said, ledger.dossier(said["run"]))


def perseus_roles() -> Roles:
    sides = (setting("planner", "perseus"), setting("planner", "all_max"))
    energy = pair(
        "iteration_energy_j", *sides, kind="difference", direction="lower",
        at_least=0.0, at_least_share=0.0,
    )  # fmt: skip
    time = pair(
        "iteration_time_s", *sides, kind="equivalence", margin=0.0, margin_share=0.01,
        side="not_higher",
    )  # fmt: skip
    return Roles(
        draft(
            "perseus",
            {"id": "c1", "claim": energy, "why": "it is asked"},
            {"id": "c2", "claim": time, "why": "it is asked"},
            vary={"planner": ["all_max", "perseus"]},
        )
    )


def check_perseus(answer: Answered, sandbox: str) -> None:
    assert answer.said["verdict"] == "supported"
    assert answer.said["sandbox"] == sandbox
    energy = answer.claims["c1"]
    assert energy["verdict"] == "supported"
    assert energy["low"] <= energy["estimate"] <= energy["high"] < 0
    assert energy["unit"] == "J"
    assert answer.callers == {"architect", "analyst"}
    assert {call.model for call in answer.dossier.of(ModelCall)} == {"openai/test"}
    assert "openai/test" in answer.report


def test_a_model_designs_and_tells_an_experiment_on_a_shipped_system(tmp_path: Path):
    check_perseus(answered(tmp_path, PERSEUS, perseus_roles()), "process")


@pytest.mark.docker
def test_the_same_question_is_answered_from_trials_in_containers(tmp_path: Path):
    check_perseus(answered(tmp_path, PERSEUS, perseus_roles(), sandbox="docker"), "docker")


def test_two_open_trends_are_found_to_rise_and_told_in_the_words_of_the_model(tmp_path: Path):
    hnsw = setting("index", "hnsw")
    roles = Roles(
        draft(
            "vector_index",
            trend("c1", "recall", "ef_search", hnsw),
            trend("c2", "distance_computations", "ef_search", hnsw),
            vary={"ef_search": [16, 64, 256]},
            hold=[hnsw, setting("vectors", 3000)],
        )
    )
    answer = answered(tmp_path, HNSW, roles)
    assert [c["verdict"] for c in answer.claims.values()] == ["supported", "supported"]
    assert [c["kind"] for c in answer.claims.values()] == ["trend", "trend"]
    assert all(c["low"] > 0 for c in answer.claims.values()), "both are higher at the last level"
    assert "For recall it is supported, and what was found is: rises" in answer.said["answer"]
    assert answer.said["answer"] in answer.report.replace("\\", "")


EXAMPLE = (ROOT / "sandboxes/workbench/example.py").read_text(encoding="utf-8")
RIGHT = EXAMPLE.replace(', "sort_ms": (sort_ms, "ms")', "")  # the plan declares no time
WRONG = RIGHT.replace("random.Random(config.seed)", "random.Random()")
SIZES = [32, 128, 512]


def sorting_roles() -> Roles:
    comparisons = {
        "name": "comparisons", "unit": "comparisons", "about": "Pairs that were compared.",
        "low": 0, "high": None, "better": "lower", "noise": "seeded", "spread_share": 0.05,
        "smallest_effect_share": 0.2, "words": [],
    }  # fmt: skip
    return Roles(
        draft(
            "workbench",
            trend("c1", "comparisons", "size", setting("algorithm", "insertion")),
            trend("c2", "comparisons", "size", setting("algorithm", "merge")),
            vary={"algorithm": ["insertion", "merge"], "size": SIZES},
            design="factorial",
            program={
                "purpose": "Sorts random numbers and counts the pairs that are compared.",
                "factors": [
                    factor("algorithm", "str", ["insertion", "merge"]),
                    factor("size", "int", SIZES, low=1, high=10_000),
                ],
                "metrics": [comparisons],
            },
        ),
        program=WRONG,
        mended=RIGHT,
    )


def test_a_program_is_written_sent_back_by_the_gate_mended_and_measured(tmp_path: Path):
    roles = sorting_roles()
    assert WRONG != RIGHT
    answer = answered(tmp_path, SORTING, roles)
    dossier = answer.dossier

    assert answer.said["verdict"] == "supported"
    expected = expected_comparisons(SIZES[-1]) - expected_comparisons(SIZES[0])
    insertion, merge = answer.claims["c1"], answer.claims["c2"]
    assert abs(insertion["estimate"] / expected - 1) < 0.1
    assert 0 < merge["low"] <= merge["high"] < insertion["low"]

    # Later setups may follow: the control gate replans if the noise is larger than was planned.
    first, second, *_ = dossier.of(Setup)
    assert [f.text for f in first.files] == [WRONG]
    assert [f.text for f in second.files] == [RIGHT]
    gate = {v.subject: v for v in dossier.of(Verdict) if v.gate == "setup"}
    assert [gate[s.id].accepted for s in (first, second)] == [False, True]
    refused = next(f for f in gate[first.id].failures if f.check == "seeds_obeyed")
    assert any(refused.detail in told for told in roles.told), "the technician was told why"
    assert not any(m.setup == first.id and m.analysed for m in dossier.started(first.id))

    assert answer.callers == {"architect", "technician", "reviewer", "analyst"}
    assert all(o.trustworthy for o in dossier.of(Opinion))
    assert dossier.of(Setup)[-1].code_sha256 in answer.report
    assert "technician" in answer.report


def expected_comparisons(n: int) -> float:
    """Of insertion sort from the right, on n distinct values in random order, on average.

    One for each of the n(n-1)/4 expected inversions, and one more that stops each insertion, but
    for values that travel to the very front: the left-to-right minima, of which there are H_n.
    """
    return n * (n - 1) / 4 + n - sum(1 / i for i in range(1, n + 1))
