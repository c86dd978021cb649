import random
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from curie.domain.clock import StoppedClock
from curie.domain.dossier import AnyFact, Role
from curie.domain.errors import LedgerBroken, UsageError
from curie.store.ledger import Ledger
from curie.store.rights import RIGHTS
from curie.store.runs import new_run_id
from curie.store.schema import FactRow
from tests.domain.samples import (
    ANSWER,
    AT,
    CALL,
    CHOSEN,
    CLOSED,
    EVERY_KIND,
    FAILED,
    MEASURED,
    OPENED,
    STARTED,
)
from tests.store.conftest import Sql


def author_of(fact: AnyFact) -> Role:
    return next(
        role
        for role, kinds in RIGHTS.items()
        if type(fact) in kinds and (role, fact.fact) != ("loop", "answer")
    )


def opened_run(ledger: Ledger, run: str, text: str = "why?") -> None:
    question = OPENED.question.but(text=text)
    ledger.writer(run, "loop").add(OPENED.but(question=question))


def test_every_kind_of_fact_comes_back_as_it_was_written(path: Path) -> None:
    with Ledger.open(path, StoppedClock(AT)) as ledger:
        written = tuple(ledger.writer("r1", author_of(f)).add(f) for f in EVERY_KIND)
    with Ledger.open(path, StoppedClock(AT + timedelta(days=1))) as again:
        dossier = again.dossier("r1")
        assert dossier.entries == written
        assert tuple(e.body for e in dossier.entries) == EVERY_KIND
        assert [e.body.canonical() for e in dossier.entries] == [f.canonical() for f in EVERY_KIND]
        assert [e.seq for e in dossier.entries] == list(range(1, len(EVERY_KIND) + 1))


def test_the_file_and_its_folder_are_for_their_owner_alone(ledger: Ledger, path: Path) -> None:
    opened_run(ledger, "r1")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_facts_of_different_runs_do_not_mix(ledger: Ledger) -> None:
    opened_run(ledger, "r1")
    opened_run(ledger, "r2")
    ledger.writer("r1", "executor").add(STARTED)
    assert [e.run for e in ledger.entries("r1")] == ["r1", "r1"]
    assert [e.seq for e in ledger.entries("r2")] == [1]
    assert ledger.entries("r3") == ()


def test_a_run_is_opened_once(ledger: Ledger) -> None:
    opened_run(ledger, "r1")
    with pytest.raises(LedgerBroken, match="r1 was opened before"):
        opened_run(ledger, "r1")


def test_an_empty_batch_adds_nothing(ledger: Ledger) -> None:
    assert ledger.writer("r1", "loop").add_all(()) == ()
    assert ledger.entries("r1") == ()


def test_threads_that_add_at_once_make_one_unbroken_chain(ledger: Ledger) -> None:
    executor = ledger.writer("r1", "executor")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: executor.add(STARTED.but(trial=f"t{n}")), range(80)))
    dossier = ledger.dossier("r1")
    assert [e.seq for e in dossier.entries] == list(range(1, 81))
    assert {e.body.trial for e in dossier.entries} == {f"t{n}" for n in range(80)}


_ADDER = """
import sys
from pathlib import Path
from tests.domain.samples import AT, STARTED
from curie.domain.clock import StoppedClock
from curie.store.ledger import Ledger
with Ledger.open(Path(sys.argv[1]), StoppedClock(AT)) as ledger:
    writer = ledger.writer("r1", "executor")
    for n in range(40):
        writer.add(STARTED.but(trial=f"{sys.argv[2]}{n}"))
"""


def test_processes_that_add_at_once_wait_for_each_other(path: Path, ledger: Ledger) -> None:
    root = Path(__file__).parents[2]
    adders = [
        subprocess.Popen([sys.executable, "-c", _ADDER, str(path), name], cwd=root)
        for name in ("a", "b", "c")
    ]
    assert [adder.wait(60) for adder in adders] == [0, 0, 0]
    dossier = ledger.dossier("r1")
    assert [e.seq for e in dossier.entries] == list(range(1, 121))
    for name in ("a", "b", "c"):
        own = [e.body.trial for e in dossier.entries if e.body.trial.startswith(name)]
        assert own == [f"{name}{n}" for n in range(40)]


def test_what_was_added_is_there_when_the_writer_is_killed(path: Path) -> None:
    program = _ADDER.replace(
        "    for n in range(40):\n        writer.add",
        "    for n in range(10**6):\n        print(n, flush=True)\n        writer.add",
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path), "t"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout as said:
        while int(said.readline()) < 25:
            pass
        child.kill()
        child.wait()
    with Ledger.open(path, StoppedClock(AT)) as ledger:
        assert ledger.verify("r1") >= 25


