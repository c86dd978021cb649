"""A box that is a folder and, while a command runs, a tree of processes."""

import json
import os
import select
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from curie.domain.errors import SandboxUnavailable, UsageError
from curie.domain.outcome import Conditions
from curie.sandbox import launch as launcher
from curie.sandbox.box import STRAGGLE_S, BoxSpec, BoxUsage, Ran
from curie.sandbox.conditions import Inventory, spec_conditions
from curie.sandbox.inside import read_under, write_under
from curie.sandbox.output import Capped
from curie.sandbox.paths import box_path, check_size, folder_exceeds
from curie.sandbox.process_tree import Load, kill_tree, load_below

UID = 10001
TMP_MIB = 64
MAX_OPEN_FILES = 1024
WATCH_S = 0.1
"""How often the host looks at memory, processes and files of a box."""
_LAUNCHERS = 2
"""Processes of `launch.py` between the one that the host starts and the command."""
_ENOUGH_VIRTUAL_MIB = 8 * 1024
_MIB = 2**20


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs programs, and what of the host it needs to see."""

    executable: str
    binds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Launch:
    """What `launch.py` is told."""

    isolate: bool
    folder: str
    root: str
    binds: tuple[tuple[str, str], ...]
    tmp_mib: int
    limits: dict[str, int]
    argv: tuple[str, ...]
    env: dict[str, str]
    uid: int
    status_fd: int
    straggle_s: float = STRAGGLE_S


@dataclass(frozen=True)
class Place:
    """Where the parts of a box lie on the host."""

    home: Path
    """The box's own folder: `trial` and an empty `root` in it."""
    isolate: bool
    interpreter: Interpreter
    binds: tuple[tuple[str, str], ...]
    environment: dict[str, str]

    @property
    def trial(self) -> Path:
        """The writable folder."""
        return self.home / "trial"


