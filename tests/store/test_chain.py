import hashlib
import json
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.clock import StoppedClock
from curie.domain.errors import LedgerBroken
from curie.store.chain import GENESIS, digest, stamp
from curie.store.ledger import Ledger
from tests.domain.samples import CALL, CHOSEN, CLOSED, MEASURED, OPENED, STARTED
from tests.store.conftest import TAMPER, Sql


def three_facts(ledger: Ledger, run: str = "r1") -> None:
    ledger.writer(run, "loop").add(OPENED)
    ledger.writer(run, "executor").add_all((STARTED, MEASURED))


def test_an_entry_is_hashed_over_its_canonical_json_and_names_the_hash_before(
    ledger: Ledger,
) -> None:
    three_facts(ledger)
    previous = "0" * 64
    for seq, entry in enumerate(ledger.entries("r1"), start=1):
        whole = {
            "run": "r1",
            "seq": seq,
            "author": entry.author,
            "at": "2026-11-23T10:19:00.000000Z",
            "body": entry.body.model_dump(mode="json"),
            "previous": previous,
        }
        spelled = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry.previous == previous
        assert entry.sha256 == hashlib.sha256(spelled.encode()).hexdigest()
        previous = entry.sha256


@given(
    texts=st.tuples(st.text(), st.text(), st.text()),
    seq=st.integers(min_value=1),
    body=st.dictionaries(st.text(), st.text() | st.integers() | st.none()),
)
def test_the_hash_is_that_of_canonical_json_whatever_the_text(
    texts: tuple[str, str, str], seq: int, body: dict[str, object]
) -> None:
    run, author, previous = texts
    at = stamp(datetime(2026, 1, 1, tzinfo=UTC))
    whole = {
        "run": run,
        "seq": seq,
        "at": at,
        "author": author,
        "body": body,
        "previous": previous,
    }
    form = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
    assert (
        digest(
            run=run,
            seq=seq,
            at=at,
            author=author,
            body=json.dumps(body, **form),
            previous=previous,
        )
        == hashlib.sha256(json.dumps(whole, **form).encode()).hexdigest()
    )


def test_a_moment_is_spelled_in_utc_whatever_its_zone() -> None:
    tokyo = datetime(2026, 11, 23, 19, 19, tzinfo=timezone(timedelta(hours=9)))
    assert stamp(tokyo) == "2026-11-23T10:19:00.000000Z"


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        stamp(datetime(2026, 11, 23))  # noqa: DTZ001 - the mistake that is tested


def test_an_untouched_run_is_verified_to_its_last_fact(ledger: Ledger) -> None:
    three_facts(ledger)
    three_facts(ledger, "r2")
    assert ledger.verify("r1") == 3


TAMPERINGS = {
    "a number in a body": (
        "UPDATE facts SET body = replace(body, '4.5', '4.6') WHERE seq = 3",
        "fact 3 does not have the hash",
    ),
    "a time": ("UPDATE facts SET at = '2026-11-23T10:20:00.000000Z' WHERE seq = 2", "fact 2 "),
    "an author": ("UPDATE facts SET author = 'loop' WHERE seq = 2", "fact 2 "),
    "a hash": ("UPDATE facts SET sha256 = hex(zeroblob(32)) WHERE seq = 2", "fact 2 "),
    "a link": (f"UPDATE facts SET previous = '{GENESIS}' WHERE seq = 2", "fact 2 does not follow"),
    "a missing fact": ("DELETE FROM facts WHERE seq = 2", "fact 2 is missing"),
    "a missing start": ("DELETE FROM facts WHERE seq = 1", "fact 1 is missing"),
    "a fact of another run": ("UPDATE facts SET run = 'r2' WHERE seq = 1", "fact 1 is missing"),
    "swapped facts": (
        "UPDATE facts SET seq = CASE seq WHEN 2 THEN 30 WHEN 3 THEN 2 ELSE seq END",
        "fact 2 does not follow",
    ),
    "a kind": ("UPDATE facts SET kind = 'failed' WHERE seq = 3", "fact 3 is filed as 'failed'"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_the_first_broken_fact_is_named(
    ledger: Ledger, sql: Sql, name: str
) -> None:
    three_facts(ledger)
    statement, said = TAMPERINGS[name]
    sql(*TAMPER, statement)
    with pytest.raises(LedgerBroken, match=f"run r1: {said}"):
        ledger.verify("r1")
    with pytest.raises(LedgerBroken, match=f"run r1: {said}"):
        ledger.dossier("r1")


def test_a_link_that_was_forged_with_a_right_hash_still_needs_the_right_author(
    ledger: Ledger, sql: Sql
) -> None:
    ledger.writer("r1", "loop").add(OPENED)
    (opened,) = ledger.entries("r1")
    body, at = CALL.canonical(), "2026-11-23T10:19:00.000000Z"
    forged = digest(run="r1", seq=2, at=at, author="gatekeeper", body=body, previous=opened.sha256)
    sql(
        "INSERT INTO facts (run, seq, at, author, kind, body, previous, sha256) VALUES "
        f"('r1', 2, '{at}', 'gatekeeper', 'call', '{body}', '{opened.sha256}', '{forged}')"
    )
    with pytest.raises(LedgerBroken, match="run r1: fact 2: the gatekeeper may not write"):
        ledger.verify("r1")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET author = 'loop' WHERE seq = 2",
        "UPDATE facts SET body = body",
        "DELETE FROM facts",
        "DELETE FROM facts WHERE seq = 3",
        "INSERT OR REPLACE INTO facts SELECT * FROM facts WHERE seq = 2",
        "REPLACE INTO facts SELECT 1, 'r9', 1, at, author, kind, body, "
        f"'{GENESIS}', sha256 FROM facts WHERE seq = 2",
        "INSERT INTO facts SELECT NULL, run, 2, at, author, kind, body, previous, sha256 "
        "FROM facts WHERE seq = 2",
        "INSERT INTO facts SELECT NULL, run, 5, at, author, kind, body, previous, sha256 "
        "FROM facts WHERE seq = 3",
        "INSERT INTO facts SELECT NULL, run, 4, at, author, kind, body, previous, sha256 "
        "FROM facts WHERE seq = 3",
    ],
)
def test_the_database_refuses_to_change_delete_replace_or_skip_a_fact(
    ledger: Ledger, sql: Sql, statement: str
) -> None:
    three_facts(ledger)
    before = sql("SELECT * FROM facts")
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|must follow"):
        sql(statement)
    assert sql("SELECT * FROM facts") == before


def test_a_body_that_this_version_cannot_read_is_named(ledger: Ledger, sql: Sql) -> None:
    body = CLOSED.canonical().replace("answered", "evaporated")
    at = "2026-11-23T10:19:00.000000Z"
    sha = digest(run="r1", seq=1, at=at, author="loop", body=body, previous=GENESIS)
    sql(
        "INSERT INTO facts (run, seq, at, author, kind, body, previous, sha256) VALUES "
        f"('r1', 1, '{at}', 'loop', 'closed', '{body}', '{GENESIS}', '{sha}')"
    )
    with pytest.raises(LedgerBroken, match=r"fact 1 cannot be read by this version.*closed\.how"):
        ledger.dossier("r1")


def test_a_fact_says_when_it_was_written(path: Path) -> None:
    later = datetime(2027, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)
    with Ledger.open(path, StoppedClock(later)) as ledger:
        entry = ledger.writer("r1", "loop").add(CHOSEN)
        assert entry.at == later
        assert ledger.entries("r1")[0] == entry
