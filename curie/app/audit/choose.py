"""Which cases of a corpus are tried, and where the corpus lies."""

import fnmatch
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curie.app.audit.case import Case
from curie.domain.errors import UsageError

CHECKOUT = Path("tests") / "sabotage"
"""Where the corpus lies in a checkout; an installed curie has none."""


@dataclass(frozen=True)
class Choice:
    """Which cases are wanted."""

    only: tuple[str, ...] = ()
    """Globs over names, families and last parts of names; none: all."""
    half: str = "both"
    sample: int | None = None
    """So many, drawn by `seed`; None: all."""
    seed: int = 0


def corpus_folder(given: Path | None) -> Path:
    """The folder of the corpus: the given one, or the checkout's; UsageError if neither is."""
    if given is not None:
        return given
    root = Path(__file__).resolve().parents[3]
    for folder in (CHECKOUT, root / CHECKOUT):
        if (folder / "experiments").is_dir():
            return folder
    raise UsageError(
        f"there is no {CHECKOUT} here, and an installed curie brings no cases; "
        "run it in a checkout, or name a folder with --cases DIR"
    )


def chosen(cases: Sequence[Case], choice: Choice) -> tuple[Case, ...]:
    """The wanted cases, in their order. UsageError where none is left, or a glob means nothing."""
    for glob in choice.only:
        if not any(_matches(case, glob) for case in cases):
            raise UsageError(
                f"--only {glob!r}: no case, family or path of the corpus is like this; "
                "an example is --only 'cheats/development/*'"
            )
    wanted = [
        case
        for case in cases
        if choice.half in ("both", case.half)
        and (not choice.only or any(_matches(case, glob) for glob in choice.only))
    ]
    if not wanted:
        raise UsageError(f"no case is left of {len(cases)}; ask for less with --only and --half")
    if choice.sample is None or choice.sample >= len(wanted):
        return tuple(wanted)
    drawn = set(random.Random(choice.seed).sample(range(len(wanted)), choice.sample))
    return tuple(case for number, case in enumerate(wanted) if number in drawn)


def _matches(case: Case, glob: str) -> bool:
    names = (case.name, case.family, case.name.rpartition("/")[2])
    return any(fnmatch.fnmatchcase(name, glob) for name in names)
