"""A ledger in a fresh folder, and raw access to its file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from curie.domain.clock import StoppedClock
from curie.store.ledger import Ledger
from tests.domain.samples import AT

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path, StoppedClock(AT)) as opened:
        yield opened


@pytest.fixture
def sql(path: Path) -> Sql:
    """Runs raw SQL on the file, past curie."""

    def run(*statements: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(path)) as connection, connection:
            rows: list[tuple[object, ...]] = []
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            return rows

    return run


TAMPER = ("DROP TRIGGER facts_no_update", "DROP TRIGGER facts_no_delete")
