"""What runs a trial: the files, the command, the image, and what the box protects from."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from curie.domain.fact import Fact
from curie.domain.setting import Settings


class SourceFile(Fact):
    """A file of the program under test; its text is kept so that it can be judged again."""

    path: str
    sha256: str
    text: str


class Package(Fact):
    """An installed package, pinned."""

    name: str
    version: str


class Image(Fact):
    """What the box is made of. For a process sandbox the digest is of the packages folder."""

    name: str
    digest: str
    base: str
    packages: tuple[Package, ...] = ()
    python: str


class Guard(Fact):
    """One thing that a box protects from, and whether it really does here."""

    name: str
    on: bool
    detail: str


class Posture(Fact):
    """Which sandbox ran the trials and what it does not protect from."""

    backend: Literal["docker", "process"]
    engine: str
    """Version of the engine and runtime, or of the kernel for processes."""
    guards: tuple[Guard, ...]

    @property
    def open_doors(self) -> tuple[Guard, ...]:
        """What this sandbox does not protect from."""
        return tuple(g for g in self.guards if not g.on)


class Host(Fact):
    """The machine on which trials ran. No name and no address: reports are shared."""

    cpu: str
    cores: int
    memory_mib: int
    kernel: str
    python: str
    gpus: tuple[str, ...] = ()


class Setup(Fact):
    """Everything that is equal for all arms of a plan."""

    fact: Literal["setup"] = "setup"
    id: str
    plan: str
    system: str
    argv: tuple[str, ...]
    files: tuple[SourceFile, ...]
    image: Image
    posture: Posture
    host: Host
    time_limit_s: float = Field(gt=0)
    written_by: Literal["shipped", "workspace", "technician", "baseline"]
    dataset_sha256: str | None = None
    notes: str = ""

    @property
    def code_sha256(self) -> str:
        """One hash over the program's files, in order of their paths."""
        return tree_sha256((f.path, f.sha256) for f in self.files)


class _Tree(Fact):
    files: tuple[tuple[str, str], ...]


def tree_sha256(files: Iterable[tuple[str, str]]) -> str:
    """One hash over files, given as (path, SHA-256 of the content), in order of their paths."""
    return _Tree(files=tuple(sorted(files))).fingerprint()


class Started(Fact):
    """The intent to run a trial, written before it starts; its nonce must come back."""

    fact: Literal["started"] = "started"
    trial: str
    setup: str
    arm: str
    phase: str
    seed: int
    settings: Settings
    analysed: bool
    nonce: str
