"""What a trial costs beyond its own work, by backend, beside what the engine's own client takes."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from pydantic import BaseModel, ConfigDict

from curie.sandbox.docker import DockerSandbox
from curie.sandbox.process import ProcessSandbox
from curie.sandbox.staging import IMAGE_ROOT, environment
from curie.sandbox.trial import config_json
from tests.performance.bench_box import RUN, Bench, started
from tests.performance.ways import Times, in_turns, stopwatch, times

PASS = ("python", "-c", "pass")
DOCKER_RUN, DOCKER_EXEC = "docker run", "docker exec"
SAME = "docker exec, the trial's program"
WARM = "docker, warm pool"
_POOL_LIMIT_S = 60.0
_PATH = "/usr/local/bin:/usr/bin:/bin"


class Overhead(BaseModel):
    """One row: a trial that does nothing, or one of the commands to hold it against."""

    model_config = ConfigDict(frozen=True)

    way: str
    wall: Times | None
    """None: no engine."""
    wait: Times | None = None
    """How much of it was waiting for a box."""
    to_docker_run: float | None = None
    to_docker_exec: float | None = None


def overheads(
    process: Bench[ProcessSandbox], docker: Bench[DockerSandbox] | None, *, repeats: int
) -> tuple[Overhead, ...]:
    """Every way, all in turns."""
    waits: dict[str, list[float]] = {}
    ways: dict[str, Callable[[], float]] = {
        "python, no sandbox": partial(stopwatch, partial(_quietly, sys.executable, *PASS[1:])),
        "process": partial(_plain, process, waits.setdefault("process", []), quiet=False),
    }
    if docker is None:
        taken = in_turns(ways, repeats=repeats)
    else:
        sleeper = _start_sleeper(docker.image.digest)
        ways[WARM] = partial(_warm, docker, waits.setdefault(WARM, []))
        ways["docker, cold"] = partial(
            _plain, docker, waits.setdefault("docker, cold", []), quiet=True
        )
        ways[DOCKER_RUN] = partial(_bare_run, docker.image.digest)
        ways[DOCKER_EXEC] = partial(stopwatch, partial(_quietly, "docker", "exec", sleeper, *PASS))
        ways[SAME] = partial(stopwatch, partial(_same_program, docker, sleeper))
        try:
            taken = in_turns(ways, repeats=repeats)
        finally:
            _quietly("docker", "kill", sleeper)  # it removes itself
    # The first round is not kept; neither is its wait.
    return _rows(taken, {name: seconds[1:] for name, seconds in waits.items()})


def _rows(
    taken: dict[str, tuple[float, ...]], waits: dict[str, list[float]]
) -> tuple[Overhead, ...]:
    walls = {name: times(seconds) for name, seconds in taken.items()}

    def ratio(name: str, base: str) -> float | None:
        if base not in walls:
            return None
        return round(walls[name].median_ms / walls[base].median_ms, 2)

    rows = [
        Overhead(
            way=name,
            wall=wall,
            wait=times(waits[name]) if name in waits else None,
            to_docker_run=ratio(name, DOCKER_RUN),
            to_docker_exec=ratio(name, DOCKER_EXEC),
        )
        for name, wall in walls.items()
    ]
    missing = (WARM, "docker, cold", DOCKER_RUN, DOCKER_EXEC, SAME)
    rows += [Overhead(way=name, wall=None) for name in missing if name not in walls]
    return tuple(rows)


def _plain(bench: Bench, waits: list[float], *, quiet: bool) -> float:
    setup = bench.setup()
    clocked, _ = bench.trial(setup, bench.spec(setup, quiet=quiet), name="p1/a/s5")
    waits.append(clocked.wait_s)
    return clocked.wall_s


def _warm(bench: Bench[DockerSandbox], waits: list[float]) -> float:
    """A trial that finds its box ready, with nothing made or removed meanwhile."""
    setup = bench.setup()
    spec = bench.spec(setup)
    bench.sandbox.expect(spec, 1)
    until = time.monotonic() + _POOL_LIMIT_S
    while not bench.sandbox.ready(spec) and time.monotonic() < until:
        time.sleep(0.01)
    clocked, _ = bench.trial(setup, spec, name="p1/a/s5")
    bench.sandbox.reap(RUN)  # waits for the removal
    waits.append(clocked.wait_s)
    return clocked.wall_s


def _bare_run(image: str) -> float:
    """Without `--rm`: the removal of a box is not in a trial's time either."""
    name = f"curie-bench-{time.monotonic_ns()}"
    try:
        return stopwatch(
            partial(_quietly, "docker", "run", "--network=none", f"--name={name}", image, *PASS)
        )
    finally:
        _quietly("docker", "rm", "--force", name)


def _same_program(bench: Bench, sleeper: str) -> None:
    """What a trial of the tiny system runs, without a sandbox's limits or a look at its result."""
    inner = environment(bench.spec(bench.setup()).resources, root=IMAGE_ROOT, path=_PATH)
    given = [word for name, value in inner.items() for word in ("--env", f"{name}={value}")]
    run = "cat > /tmp/config.json && python -m sandboxes.tiny /tmp"
    argv = ("docker", "exec", "--interactive", *given, sleeper, "sh", "-c", run)
    config = config_json(started("p1/a/s5"), bench.setup(), dataset=None)
    subprocess.run(argv, input=config, check=True, capture_output=True)


def _start_sleeper(image: str) -> str:
    made = subprocess.run(
        ("docker", "run", "--detach", "--rm", "--init", "--network=none", image, "sleep", "600"),
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def _quietly(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True)
