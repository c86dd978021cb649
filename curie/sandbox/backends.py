"""Which sandbox this machine can offer. A new backend is one more case here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, assert_never

from curie.domain.errors import SandboxUnavailable
from curie.sandbox.box import Sandbox
from curie.sandbox.docker import DockerSandbox, connect
from curie.sandbox.process import ProcessSandbox

Kind = Literal["auto", "docker", "process"]


@dataclass(frozen=True)
class EngineStatus:
    """Whether a Docker engine answers, for `curie doctor`."""

    ok: bool
    detail: str
    fix: str
    runc: str = ""
    """Version of its runtime; empty where it does not say."""


def open_sandbox(kind: Kind, *, state: Path, workers: int, say: Callable[[str], None]) -> Sandbox:
    """The sandbox of that kind; `auto` is Docker where an engine answers, else processes.

    `state` keeps packages, staged files and process boxes; `say` hears what is done and why.
    SandboxUnavailable if Docker is asked for and no engine answers.
    """
    state.mkdir(parents=True, exist_ok=True)
    match kind:
        case "docker":
            return DockerSandbox(connect(), state=state, workers=workers, say=say)
        case "process":
            return ProcessSandbox(state=state, say=say)
        case "auto":
            try:
                return DockerSandbox(connect(), state=state, workers=workers, say=say)
            except SandboxUnavailable as error:
                say(f"using the process sandbox, because {error}")
                return ProcessSandbox(state=state, say=say)
        case _:
            assert_never(kind)


def engine_status() -> EngineStatus:
    """What a connection to the engine says now."""
    try:
        client = connect()
    except SandboxUnavailable as error:
        return EngineStatus(
            ok=False, detail=str(error), fix="install and start Docker, or use --sandbox process"
        )
    try:
        version = client.version()
        detail = f"Docker {version['Version']}, API {version['ApiVersion']}"
        parts = version.get("Components") or ()
        runc = next((str(part["Version"]) for part in parts if part["Name"] == "runc"), "")
    finally:
        client.close()
    return EngineStatus(ok=True, detail=detail, fix="", runc=runc)
