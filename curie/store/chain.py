"""The links between the facts of a run: how they are hashed, and whether they still hold."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from curie.domain.errors import LedgerBroken

GENESIS = "0" * 64
"""What the first fact of a run has for `previous`."""


class Link(NamedTuple):
    """A row of the ledger as it is stored: the body is the fact's canonical JSON."""

    run: str
    seq: int
    at: str
    author: str
    kind: str
    body: str
    previous: str
    sha256: str


def stamp(at: datetime) -> str:
    """A moment as the ledger spells it: UTC, to the microsecond. ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; a Clock gives UTC")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(*, run: str, seq: int, at: str, author: str, body: str, previous: str) -> str:
    """The hash of a link: SHA-256 over the canonical JSON of these fields, `body` as an object.

    The body is canonical JSON already, so it is set in as it is: parsing a million bodies only to
    spell them again would take minutes.
    """
    spelled = (
        f'{{"at":{_string(at)},"author":{_string(author)},"body":{body},'
        f'"previous":{_string(previous)},"run":{_string(run)},"seq":{seq}}}'
    )
    return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()


def checked(run: str, links: Iterable[Link]) -> Iterator[Link]:
    """The links of a run, each after it was held against the one before.

    LedgerBroken names the first fact that is missing, altered or out of place. What it cannot see
    is a tail that was cut off: the last fact of a finished run is a Closed.
    """
    previous = GENESIS
    for expected, link in enumerate(links, start=1):
        if link.seq != expected:
            raise _broken(run, expected, f"is missing (the next one is fact {link.seq})")
        if link.previous != previous:
            raise _broken(run, expected, "does not follow the one before it")
        found = digest(
            run=run,
            seq=link.seq,
            at=link.at,
            author=link.author,
            body=link.body,
            previous=link.previous,
        )
        if found != link.sha256:
            raise _broken(run, expected, f"does not have the hash it was written with ({found})")
        previous = link.sha256
        yield link


def _broken(run: str, seq: int, what: str) -> LedgerBroken:
    return LedgerBroken(
        f"run {run}: fact {seq} {what}; the ledger was changed from outside. "
        "Take it from a backup, or ask the question again"
    )


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
