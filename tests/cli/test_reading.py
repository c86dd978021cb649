"""runs, show, report, systems, config: data on stdout, and nothing that must stay secret."""

import json
from pathlib import Path

from tests.cli.conftest import OTHER_RUN, RUN, Curie, write_run


def test_an_empty_home_lists_no_runs_and_says_what_to_do_on_stderr(curie: Curie):
    said = curie("runs")
    assert (said.code, said.out) == (0, "")
    assert "curie ask" in said.err
    assert json.loads(curie("runs", "--json").out) == []


def test_runs_lists_the_newest_first(curie: Curie, home: Path, told: str):
    write_run(home, OTHER_RUN, until=8)
    rows = json.loads(curie("runs", "--json").out)
    assert [row["run"] for row in rows] == [OTHER_RUN, told]
    assert [row["state"] for row in rows] == ["running", "answered"]
    assert rows[1]["verdict"] == "supported"
    lines = curie("runs").out.splitlines()
    assert lines[1].startswith(OTHER_RUN)
    assert lines[2].startswith(told)


def test_a_run_is_shown_with_its_answer_plan_verdicts_and_trials(curie: Curie, told: str):
    shown = json.loads(curie("show", told, "--json").out)
    assert shown["verdict"] == "Supported"
    assert shown["answer"].startswith("Recall rises with ef_search")
    assert "{{" not in shown["answer"]
    assert [claim["id"] for claim in shown["claims"]] == ["c1", "c2", "c3"]
    assert [plan["frozen"] for plan in shown["plans"]] == [True]
    assert {v["gate"] for v in shown["verdicts"]} >= {"plan", "setup", "evidence", "answer"}
    assert len(shown["trials"]) == 6 * 8
    assert {t["state"] for t in shown["trials"]} == {"measured"}
    assert all(t["metrics"].keys() == {"recall_at_10", "latency_us"} for t in shown["trials"])


def test_a_run_is_shown_in_words(curie: Curie, told: str):
    said = curie("show", told)
    assert said.err == ""
    for part in ("Recall rises with ef_search", "Sandbox: Docker", "frozen", "Gate answer on a1"):
        assert part in said.out


def test_the_secret_of_a_run_is_never_shown(curie: Curie, told: str):
    for words in (["show", told], ["show", told, "--json"], ["runs", "--json"]):
        assert "never shown" not in curie(*words).out


def test_a_run_under_way_claims_nothing(curie: Curie, home: Path):
    write_run(home, RUN, until=12)
    shown = json.loads(curie("show", RUN, "--json").out)
    assert shown["verdict"] == "Not finished"
    assert shown["claims"] == []


def test_the_beginning_of_an_id_is_enough_while_it_is_unique(curie: Curie, home: Path, told: str):
    assert json.loads(curie("show", told[:4], "--json").out)["run"] == told
    write_run(home, OTHER_RUN, until=3)
    several = curie("show", told[:4])
    assert several.code == 2
    assert told in several.err
    assert OTHER_RUN in several.err
    assert json.loads(curie("show", told[:8], "--json").out)["run"] == told
    assert json.loads(curie("show", "last", "--json").out)["run"] == OTHER_RUN


def test_an_unknown_run_is_a_usage_error_that_names_known_ones(curie: Curie, told: str):
    for command in ("show", "report", "resume"):
        said = curie(command, "1999")
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("curie: ")
        assert told in said.err


def test_a_report_is_made_again_from_the_ledger_with_the_same_bytes(curie: Curie, told: str):
    first = Path(curie("report", told).out.strip())
    text = first.read_bytes()
    assert b"# " in text
    first.unlink()
    assert Path(curie("report", told).out.strip()).read_bytes() == text


def test_an_html_report_needs_no_other_file(curie: Curie, told: str):
    page = Path(json.loads(curie("report", told, "--html", "--json").out)["report"])
    assert page.suffix == ".html"
    text = page.read_text(encoding="utf-8")
    assert "data:image" in text or "<svg" in text
    assert 'src="figures/' not in text


def test_systems_are_listed_with_factors_metrics_and_claims(curie: Curie):
    found = {s["name"]: s for s in json.loads(curie("systems", "--json").out)}
    assert found.keys() >= {"perseus", "vector_index", "workbench"}
    assert "planner" in {f["name"] for f in found["perseus"]["factors"]}
    assert "iteration_energy_j" in {m["name"] for m in found["perseus"]["metrics"]}
    assert all(c["text"] and c["kind"] for c in found["perseus"]["claims"])


def test_one_system_is_shown_in_detail(curie: Curie):
    said = curie("systems", "perseus")
    assert (said.code, said.err) == (0, "")
    for part in ("Real:", "Modelled:", "planner", "iteration_energy_j", "Published claims:"):
        assert part in said.out


def test_an_unknown_system_names_the_nearest(curie: Curie):
    said = curie("systems", "persius")
    assert (said.code, said.out) == (2, "")
    assert "did you mean perseus?" in said.err


def test_config_says_where_a_setting_comes_from(curie: Curie, tmp_path: Path):
    (tmp_path / "curie.toml").write_text("workers = 3\nmodel_timeout_s = 30\n", encoding="utf-8")
    (tmp_path / ".env").write_text("CURIE_WORKERS=5\n", encoding="utf-8")
    rows = json.loads(curie("config", "--json", CURIE_MODEL="openai/x").out)
    found = {row["name"]: (row["value"], row["from"]) for row in rows}
    assert found["CURIE_WORKERS"] == ("5", ".env")
    assert found["CURIE_MODEL_TIMEOUT_S"] == ("30.0", "curie.toml")
    assert found["CURIE_MODEL"] == ("openai/x", "environment")
    assert found["CURIE_SANDBOX"] == ("auto", "default")
    flagged = json.loads(curie("config", "--json", "--home", "elsewhere").out)
    assert {"name": "CURIE_HOME", "value": "elsewhere", "from": "flag"} in flagged


def test_a_key_is_never_printed(curie: Curie, told: str):
    key = "sk-planted-4711"
    said = curie("config", OPENAI_API_KEY=key)
    row = next(line for line in said.out.splitlines() if line.startswith("OPENAI_API_KEY"))
    assert row.split() == ["OPENAI_API_KEY", "set", "environment"]
    for words in (["config"], ["config", "--json"], ["doctor", "--json"], ["show", told, "--json"]):
        said = curie(*words, OPENAI_API_KEY=key, CURIE_MODEL="openai/x")
        assert key not in said.out + said.err


def test_a_setting_that_cannot_be_is_a_usage_error(curie: Curie):
    said = curie("config", CURIE_WORKERS="none")
    assert (said.code, said.out) == (2, "")
    assert "workers" in said.err


def test_a_damaged_ledger_is_named_and_left_alone(curie: Curie, home: Path):
    home.mkdir()
    ledger = home / "ledger.db"
    ledger.write_bytes(b"this is no database " * 500)
    before = ledger.read_bytes()
    for words in (["runs"], ["show", "last"], ["ask", "Does Perseus cut energy?"]):
        said = curie(*words)
        assert (said.code, said.out) == (1, "")
        assert str(ledger) in said.err
        assert "Traceback" not in said.err
    assert ledger.read_bytes() == before
