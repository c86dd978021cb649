"""`python -m tests.performance [--json]`: what curie itself costs on this machine, in one run."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from curie.domain.errors import SandboxUnavailable
from curie.domain.setup import Host
from curie.metering.machine import host
from curie.sandbox.docker import DockerSandbox, connect
from curie.sandbox.process import ProcessSandbox
from tests.performance.bench_box import Bench
from tests.performance.overhead import Overhead, overheads
from tests.performance.parallel import WORKERS, PlanRun, plan_run
from tests.performance.start import Start, starts
from tests.performance.ways import Times

NO_ENGINE = "no engine"
WIDTH = 120
"""Columns: the tables need them on a narrow terminal and in a file, too."""


class Costs(BaseModel):
    """All that one run of the benchmark found."""

    model_config = ConfigDict(frozen=True)

    host: Host
    load_before: tuple[float, float, float]
    """Load averages over 1, 5 and 15 minutes."""
    load_after: tuple[float, float, float]
    took_s: float
    overhead: tuple[Overhead, ...]
    start: tuple[Start, ...]
    plans: tuple[PlanRun, ...]


def main() -> None:
    """Measure, then print tables or JSON."""
    asked = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    asked.add_argument("--repeats", type=int, default=8, help="rounds per way (default 8)")
    asked.add_argument("--trials", type=int, default=100, help="trials of the plan (default 100)")
    options = asked.parse_args()
    costs = measure(repeats=options.repeats, trials=options.trials)
    if options.json:
        print(costs.model_dump_json(indent=2))
    else:
        show(costs, Console(width=WIDTH))


def measure(*, repeats: int, trials: int) -> Costs:
    """All of it; two minutes or so, most of them the plan in containers."""
    before, began = os.getloadavg(), time.monotonic()
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="curie-bench-")))
        process = Bench(stack.enter_context(closing(ProcessSandbox(state=state, say=_say))))
        docker = _docker(stack, state)
        _say("overhead per trial")
        overhead = overheads(process, docker, repeats=repeats)
        _say("curie --help")
        start = starts(repeats=10)
        plans = []
        for name, bench in (("process", process), ("docker", docker)):
            _say(f"a plan of {trials} trials: {name}")
            plans.append(plan_run(name, bench, trials=trials))
    return Costs(
        host=host(),
        load_before=before,
        load_after=os.getloadavg(),
        took_s=round(time.monotonic() - began, 1),
        overhead=overhead,
        start=start,
        plans=tuple(plans),
    )


def show(costs: Costs, console: Console) -> None:
    """The same for people: medians, with the quartiles in brackets."""
    console.print(_overhead_table(costs.overhead))
    console.print(_start_table(costs.start))
    console.print(_plan_table(costs.plans))
    loads = " then ".join(
        " ".join(f"{load:.2f}" for load in loads) for loads in (costs.load_before, costs.load_after)
    )
    console.print(
        f"{costs.host.cpu}, {costs.host.cores} cores, {costs.host.python}; load average {loads}; "
        f"{costs.took_s:.0f} s in all"
    )


def _overhead_table(rows: Sequence[Overhead]) -> Table:
    table = _table(
        "Overhead per trial: from asking for a box to the outcome, removal not counted",
        ("way", "wall, ms", "wait for a box, ms", "× docker run", "× docker exec"),
    )
    for row in rows:
        ratios = (_cell(row.to_docker_run), _cell(row.to_docker_exec))
        table.add_row(row.way, str(row.wall or NO_ENGINE), _wait(row.wait), *ratios)
    return table


def _start_table(rows: Sequence[Start]) -> Table:
    table = _table("Start", ("command", "wall, ms"))
    for row in rows:
        table.add_row(row.command, str(row.wall))
    return table


def _plan_table(rows: Sequence[PlanRun]) -> Table:
    table = _table(
        f"A plan on {WORKERS} workers",
        (
            "backend",
            "trials",
            "wall, s",
            "sum / workers, s",
            "×",
            "CPU / workers, s",
            "trial, ms",
            "wait, ms",
        ),
    )
    for row in rows:
        cells = (row.ideal_s, row.ratio, row.least_s, row.program, _wait(row.wait))
        wall = NO_ENGINE if row.wall_s is None else _cell(row.wall_s)
        table.add_row(row.backend, str(row.trials), wall, *map(_cell, cells))
    return table


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in columns:
        table.add_column(name, justify="left" if name == columns[0] else "right")
    return table


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _wait(wait: Times | None) -> str:
    return "" if wait is None else f"{wait}, worst {wait.worst_ms:.0f}"


def _docker(stack: ExitStack, state: Path) -> Bench[DockerSandbox] | None:
    try:
        client = connect()
    except SandboxUnavailable as error:
        _say(f"{NO_ENGINE}: {error}")
        return None
    sandbox = DockerSandbox(client, state=state, workers=WORKERS, say=_say)
    return Bench(stack.enter_context(closing(sandbox)))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
