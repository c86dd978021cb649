"""One SQLite file behind one connection and one lock; its errors come out explained."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from curie.store.faults import explained
from curie.store.schema import MIGRATIONS, migrate, version_of

BUSY_S = 10.0
"""How long a writer waits for another process before it gives up."""


class Database:
    """The open file. Threads share the connection and take turns; other processes wait."""

    def __init__(self, path: Path, *, busy_s: float = BUSY_S) -> None:
        self.path = path
        self._turn = threading.RLock()
        with explained(path):
            _touch(path)
            self._engine = create_engine(
                URL.create("sqlite", database=str(path)),
                poolclass=StaticPool,
                connect_args={"check_same_thread": False, "timeout": busy_s},
            )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)

    def upgrade(self) -> None:
        """Make the schema, or bring an old one up to date. LedgerBroken where that cannot be."""
        with self.reading() as connection:
            version = version_of(connection, self.path)
        if version < len(MIGRATIONS):
            with self.writing() as connection:
                migrate(connection, self.path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database and blocks no other process."""
        with self._turn, explained(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the write lock; committed at the end, rolled back on error."""
        with self._turn, explained(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(curie_mode="IMMEDIATE")
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give the file back; may be called twice."""
        with self._turn:
            self._engine.dispose()


def _touch(path: Path) -> None:
    """The folder (0700) and the file (0600), if they are not there yet: runs hold secrets."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions start too late to read the chain's tail under the write lock.
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("curie_mode", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
