"""Every backend, as one fixture."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.domain.setup import Image
from curie.domain.system import System
from curie.sandbox.box import Box, BoxSpec, Sandbox
from curie.sandbox.docker import DockerSandbox, connect
from curie.sandbox.manifest import load
from curie.sandbox.process import ProcessSandbox

TINY = Path(__file__).parent / "tiny"


@dataclass(frozen=True)
class Backend:
    """A sandbox with the image of the tiny system, and the state folder that it shares."""

    name: str
    sandbox: Sandbox
    image: Image
    system: System
    state: Path

    def spec(self, run: str = "conformance", **changes: object) -> BoxSpec:
        fields: dict[str, object] = {
            "run": run,
            "image": self.image,
            "resources": self.system.resources,
            "time_limit_s": 20.0,
        }
        return BoxSpec(**{**fields, **changes})

    def protects(self, guard: str) -> bool:
        return any(g.on for g in self.sandbox.posture().guards if g.name == guard)

    def another(self) -> Sandbox:
        """A second sandbox over the same engine or folder, as another process would have it."""
        return make(self.name, self.state)


def make(name: str, state: Path) -> Sandbox:
    if name == "docker":
        return DockerSandbox(engine(), state=state, workers=2, say=print)
    isolate = False if name == "process, plain" else None
    return ProcessSandbox(state=state, say=print, isolate=isolate)


def engine():
    try:
        return connect()
    except SandboxUnavailable as error:
        if os.environ.get("CURIE_REQUIRE_DOCKER") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("docker", marks=pytest.mark.docker),
        "process",
        "process, plain",
    ],
)
def backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    state = tmp_path_factory.mktemp("state")
    system = load(TINY)
    sandbox = make(request.param, state)
    try:
        image = sandbox.build(system, TINY)
        yield Backend(request.param, sandbox, image, system, state)
    finally:
        sandbox.close()


@pytest.fixture
def box(backend: Backend) -> Iterator[Box]:
    box = backend.sandbox.open(backend.spec())
    yield box
    box.close()
