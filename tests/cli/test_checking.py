"""checks: the catalogue of what the gates ask, whole or one by one."""

import json

from tests.cli.conftest import Curie


def test_checks_lists_every_check_with_its_gate_and_how_grave_it_can_be(curie: Curie):
    rows = json.loads(curie("checks", "--json").out)
    assert {tuple(row) for row in rows} == {("id", "gate", "severity", "part", "summary")}
    assert {row["gate"] for row in rows} == {"plan", "setup", "control", "evidence", "answer"}
    assert {row["severity"] for row in rows} == {"stops", "warns"}
    lines = curie("checks").out.splitlines()
    assert lines[0].split()[:3] == ["check", "gate", "severity"]
    assert [line.split()[:3] for line in lines[1:]] == [
        [row["id"], row["gate"], row["severity"]] for row in rows
    ]


def test_a_check_is_explained_with_all_gates_in_which_it_stands(curie: Curie):
    rows = json.loads(curie("checks", "nonces_return", "--json").out)
    assert [row["gate"] for row in rows] == ["setup", "control", "evidence"]
    assert all("Mended by" in row["about"] for row in rows)
    words = curie("checks", "nonces_return").out
    assert "setup, control, evidence gates" in words
    assert "Mended by" in words


def test_a_check_that_is_not_there_is_answered_with_near_names(curie: Curie):
    said = curie("checks", "seed_move")
    assert (said.code, said.out) == (2, "")
    assert "seed_moves" in said.err
    assert "curie checks" in curie("checks", "zzzz").err
