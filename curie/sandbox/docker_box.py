"""A box that is a container."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import docker.errors
import requests.exceptions
import urllib3.exceptions
from docker.api.client import APIClient

from curie.domain.errors import SandboxUnavailable
from curie.domain.outcome import Conditions
from curie.sandbox import cgroup, inside
from curie.sandbox.box import STRAGGLE_S, BoxSpec, BoxUsage, Ran
from curie.sandbox.conditions import Inventory, engine_conditions
from curie.sandbox.docker_profile import DATASET
from curie.sandbox.docker_stream import STDOUT, run_in
from curie.sandbox.output import Capped
from curie.sandbox.paths import box_path, check_size

GRACE_S = 5.0
"""How much later than the host's the time limit inside strikes; it is for a host that died."""
READ_LIMIT_S = 30.0
_ENGINE_SILENCE_S = 60.0
_INSIDE = Path(inside.__file__).read_text(encoding="utf-8")
_SIGKILLED = 137


@contextmanager
def engine_errors(what: str) -> Iterator[None]:
    """Turn every way in which the engine fails into SandboxUnavailable."""
    try:
        yield
    except (
        docker.errors.DockerException,
        requests.exceptions.RequestException,
        urllib3.exceptions.HTTPError,
        OSError,
    ) as error:
        raise SandboxUnavailable(
            f"{what}: {error}; see `docker ps` and `curie doctor`, then run the same again"
        ) from error


