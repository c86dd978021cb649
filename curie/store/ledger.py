"""The ledger of all runs: facts are added by writers, and read back as dossiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, insert, select, text

from curie.domain.clock import Clock
from curie.domain.dossier import AnyFact, Dossier, Entry, Opened, Role
from curie.domain.errors import ForbiddenFact, LedgerBroken, UsageError
from curie.store.chain import GENESIS, Link, checked, digest, stamp
from curie.store.database import BUSY_S, Database
from curie.store.rights import demand
from curie.store.runs import RunRow
from curie.store.schema import FactRow

_FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)
_LINK = tuple(SQLModel.metadata.tables["facts"].c[name] for name in Link._fields)
_NEWEST_RUNS = text(
    "SELECT r.run, r.opened_at, r.question, r.system, r.state, r.verdict, r.trials, r.usd "
    "FROM runs r JOIN facts f ON f.run = r.run AND f.seq = 1 ORDER BY f.id DESC"
)
LAST = "last"
"""What a person may say for the newest run."""
_SHOWN = 8


class Ledger:
    """The facts of all runs in one file. Safe to use from several threads.

    Every method raises LedgerBroken where the file is damaged, locked, full or not writable; what
    was added before stays.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @classmethod
    def open(cls, path: Path, clock: Clock, *, busy_s: float = BUSY_S) -> Self:
        """The ledger in this file, made (mode 0600) if there is none; close it in the end."""
        database = Database(path, busy_s=busy_s)
        try:
            database.upgrade()
        except LedgerBroken:
            database.close()
            raise
        return cls(database, clock)

    def writer(self, run: str, role: Role) -> "Writer":
        """The pen of one role in one run."""
        return Writer(ledger=self, run=run, role=role)

    def append(self, run: str, role: Role, facts: Sequence[AnyFact]) -> tuple[Entry, ...]:
        """Add facts in one transaction: all or none. Roles do it through their `Writer`.

        ForbiddenFact if one of them is not the role's to write.
        """
        for fact in facts:
            demand(role, fact)
        with self._database.writing() as connection:
            seq, previous = _tail(connection, run)
            links: list[Link] = []
            for fact in facts:
                seq += 1
                if isinstance(fact, Opened) and seq > 1:
                    raise LedgerBroken(f"run {run} was opened before; take a new run id")
                link = _seal(run, seq, stamp(self._clock.now()), role, fact, previous)
                previous = link.sha256
                links.append(link)
            if links:
                connection.execute(insert(FactRow), [link._asdict() for link in links])
        return tuple(_entry(link, fact) for link, fact in zip(links, facts, strict=True))

    def entries(self, run: str) -> tuple[Entry, ...]:
        """All entries of a run, oldest first, after the chain was checked; () for no such run."""
        return tuple(_entry(link, _fact(link)) for link in checked(run, self._links(run)))

    def dossier(self, run: str) -> Dossier:
        """All facts of a run, after the chain was checked."""
        return Dossier(run=run, entries=self.entries(run))

    def verify(self, run: str) -> int:
        """How many facts the run has, after each was checked.

        LedgerBroken names the first one that is missing, altered, out of place, or that its author
        could not have written.
        """
        count = 0
        for link in checked(run, self._links(run)):
            entry = _entry(link, _fact(link))
            try:
                demand(entry.author, entry.body)
            except ForbiddenFact as error:
                raise LedgerBroken(f"run {run}: fact {link.seq}: {error}") from error
            count += 1
        return count

    def runs(self) -> tuple[RunRow, ...]:
        """All runs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_NEWEST_RUNS).mappings().all()
        return tuple(RunRow.model_validate(dict(row)) for row in rows)

    def resolve(self, prefix: str) -> str:
        """The id of the one run that starts so; `last` is the newest.

        UsageError if there is none, or more than one; it lists those it could be.
        """
        newest = self._run_ids()
        if prefix == LAST and newest:
            return newest[0]
        found = [run for run in newest if run.startswith(prefix)]
        if prefix in found:
            return prefix
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"run {prefix!r} could be {_some(found)}; give more letters")
        known = f"the newest are {_some(newest)}" if newest else "the ledger is empty: ask first"
        raise UsageError(f"run {prefix!r}: there is none; {known}")

    def close(self) -> None:
        """Give the file back; may be called twice."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _links(self, run: str) -> Sequence[Link]:
        query = select_columns(*_LINK).where(col(FactRow.run) == run).order_by(col(FactRow.seq))
        with self._database.reading() as connection:
            return [Link._make(row) for row in connection.execute(query)]

    def _run_ids(self) -> Sequence[str]:
        query = select(FactRow.run).where(FactRow.seq == 1).order_by(col(FactRow.id).desc())
        with self._database.reading() as connection:
            return connection.execute(query).scalars().all()


@dataclass(frozen=True)
class Writer:
    """The pen of one role in one run: it writes the facts of this role and no others."""

    ledger: Ledger
    run: str
    role: Role

    def add(self, fact: AnyFact) -> Entry:
        """Write one fact; it is on the disk when this returns. ForbiddenFact if not its own."""
        return self.add_all((fact,))[0]

    def add_all(self, facts: Sequence[AnyFact]) -> tuple[Entry, ...]:
        """Write several facts at once: all or none."""
        return self.ledger.append(self.run, self.role, facts)


def _tail(connection: Connection, run: str) -> tuple[int, str]:
    query = (
        select(FactRow.seq, FactRow.sha256)
        .where(FactRow.run == run)
        .order_by(col(FactRow.seq).desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (0, GENESIS) if row is None else (row[0], row[1])


def _seal(run: str, seq: int, at: str, role: Role, fact: AnyFact, previous: str) -> Link:
    body = fact.canonical()
    sha256 = digest(run=run, seq=seq, at=at, author=role, body=body, previous=previous)
    return Link(run, seq, at, role, fact.fact, body, previous, sha256)


def _fact(link: Link) -> AnyFact:
    try:
        fact = _FACT.validate_json(link.body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LedgerBroken(
            f"run {link.run}: fact {link.seq} cannot be read by this version of curie "
            f"({where}: {first['msg']}); use the version that wrote it"
        ) from error
    if fact.fact != link.kind:
        raise LedgerBroken(
            f"run {link.run}: fact {link.seq} is filed as {link.kind!r} but is {fact.fact!r}; "
            "the ledger was changed from outside"
        )
    return fact


def _entry(link: Link, fact: AnyFact) -> Entry:
    return Entry.model_validate(
        {
            "seq": link.seq,
            "run": link.run,
            "at": link.at,
            "author": link.author,
            "body": fact,
            "sha256": link.sha256,
            "previous": link.previous,
        }
    )


def _some(runs: Sequence[str]) -> str:
    more = f" and {len(runs) - _SHOWN} more" if len(runs) > _SHOWN else ""
    return ", ".join(runs[:_SHOWN]) + more
