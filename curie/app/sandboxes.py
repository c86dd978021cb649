"""Makes what boxes are made of, ahead of the first question."""

from collections.abc import Callable, Iterator, Sequence

from curie.app.home import Home
from curie.app.settings import Settings
from curie.app.shelves import shelf_of
from curie.domain.setup import Image
from curie.sandbox.backends import open_sandbox
from curie.sandbox.docker_base import explain_base
from curie.sandbox.manifest import find, shipped


def build(
    names: Sequence[str], settings: Settings, *, say: Callable[[str], None]
) -> Iterator[tuple[str, Image]]:
    """The image of each system as it is made or found; of all shipped ones if none is named.

    UsageError for an unknown name before anything is built; SandboxUnavailable with the end of the
    log where one cannot be built.
    """
    shelves = [shelf_of(find(name), shipped=True) for name in (names or tuple(shipped()))]
    sandbox = open_sandbox(settings.sandbox, state=Home(settings.home).sandbox, workers=1, say=say)
    try:
        if sandbox.posture().backend == "docker":
            say(explain_base())
        for shelf in shelves:
            yield shelf.system.name, sandbox.build(shelf.system, shelf.folder)
    finally:
        sandbox.close()
