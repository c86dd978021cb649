"""What goes wrong with the file itself, each provoked for real."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from curie.domain.clock import StoppedClock
from curie.domain.errors import LedgerBroken
from curie.store.faults import broken, explained
from curie.store.ledger import Ledger
from tests.domain.samples import AT, MEASURED, OPENED, STARTED
from tests.store.conftest import TAMPER, Sql

CLOCK = StoppedClock(AT)


def filled(path: Path, facts: int = 200) -> None:
    with Ledger.open(path, CLOCK) as ledger:
        ledger.writer("r1", "loop").add(OPENED)
        ledger.writer("r1", "executor").add_all([MEASURED] * facts)


def test_a_file_that_is_no_database_is_named_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"my diary " * 1000)
    with pytest.raises(LedgerBroken, match=r"ledger .*ledger\.db: it is damaged or is no ledger"):
        Ledger.open(path, CLOCK)
    assert path.read_bytes() == b"my diary " * 1000


def test_a_damaged_page_is_reported_with_the_file(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    noise = random.Random(3)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(noise.randbytes(path.stat().st_size - 4096))
    with pytest.raises(LedgerBroken, match=r"ledger\.db: it is damaged"):
        Ledger.open(path, CLOCK).dossier("r1")


def test_text_that_is_not_utf8_is_damage(ledger: Ledger, sql: Sql) -> None:
    ledger.writer("r1", "loop").add(OPENED)
    sql(*TAMPER, "UPDATE facts SET author = CAST(X'ff' AS TEXT)")
    with pytest.raises(LedgerBroken, match=r"ledger\.db: it is damaged"):
        ledger.entries("r1")


def test_the_database_of_another_program_is_left_alone(path: Path, sql: Sql) -> None:
    path.parent.mkdir()
    sql("CREATE TABLE songs (title TEXT)")
    with pytest.raises(LedgerBroken, match="database of another program; name another file"):
        Ledger.open(path, CLOCK)
    assert sql("SELECT name FROM sqlite_master") == [("songs",)]


def test_a_ledger_of_a_newer_curie_is_not_touched(path: Path, sql: Sql) -> None:
    filled(path, 1)
    sql("INSERT INTO schema_versions VALUES (99)")
    with pytest.raises(LedgerBroken, match=r"newer curie \(schema 99.*install that version"):
        Ledger.open(path, CLOCK)


def test_a_ledger_that_another_process_holds_is_said_to_be_locked(path: Path) -> None:
    filled(path, 1)
    with (
        Ledger.open(path, CLOCK, busy_s=0.05) as ledger,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBroken, match="locked by another curie"):
            ledger.writer("r1", "executor").add(STARTED)
        assert len(ledger.entries("r1")) == 2
        other.execute("ROLLBACK")
        assert ledger.writer("r1", "executor").add(STARTED).seq == 3


def test_a_folder_in_the_place_of_the_file_is_reported(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(LedgerBroken, match=r"ledger\.db: it cannot be opened"):
        Ledger.open(path, CLOCK)


def test_a_file_in_the_place_of_the_folder_is_reported(path: Path) -> None:
    path.parent.write_text("")
    with pytest.raises(LedgerBroken, match=r"ledger\.db: it cannot be opened"):
        Ledger.open(path, CLOCK)


def full(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 3")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")


def read_only(path: Path) -> None:
    sqlite3.connect(path).close()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("CREATE TABLE t (x)")


def too_big(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1000)
        connection.execute("SELECT zeroblob(2000)")


@pytest.mark.parametrize(
    ("provoke", "said"),
    [
        (full, "the disk is full; free some space"),
        (read_only, "it cannot be written; check the owner"),
        (too_big, "a fact is larger than a database field"),
    ],
)
def test_an_error_of_the_database_is_said_in_words(
    tmp_path: Path, provoke: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "x.db"
    with pytest.raises(LedgerBroken, match=f"^ledger {path}: {said}") as caught, explained(path):
        provoke(path)
    assert isinstance(caught.value.__cause__, sqlite3.Error)


def test_an_error_of_the_disk_is_said_in_words(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR"
    assert "the disk failed or is full" in str(broken(tmp_path, error))


def test_a_mistake_of_our_own_is_not_explained_away(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError), explained(tmp_path):
        connection.execute("SELECT 1")


_ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from tests.domain.samples import AT, MEASURED
from curie.domain.clock import StoppedClock
from curie.domain.errors import LedgerBroken
from curie.store.ledger import Ledger
with Ledger.open(Path(sys.argv[1]), StoppedClock(AT)) as ledger:
    writer, count = ledger.writer("r1", "executor"), 0
    try:
        for _ in range(10_000):
            writer.add(MEASURED)
            count += 1
    except LedgerBroken as error:
        print(error)
    print(count == ledger.verify("r1") > 0)
"""
_READ_ONLY = """
import sys
from pathlib import Path
from tests.domain.samples import AT, STARTED
from curie.domain.clock import StoppedClock
from curie.domain.errors import LedgerBroken
from curie.store.ledger import Ledger
try:
    with Ledger.open(Path(sys.argv[1]), StoppedClock(AT)) as ledger:
        ledger.writer("r1", "executor").add(STARTED)
except LedgerBroken as error:
    print(error)
"""


def on_a_mount(tmp_path: Path, mount: str, program: str) -> str:
    """The output of a program that runs where `mount` was done first, in its own namespace."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare to mount a disk for the test")
    probe = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", tmp_path], capture_output=True
    )
    if probe.returncode != 0:
        pytest.skip("this kernel lets nobody mount a disk for the test")
    script = f'set -e; {mount}; exec "$2" -c "$3" "$1/ledger.db"'
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", tmp_path, sys.executable, program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_a_disk_that_fills_up_is_reported_and_keeps_what_was_added(tmp_path: Path) -> None:
    said = on_a_mount(tmp_path, 'mount -t tmpfs -o size=400k none "$1"', _ON_A_SMALL_DISK)
    assert "the disk is full" in said
    assert said.splitlines()[-1] == "True"


def test_a_read_only_disk_is_reported(tmp_path: Path) -> None:
    filled(tmp_path / "ledger.db", 1)
    remount = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'
    assert "Read-only file system" in on_a_mount(tmp_path, remount, _READ_ONLY)