def test_runs_are_listed_newest_first_with_what_became_of_them(ledger: Ledger) -> None:
    opened_run(ledger, "r1", "first?")
    opened_run(ledger, "r2", "second?")
    ledger.writer("r1", "loop").add(CHOSEN)
    ledger.writer("r1", "executor").add_all((STARTED, MEASURED, STARTED, FAILED))
    ledger.writer("r1", "architect").add_all((CALL, CALL.but(number=2), CALL.but(usd=None)))
    ledger.writer("r1", "analyst").add(ANSWER)
    ledger.writer("r1", "loop").add(CLOSED)
    second, first = ledger.runs()
    assert (first.run, first.question, first.system) == ("r1", "first?", "kiln")
    assert (first.state, first.verdict, first.trials) == ("answered", "supported", 2)
    assert first.usd == pytest.approx(0.5)
    assert first.opened_at == AT
    assert (second.run, second.system, second.state) == ("r2", None, "running")
    assert (second.verdict, second.trials, second.usd) == (None, 0, 0.0)


def test_a_run_that_gave_up_says_so(ledger: Ledger) -> None:
    opened_run(ledger, "r1")
    ledger.writer("r1", "loop").add_all(
        (ANSWER.but(verdict="gave_up"), CLOSED.but(how="gave_up", exit_code=5))
    )
    (row,) = ledger.runs()
    assert (row.state, row.verdict) == ("gave_up", "gave_up")


def test_a_run_is_found_by_a_unique_prefix_or_as_the_last(ledger: Ledger) -> None:
    for run in ("20261123-1019-kqzp", "20261123-1020-abcd", "20261124-0900-abcd"):
        opened_run(ledger, run)
    assert ledger.resolve("20261124") == "20261124-0900-abcd"
    assert ledger.resolve("20261123-1019-kqzp") == "20261123-1019-kqzp"
    assert ledger.resolve("last") == "20261124-0900-abcd"


def test_the_last_run_is_the_one_opened_last_even_if_the_clock_went_back(ledger: Ledger) -> None:
    opened_run(ledger, "20261124-0900-abcd")
    opened_run(ledger, "20261123-1019-kqzp")
    assert ledger.resolve("last") == "20261123-1019-kqzp"


def test_a_run_whose_id_is_the_start_of_another_is_found(ledger: Ledger) -> None:
    opened_run(ledger, "r1")
    opened_run(ledger, "r10")
    assert ledger.resolve("r1") == "r1"


def test_an_ambiguous_prefix_lists_the_candidates(ledger: Ledger) -> None:
    for run in ("20261123-1019-kqzp", "20261123-1020-abcd"):
        opened_run(ledger, run)
    with pytest.raises(UsageError, match=r"20261123-1020-abcd, 20261123-1019-kqzp; give more"):
        ledger.resolve("20261123")


@pytest.mark.parametrize("prefix", ["x", "r_", "R1", "%"])
def test_a_prefix_of_no_run_lists_the_newest_runs(ledger: Ledger, prefix: str) -> None:
    for n in range(10):
        opened_run(ledger, f"r1{n}")
    with pytest.raises(UsageError, match=r"there is none; the newest are r19, .* and 2 more"):
        ledger.resolve(prefix)


@pytest.mark.parametrize("prefix", ["last", "x"])
def test_an_empty_ledger_says_so(ledger: Ledger, prefix: str) -> None:
    with pytest.raises(UsageError, match="the ledger is empty"):
        ledger.resolve(prefix)
    assert ledger.runs() == ()


def test_run_ids_sort_by_their_start_and_differ_within_a_minute() -> None:
    rng = random.Random(5)
    times = [AT + timedelta(minutes=13 * n) for n in range(200)]
    ids = [new_run_id(StoppedClock(at), rng) for at in times]
    assert ids == sorted(ids)
    assert ids[0].startswith("20261123-1019-")
    assert len({new_run_id(StoppedClock(AT), rng) for _ in range(100)}) > 95


def test_the_columns_of_the_table_are_those_the_code_knows(ledger: Ledger, sql: Sql) -> None:
    columns = [str(name) for (name,) in sql("SELECT name FROM pragma_table_info('facts')")]
    assert columns == list(FactRow.model_fields)


def test_opening_a_ledger_again_changes_nothing(ledger: Ledger, path: Path, sql: Sql) -> None:
    opened_run(ledger, "r1")
    before = sql("SELECT sql FROM sqlite_master"), sql("SELECT version FROM schema_versions")
    with Ledger.open(path, StoppedClock(AT)) as again:
        assert again.entries("r1") == ledger.entries("r1")
    assert (
        sql("SELECT sql FROM sqlite_master"),
        sql("SELECT version FROM schema_versions"),
    ) == before
    assert before[1] == [(1,)]