class ProcessBox:
    """Made by `ProcessSandbox`; used once."""

    def __init__(self, place: Place, spec: BoxSpec) -> None:
        self._place = place
        self._spec = spec
        self._dead = ""
        self._cpu_s: float | None = 0.0
        self._peak_mib = 0.0
        self._inventory = Inventory()
        for path in (place.trial, place.home / "root", place.home / "tmp"):
            path.mkdir(parents=True)
        for file in spec.files:
            self.write(file.path, file.text.encode())
        if os.geteuid() == 0 and place.isolate:
            os.chown(place.trial, UID, UID)

    @property
    def id(self) -> str:
        """The name of the box's folder."""
        return self._place.home.name

    @property
    def dataset_path(self) -> str | None:
        """Where the dataset lies, as seen from inside."""
        if self._spec.dataset is None:
            return None
        return "/dataset" if self._place.isolate else str(self._spec.dataset.resolve())

    def write(self, path: str, content: bytes) -> None:
        """Put a file into the folder."""
        self._check()
        check_size(path, content, disk_mib=self._spec.resources.disk_mib)
        try:
            write_under(str(self._place.trial), box_path(path), content)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written into the box: {error}") from error
        self._inventory.add(path, content)

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        """A regular file of the folder."""
        self._check()
        return read_under(str(self._place.trial), box_path(path), limit_bytes)

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command to its end, then kill whatever it left behind."""
        self._check()
        limit_s = min(timeout_s, self._spec.time_limit_s)
        hear, status = os.pipe()
        start = time.perf_counter()
        try:
            process = self._start(argv, status, limit_s)
        finally:
            os.close(status)
        stdout, stderr = Capped(), Capped()
        readers = [_reader(process.stdout, stdout), _reader(process.stderr, stderr)]
        try:
            excess = self._watch(process.pid, hear, limit_s)
            wall_s = time.perf_counter() - start
        finally:
            kill_tree(process.pid)
            process.wait()
            for reader in readers:
                reader.join()
            told = _told(hear)
        code = self._settle(told, excess)
        return Ran(
            exit_code=code,
            stdout=stdout.text(),
            stderr=stderr.text(),
            wall_s=wall_s,
            timed_out=excess == "time",
            oom=excess == "memory",
            dropped_bytes=stdout.dropped + stderr.dropped,
            left=told.get("left"),
            rewritten=told.get("rewritten", False),
        )

    def usage(self) -> BoxUsage:
        """CPU time as the kernel counted it, and the largest sampled memory."""
        return BoxUsage(cpu_s=self._cpu_s, peak_memory_mib=self._peak_mib or None)

    def conditions(self) -> Conditions:
        """The image, the limits and the files that were put in."""
        return spec_conditions(
            self._spec, self._inventory, network="none" if self._place.isolate else "the host's"
        )

    def close(self) -> None:
        """Remove the folder; commands have ended by then."""
        self._dead = self._dead or "it is closed"
        shutil.rmtree(self._place.home, ignore_errors=True)

    def _check(self) -> None:
        if self._dead:
            raise SandboxUnavailable(f"box {self.id} takes no more commands: {self._dead}")

    def _start(self, argv: Sequence[str], status: int, limit_s: float) -> subprocess.Popen[bytes]:
        place = self._place
        words = tuple(argv)
        if words[0] == "python":
            words = (place.interpreter.executable, "-s", *words[1:])
        binds = place.binds
        if self._spec.dataset is not None:
            binds += ((str(self._spec.dataset.resolve()), "/dataset"),)
        environment = dict(place.environment)
        if not place.isolate:
            environment |= {key: str(place.home / "tmp") for key in ("HOME", "TMPDIR")}
        launch = Launch(
            isolate=place.isolate,
            folder=str(place.trial),
            root=str(place.home / "root"),
            binds=binds,
            tmp_mib=TMP_MIB,
            limits=self._limits(limit_s),
            argv=words,
            env=environment,
            uid=UID,
            status_fd=status,
        )
        return subprocess.Popen(
            [
                place.interpreter.executable,
                "-I",
                "-S",
                launcher.__file__,
                json.dumps(asdict(launch)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            pass_fds=(status,),
            start_new_session=True,
        )

    def _limits(self, limit_s: float) -> dict[str, int]:
        limits = self._spec.resources
        memory = limits.memory_mib * _MIB
        cpu_s = int(limit_s * max(1.0, limits.cpus)) + 2
        found = {
            "RLIMIT_DATA": memory,
            # Virtual room costs nothing and numeric libraries reserve much of it.
            "RLIMIT_AS": memory + _ENOUGH_VIRTUAL_MIB * _MIB,
            "RLIMIT_CPU": cpu_s,
            "RLIMIT_FSIZE": limits.disk_mib * _MIB,
            "RLIMIT_NOFILE": MAX_OPEN_FILES,
            "RLIMIT_CORE": 0,
        }
        if self._place.isolate:  # elsewhere it would count all processes of the person
            found["RLIMIT_NPROC"] = limits.pids
        return found

    def _watch(self, pid: int, hear: int, limit_s: float) -> str:
        """Wait for the end; `time`, `memory`, `processes` or `disk` if that ran out first."""
        until = time.monotonic() + limit_s
        while True:
            left_s = until - time.monotonic()
            if left_s <= 0:
                return "time"
            ended, _, _ = select.select([hear], [], [], min(WATCH_S, left_s))
            if ended:
                return ""
            skip = _LAUNCHERS if self._place.isolate else 0
            load = load_below(pid, skip=skip, memory_limit_mib=self._spec.resources.memory_mib)
            self._peak_mib = max(self._peak_mib, load.memory_mib)
            excess = self._excess(load)
            if excess:
                return excess

    def _excess(self, load: Load) -> str:
        limits = self._spec.resources
        if load.memory_mib > limits.memory_mib:
            return "memory"
        if load.processes > limits.pids:
            return "processes"
        if folder_exceeds(self._place.trial, limits.disk_mib * _MIB):
            return "disk"
        return ""

    def _settle(self, told: dict[str, Any], excess: str) -> int | None:
        """The exit code, and the box's accounts."""
        if "error" in told:
            self._dead = "it could not be confined"
            raise SandboxUnavailable(
                f"box {self.id} could not be confined: {told['error']}; run `curie doctor`"
            )
        if excess:
            self._dead = f"it ran out of {excess}"
        if "cpu_s" not in told:
            self._cpu_s = None  # killed before it could be accounted for
        elif self._cpu_s is not None:
            self._cpu_s += told["cpu_s"]
            self._peak_mib = max(self._peak_mib, told["peak_kib"] / 1024)
        if excess or not told:
            return None
        # As a shell and `timeout` in a container say it.
        return 128 + told["signal"] if told["exit"] is None else int(told["exit"])


def _told(hear: int) -> dict[str, Any]:
    with os.fdopen(hear, "rb") as pipe:
        line = pipe.readline()
    return dict(json.loads(line)) if line else {}


def _reader(pipe: IO[bytes] | None, into: Capped) -> threading.Thread:
    def read() -> None:
        if pipe is not None:
            with pipe:
                while chunk := pipe.read1(65536):  # type: ignore[attr-defined]  # Popen's pipes have it
                    into.feed(chunk)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread
