"""What SQLite's errors mean for a person: LedgerBroken with the file, what is wrong, what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from curie.domain.errors import LedgerBroken

_LOCKED = (
    "it is locked by another curie; wait until that one is done, or give this one another store"
)
_DAMAGED = (
    "it is damaged or is no ledger; take it from a backup, or move it away to start a new one"
)
_READ_ONLY = "it cannot be written; check the owner and mode of the file and of its folder"
_NO_ACCESS = "it cannot be opened; check that the folder exists and that you may write in it"
_MEANING = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run the same command again",
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_AUTH: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _NO_ACCESS,
    sqlite3.SQLITE_IOERR: "the disk failed or is full; look at `df` and at the kernel's log",
    sqlite3.SQLITE_TOOBIG: "a fact is larger than a database field can be; give a smaller input",
    sqlite3.SQLITE_CONSTRAINT: "the database refused a fact that does not follow the last one",
}
_PRIMARY = 0xFF
"""The low byte of an extended result code is its primary code (sqlite.org/rescode.html)."""


def broken(path: Path, error: sqlite3.Error) -> LedgerBroken:
    """The error as a person should read it. One without a code is text that is not UTF-8."""
    code = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    meaning = _DAMAGED if code is None else _MEANING.get(code & _PRIMARY, _DAMAGED)
    return LedgerBroken(f"ledger {path}: {meaning} ({name}: {error})")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Everything that the database or the file system may raise inside, as LedgerBroken.

    A mistake in our own use of the driver (sqlite3.ProgrammingError) is not explained away.
    """
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.DatabaseError) and not _mistake(error.orig):
            raise broken(path, error.orig) from error
        raise
    except sqlite3.DatabaseError as error:
        if _mistake(error):
            raise
        raise broken(path, error) from error
    except OSError as error:
        raise LedgerBroken(f"ledger {path}: {_NO_ACCESS} ({error.strerror or error})") from error


def _mistake(error: sqlite3.DatabaseError) -> bool:
    return isinstance(error, sqlite3.ProgrammingError | sqlite3.NotSupportedError)
