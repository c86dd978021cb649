"""A real box for the roles that work in one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from curie.sandbox.backends import open_sandbox
from curie.sandbox.box import Box, BoxSpec
from curie.sandbox.manifest import load

TINY = Path(__file__).parents[1] / "conformance" / "tiny"


@pytest.fixture
def box(tmp_path) -> Iterator[Box]:
    sandbox = open_sandbox("process", state=tmp_path / "state", workers=1, say=print)
    system = load(TINY)
    spec = BoxSpec(
        run="r1",
        image=sandbox.build(system, TINY),
        resources=system.resources,
        time_limit_s=60.0,
    )
    opened = sandbox.open(spec)
    yield opened
    opened.close()
    sandbox.close()