class DockerBox:
    """One container, made by `DockerSandbox`; used once."""

    def __init__(
        self, api: APIClient, container: str, spec: BoxSpec, discard: Callable[[str], None]
    ) -> None:
        self._api = api
        self._container = container
        self._spec = spec
        self._discard = discard
        self._pending: dict[str, bytes] = {f.path: f.text.encode() for f in spec.files}
        self._inventory = Inventory()
        for path, content in self._pending.items():
            self._inventory.add(path, content)
        self._seen: dict[str, Any] = {}
        self._dead = ""
        self._closed = False
        self._read_cgroup: cgroup.Reader | None = None
        self.born = time.monotonic()

    @property
    def id(self) -> str:
        """The container's id."""
        return self._container

    @property
    def dataset_path(self) -> str | None:
        """Where the dataset lies inside."""
        return DATASET if self._spec.dataset else None

    def alive(self) -> bool:
        """Whether the container is there and still runs."""
        with engine_errors(f"box {self._container[:12]}"):
            try:
                state = self._api.inspect_container(self._container)["State"]
            except docker.errors.NotFound:
                return False
        return bool(state["Running"])

    def write(self, path: str, content: bytes) -> None:
        """Put a file into the folder; it travels with the next command, which saves a round."""
        self._check()
        check_size(path, content, disk_mib=self._spec.resources.disk_mib)
        self._pending[box_path(path)] = content
        self._inventory.add(path, content)

    def prepare(self) -> None:
        """Find the control group and put the pending files into the folder."""
        with engine_errors(f"box {self._container[:12]}"):
            self._seen = self._api.inspect_container(self._container)
        self._read_cgroup = cgroup.host_reader(self._seen["State"]["Pid"], self._container)
        if self._pending:
            ran = self._run((), timeout_s=READ_LIMIT_S, sink=lambda _, __: None)
            if ran.exit_code != 0:
                raise SandboxUnavailable(
                    f"box {self._container[:12]}: its files could not be written into it; is "
                    "disk_mib under [resources] large enough for them?"
                )

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        """A regular file of the folder."""
        self._check()
        content = bytearray()

        def sink(kind: int, chunk: bytes) -> None:
            # The cap is the host's: what runs inside may lie about sizes.
            if kind == STDOUT and len(content) <= limit_bytes:
                content.extend(chunk)

        argv = ("python", "-I", "-S", "-c", _INSIDE, "read", box_path(path), str(limit_bytes))
        ran = self._run(argv, timeout_s=READ_LIMIT_S, sink=sink)
        if ran.exit_code == inside.ABSENT or len(content) > limit_bytes:
            raise FileNotFoundError(path)
        if ran.exit_code != 0:
            self._dead = self._dead or f"it cannot read its own files (exit {ran.exit_code})"
            self._check()
        return bytes(content)

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command to its end; on timeout the container is killed."""
        self._check()
        limit_s = min(timeout_s, self._spec.time_limit_s)
        stdout, stderr = Capped(), Capped()

        kills_before, tasks_before = self._oom_kills() or 0, self._tasks()
        bounded = ("timeout", "-s", "KILL", f"{limit_s + GRACE_S:.3f}", *argv)
        ran = self._run(bounded, timeout_s=limit_s, sink=partial(_feed, stdout, stderr))
        failed = ran.exit_code != 0
        oom = failed and not ran.timed_out and self._was_oom(kills_before)
        if ran.exit_code in (None, _SIGKILLED) and not self._dead and not self.alive():
            self._dead = "what ran in it killed it"
        return Ran(
            exit_code=None if self._dead or ran.timed_out else ran.exit_code,
            stdout=stdout.text(),
            stderr=stderr.text(),
            wall_s=ran.wall_s,
            timed_out=ran.timed_out,
            oom=oom,
            dropped_bytes=stdout.dropped + stderr.dropped,
            left=None if self._dead or tasks_before is None else self._left(tasks_before),
        )

    def usage(self) -> BoxUsage:
        """CPU time and peak memory, files in the box's folders included."""
        read = self._read_cgroup or self._read_inside
        return BoxUsage(cpu_s=cgroup.cpu_s(read), peak_memory_mib=cgroup.peak_memory_mib(read))

    def conditions(self) -> Conditions:
        """What the engine says that the container is and may use."""
        return engine_conditions(self._seen, self._inventory, time_limit_s=self._spec.time_limit_s)

    def close(self) -> None:
        """Have the container killed and removed."""
        if not self._closed:
            self._closed = True
            self._discard(self._container)

    def _check(self) -> None:
        if self._closed:
            raise SandboxUnavailable(f"box {self._container[:12]} is closed; open a new one")
        if self._dead:
            raise SandboxUnavailable(
                f"box {self._container[:12]} takes no more commands: {self._dead}; open a new one"
            )

    def _run(
        self, argv: Sequence[str], *, timeout_s: float, sink: Callable[[int, bytes], None]
    ) -> Ran:
        """Write what is pending and run the command under the host's timer."""
        files, self._pending = self._pending, {}
        stdin = b"".join(files.values())
        if files:
            sizes = json.dumps([[path, len(content)] for path, content in files.items()])
            argv = ("python", "-I", "-S", "-c", _INSIDE, "write", sizes, *argv)
        timer = threading.Timer(timeout_s, self._expire, args=(timeout_s,))
        timer.daemon = True
        start = time.perf_counter()
        timer.start()
        try:
            with engine_errors(f"box {self._container[:12]}"):
                code = run_in(
                    self._api,
                    self._container,
                    argv,
                    stdin=stdin,
                    sink=sink,
                    backstop_s=timeout_s + _ENGINE_SILENCE_S,
                )
        finally:
            timer.cancel()
        wall_s = time.perf_counter() - start
        timed_out = self._dead.startswith("timed out")
        return Ran(exit_code=code, stdout="", stderr="", wall_s=wall_s, timed_out=timed_out)

    def _expire(self, limit_s: float) -> None:
        self._dead = f"timed out after {limit_s:g} s"
        # It may have died by itself in this very moment; a failed kill shows in the next command.
        with engine_quiet():
            self._api.kill(self._container)

    def _tasks(self) -> int | None:
        return cgroup.tasks(self._read_cgroup) if self._read_cgroup else None

    def _left(self, before: int) -> int | None:
        """How much more runs in the container than before the command, a moment after its end."""
        until = time.monotonic() + STRAGGLE_S
        while (now := self._tasks()) is not None and now > before and time.monotonic() < until:
            time.sleep(0.01)
        return None if now is None else max(0, now - before)

    def _oom_kills(self) -> int | None:
        return cgroup.oom_kills(self._read_cgroup) if self._read_cgroup else None

    def _was_oom(self, before: int) -> bool:
        after = self._oom_kills()
        if after is None and self._read_cgroup is None:
            after = cgroup.oom_kills(self._read_inside)
        if after is not None:
            return after > before
        with engine_errors(f"box {self._container[:12]}"):
            return bool(self._api.inspect_container(self._container)["State"]["OOMKilled"])

    def _read_inside(self, controller: str, file: str) -> str | None:
        """The same files as the container sees them, for an engine on another machine."""
        if self._dead or self._closed:
            return None
        for path in (f"/sys/fs/cgroup/{controller}/{file}", f"/sys/fs/cgroup/{file}"):
            kept = Capped()
            with engine_quiet():  # a container that died has no files any more
                code = run_in(
                    self._api,
                    self._container,
                    ("cat", path),
                    stdin=b"",
                    sink=partial(_feed, kept, kept),
                    backstop_s=READ_LIMIT_S,
                )
                if code == 0:
                    return kept.text()
        return None


def _feed(stdout: Capped, stderr: Capped, kind: int, chunk: bytes) -> None:
    (stdout if kind == STDOUT else stderr).feed(chunk)


@contextmanager
def engine_quiet() -> Iterator[None]:
    """Let a clean-up call fail: what is gone needs no cleaning."""
    try:
        with engine_errors("cleaning up"):
            yield
    except SandboxUnavailable:
        return
