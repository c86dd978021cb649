"""The views, asked in raw SQL; what they show is known from the facts that were written."""

import json

import pytest

from curie import store
from curie.store.ledger import Ledger
from tests.domain.samples import (
    ANALYSIS,
    CALL,
    CHOSEN,
    EVERY_KIND,
    FAILED,
    MEASURED,
    OPENED,
    SETUP,
    STARTED,
    VERDICT,
)
from tests.store.conftest import Sql


@pytest.fixture(autouse=True)
def _run(ledger: Ledger) -> None:
    ledger.writer("r1", "loop").add_all((OPENED, CHOSEN))
    ledger.writer("r1", "technician").add(SETUP)
    late = STARTED.but(trial="p1/a2/s1", arm="a2")
    ledger.writer("r1", "executor").add_all(
        (STARTED, MEASURED, late, FAILED, STARTED.but(trial="p1/a1/s2", seed=2, analysed=False))
    )


def test_a_run_is_a_row(sql: Sql) -> None:
    assert sql("SELECT run, question, system, model, state, verdict, trials, usd FROM runs") == [
        ("r1", OPENED.question.text, "kiln", "builtin", "running", None, 2, 0.0)
    ]
    assert sql("SELECT opened_at, last_at FROM runs") == [("2026-11-23T10:19:00.000000Z",) * 2]


def test_a_trial_is_a_row_with_what_became_of_it(sql: Sql) -> None:
    columns = "trial, setup, plan, arm, phase, seed, analysed, state, why, wall_s, cpu_s"
    assert sql(f"SELECT {columns} FROM trials ORDER BY trial") == [
        ("p1/a1/s1", "s1", "p1", "a1", "treatment", 1, 1, "measured", None, 0.5, 0.25),
        ("p1/a1/s2", "s1", "p1", "a1", "treatment", 2, 0, "started", None, None, None),
        ("p1/a2/s1", "s1", "p1", "a2", "treatment", 1, 1, "failed", "timeout", 10.0, None),
    ]
    ((settings,),) = sql("SELECT settings FROM trials WHERE trial = 'p1/a2/s1'")
    assert json.loads(str(settings)) == [{"factor": "peak_c", "level": 1000.0}]


def test_a_trial_that_was_started_again_is_still_one_row(ledger: Ledger, sql: Sql) -> None:
    again = STARTED.but(trial="p1/a1/s2", seed=2, nonce="n2")
    ledger.writer("r1", "executor").add_all((again, MEASURED.but(trial="p1/a1/s2")))
    assert sql("SELECT state, analysed FROM trials WHERE trial = 'p1/a1/s2'") == [("measured", 1)]
    assert sql("SELECT count(*) FROM metrics WHERE trial = 'p1/a1/s2'") == [(2,)]


def test_a_trial_of_another_setup_is_another_row(ledger: Ledger, sql: Sql) -> None:
    ledger.writer("r1", "technician").add(SETUP.but(id="s2", plan="p2"))
    ledger.writer("r1", "executor").add(STARTED.but(setup="s2"))
    assert sql("SELECT setup, plan, state FROM trials WHERE trial = 'p1/a1/s1' ORDER BY 1") == [
        ("s1", "p1", "measured"),
        ("s2", "p2", "started"),
    ]


def test_a_number_is_a_row(sql: Sql) -> None:
    columns = "trial, arm, phase, seed, analysed, metric, value, unit"
    assert sql(f"SELECT {columns} FROM metrics ORDER BY metric") == [
        ("p1/a1/s1", "a1", "treatment", 1, 1, "fuel_s", 1.25, "s"),
        ("p1/a1/s1", "a1", "treatment", 1, 1, "shrinkage", 4.5, "%"),
    ]


def test_a_claim_is_a_row_with_its_newest_analysis(ledger: Ledger, sql: Sql) -> None:
    statistician = ledger.writer("r1", "statistician")
    statistician.add_all((ANALYSIS.but(verdict="inconclusive", p=0.2), ANALYSIS))
    columns = "plan, claim, kind, metric, verdict, found, estimate, low, high, unit, p, n, method"
    assert sql(f"SELECT {columns} FROM claims") == [
        (
            *("p1", "c1", "trend", "shrinkage", "supported", "rises", 0.012, 0.011, 0.013),
            *("%/°C", 0.001, 12, "Page's test"),
        )
    ]
    assert sql("SELECT effect, power, exploratory FROM claims") == [("slope per °C", None, 0)]


def test_a_verdict_is_a_row_that_counts_its_failures(ledger: Ledger, sql: Sql) -> None:
    ledger.writer("r1", "gatekeeper").add(VERDICT)
    columns = "gate, subject, round, accepted, remedy, checks, failures"
    assert sql(f"SELECT {columns} FROM verdicts") == [("plan", "p1", 1, 0, "again", 3, 2)]


def test_a_model_call_is_a_row(ledger: Ledger, sql: Sql) -> None:
    ledger.writer("r1", "architect").add(CALL)
    columns = "role, number, attempt, model, way, want, tokens_in, tokens_out, usd, problem"
    assert sql(f"SELECT {columns} FROM model_calls") == [
        ("architect", 1, 1, "openai/test", "json_schema", "Draft", 100, 20, 0.25, "")
    ]


def test_the_docstring_lists_the_views_and_their_columns(sql: Sql) -> None:
    views = [str(name) for (name,) in sql("SELECT name FROM sqlite_master WHERE type = 'view'")]
    assert len(views) == 6
    text = " ".join((store.__doc__ or "").split())
    for view in views:
        names = [str(n) for (n,) in sql(f"SELECT name FROM pragma_table_info('{view}')")]
        assert f"`{view}` ({', '.join(names)})" in text


def test_the_views_leave_no_kind_that_they_should_show_empty(ledger: Ledger, sql: Sql) -> None:
    ledger.writer("r1", "gatekeeper").add(VERDICT)
    ledger.writer("r1", "statistician").add(ANALYSIS)
    ledger.writer("r1", "architect").add(CALL)
    kinds = {str(k) for (k,) in sql("SELECT DISTINCT kind FROM facts")}
    assert kinds <= {fact.fact for fact in EVERY_KIND}
    for view in ("runs", "trials", "metrics", "claims", "verdicts", "model_calls"):
        assert sql(f"SELECT count(*) > 0 FROM {view}") == [(1,)], view
