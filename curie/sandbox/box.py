"""The port: a box runs commands, a sandbox makes boxes. Agents may see this module, no backend."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from curie.domain.outcome import Conditions
from curie.domain.setup import Image, Posture, SourceFile
from curie.domain.system import Resources, System


@dataclass(frozen=True)
class Ran:
    """What became of one command. A command that fails is a value, not an error."""

    exit_code: int | None
    """128 + n for a death by signal n; None when the host killed it or the box died with it."""
    stdout: str
    stderr: str
    wall_s: float
    timed_out: bool = False
    oom: bool = False
    dropped_bytes: int = 0
    """Output beyond the cap, cut from the middle."""
    left: int | None = 0
    """Processes that still ran a moment after the command had ended. None: cannot be told."""
    rewritten: bool = False
    """Whether what it left behind was seen to change a file of the folder."""


@dataclass(frozen=True)
class BoxUsage:
    """What a box used since it was opened. None: the backend cannot tell."""

    cpu_s: float | None
    peak_memory_mib: float | None


@dataclass(frozen=True)
class BoxSpec:
    """What a box is made of. Equal specs make equal boxes."""

    run: str
    """The run it belongs to; boxes are cleaned up by this label."""
    image: Image
    resources: Resources
    time_limit_s: float
    """The longest that any command in it may take; enforced inside and outside the box."""
    files: tuple[SourceFile, ...] = ()
    """Written to the box's folder before the first command."""
    dataset: Path | None = None
    """Mounted read-only."""
    devices: tuple[str, ...] = ()
    """The exact GPUs that are leased to it; as many as its resources ask for."""
    quiet: bool = False
    """Timed trials want a quiet machine: nothing is prepared in the background while it is open."""


STRAGGLE_S = 0.25
"""How long what a command started may outlive it before it counts as left behind."""


class Box(Protocol):
    """One place that runs commands in one writable folder, which is their working directory.

    Raises SandboxUnavailable where the box itself is gone; never for a command that failed.
    """

    @property
    def id(self) -> str:
        """The container's id, or the process group's."""
        ...

    @property
    def dataset_path(self) -> str | None:
        """Where the dataset lies, as seen from inside."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Put a file into the folder. UsageError for a path that leaves it or a file too large."""
        ...

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        """A regular file of the folder. FileNotFoundError if absent, a link, or over the limit."""
        ...

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command to its end. `python` as argv[0] is the image's interpreter.

        On timeout everything in the box is killed, and the box takes no further command.
        """
        ...

    def usage(self) -> BoxUsage:
        """What it used so far."""
        ...

    def conditions(self) -> Conditions:
        """What it is made of, what was put in, and what it may use, as it really is."""
        ...

    def close(self) -> None:
        """Kill what runs and leave nothing behind; may be called twice."""
        ...


class Sandbox(Protocol):
    """A backend."""

    def posture(self) -> Posture:
        """What it protects from, as checked on this machine."""
        ...

    def build(self, system: System, folder: Path) -> Image:
        """Make (or find) the image of a system from its folder. The only phase with a network."""
        ...

    def open(self, spec: BoxSpec) -> Box:
        """A fresh box, never used before."""
        ...

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """A hint: so many boxes of this spec will be opened soon, so some may be kept ready."""
        ...

    def reap(self, run: str) -> int:
        """Remove boxes that a dead process of this run left behind; how many there were."""
        ...

    def close(self) -> None:
        """Remove every box that this sandbox opened or keeps warm."""
        ...
