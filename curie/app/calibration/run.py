"""Runs a calibration: cells side by side, each kept as soon as it is done."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from pydantic import ValidationError

from curie.agents.design import LEAST_TO_STOP
from curie.app.calibration.cells import Cell, rates
from curie.app.calibration.noise import FAMILIES
from curie.app.calibration.results import Calibration, Measured, calibration, measured
from curie.app.calibration.worlds import WORLDS
from curie.domain.errors import UsageError
from curie.domain.fact import Fact
from curie.sandbox.manifest import nearest

REPLICATES = (3, 5, 10, 30)
"""From the fewest that are tested at all; a plan of 10 or more may stop early."""

KEPT = "cells.jsonl"
"""Beside the report: the cells that are done, so that an interrupted calibration can go on."""


@dataclass(frozen=True)
class Grid:
    """Which cells to try; an empty selection is everything."""

    claims: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    replicates: tuple[int, ...] = ()


class _Done(Fact):
    """One line of the file of finished cells."""

    seed: int
    cell: Measured


def cells_of(grid: Grid) -> tuple[Cell, ...]:
    """The cells of a selection. UsageError for names that do not exist."""
    claims = _known("claim", grid.claims, WORLDS)
    families = _known("family", grid.families, FAMILIES)
    counts = grid.replicates or REPLICATES
    return tuple(
        Cell(claim, family, n, adaptive)
        for claim, family, n, adaptive in product(claims, families, counts, (False, True))
        if n >= LEAST_TO_STOP or not adaptive
    )


def calibrate(
    grid: Grid,
    *,
    runs: int,
    seed: int,
    workers: int,
    folder: Path | None = None,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Calibration:
    """Every cell of a grid, `runs` experiments without an effect and as many with one.

    With a folder, finished cells are kept in it, and found there again if they had as many
    experiments or more. `tell` hears how many of the cells are done.
    """
    cells = cells_of(grid)
    found = _kept(folder, seed, runs) if folder else {}
    todo = [c for c in cells if c not in found]
    tell(len(cells) - len(todo), len(cells))
    with ProcessPoolExecutor(workers) as pool:
        futures = [pool.submit(_one, cell, runs, seed) for cell in todo]
        for future in as_completed(futures):
            result = future.result()
            found[_cell_of(result)] = result
            if folder:
                _keep(folder, seed, result)
            tell(len(cells) - sum(not f.done() for f in futures), len(cells))
    return calibration([found[c] for c in cells], runs=runs, seed=seed)


def _one(cell: Cell, runs: int, seed: int) -> Measured:
    # The dice of a cell are its own, whichever cells are tried beside it.
    place = (list(WORLDS).index(cell.claim), list(FAMILIES).index(cell.family))
    dice = (seed, *place, cell.n, int(cell.adaptive))
    return measured(rates(WORLDS[cell.claim], cell, runs=runs, seed=dice))


def _known(what: str, asked: tuple[str, ...], known: Iterable[str]) -> list[str]:
    names = list(known)
    for name in asked:
        if name not in names:
            raise UsageError(f"--{what} {name!r} is not one of them; {nearest(name, names)}")
    return list(asked) or names


def _cell_of(result: Measured) -> Cell:
    return Cell(result.claim, result.family, result.n, result.adaptive)


def _kept(folder: Path, seed: int, runs: int) -> dict[Cell, Measured]:
    """The finished cells of a folder that had so many experiments or more; the largest of each."""
    found: dict[Cell, Measured] = {}
    for done in _lines(folder / KEPT):
        cell = _cell_of(done.cell)
        most = max(runs - 1, found[cell].experiments if cell in found else 0)
        if done.seed == seed and done.cell.experiments > most:
            found[cell] = done.cell
    return found


def _lines(path: Path) -> Iterator[_Done]:
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield _Done.model_validate_json(line)
        except ValidationError as error:
            raise UsageError(
                f"{path}:{number}: not a finished cell of this version; remove the file and "
                "calibrate anew"
            ) from error


def _keep(folder: Path, seed: int, result: Measured) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / KEPT).open("a", encoding="utf-8") as file:
        file.write(_Done(seed=seed, cell=result).canonical() + "\n")
