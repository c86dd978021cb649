"""The tables and views, and how an older ledger becomes one of today."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlmodel import Field, SQLModel, select

from curie.domain.errors import LedgerBroken
from curie.store.views import VIEWS


class FactRow(SQLModel, table=True):
    """A link of the chain of a run; see the package's docstring for the columns."""

    __tablename__ = "facts"

    id: int | None = Field(default=None, primary_key=True)
    run: str
    seq: int
    at: str
    author: str
    kind: str
    body: str
    previous: str
    sha256: str


class SchemaRow(SQLModel, table=True):
    """A migration that was applied."""

    __tablename__ = "schema_versions"

    version: int = Field(primary_key=True)


_FACTS = """
CREATE TABLE facts (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    at TEXT NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    previous TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    UNIQUE (run, seq)
)
"""
_NO_UPDATE = """
CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'facts are never changed: the ledger is append-only'); END
"""
_NO_DELETE = """
CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts
BEGIN SELECT RAISE(ABORT, 'facts are never deleted: the ledger is append-only'); END
"""
# INSERT OR REPLACE deletes without firing a delete trigger, so an insert must prove that it is new.
_ONLY_NEXT = """
CREATE TRIGGER facts_only_next BEFORE INSERT ON facts
WHEN EXISTS (SELECT 1 FROM facts WHERE id = NEW.id)
  OR NEW.seq != 1 + coalesce((SELECT max(seq) FROM facts WHERE run = NEW.run), 0)
  OR NEW.previous != coalesce(
      (SELECT sha256 FROM facts WHERE run = NEW.run AND seq = NEW.seq - 1),
      '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'a fact must follow the last one of its run'); END
"""

MIGRATIONS: Final[Sequence[Sequence[str]]] = (
    (
        _FACTS,
        "CREATE INDEX facts_by_kind ON facts (kind, run, seq)",
        _NO_UPDATE,
        _NO_DELETE,
        _ONLY_NEXT,
        *VIEWS,
    ),
)
"""Element n - 1 makes a ledger of version n out of one of version n - 1."""


def version_of(connection: Connection, path: Path) -> int:
    """The schema version of the open database: 0 for an empty one.

    LedgerBroken for the database of another program, and for a ledger of a newer curie.
    """
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    if "schema_versions" not in names:
        if names:
            raise LedgerBroken(
                f"ledger {path}: it is the database of another program; name another file"
            )
        return 0
    version = max(connection.execute(select(SchemaRow.version)).scalars(), default=0)
    if version > len(MIGRATIONS):
        raise LedgerBroken(
            f"ledger {path}: it was written by a newer curie (schema {version}, this one knows "
            f"up to {len(MIGRATIONS)}); install that version"
        )
    return version


def migrate(connection: Connection, path: Path) -> None:
    """Bring the open database to the newest schema, inside the caller's transaction."""
    version = version_of(connection, path)
    if version == 0:
        connection.exec_driver_sql("CREATE TABLE schema_versions (version INTEGER PRIMARY KEY)")
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO schema_versions VALUES (?)", (number,))
