"""A box to work in step by step: a command that kills it does not end the work."""

from collections.abc import Callable, Sequence

from curie.domain.outcome import Conditions
from curie.sandbox.box import Box, BoxUsage, Ran


class LastingBox:
    """A box that is opened anew, with the files that were written to it, once a command killed it.

    What commands left in the folder of the dead box is lost.
    """

    def __init__(self, fresh: Callable[[], Box]) -> None:
        self._fresh = fresh
        self._box = fresh()
        self._written: dict[str, bytes] = {}

    @property
    def id(self) -> str:
        """Of the box in use."""
        return self._box.id

    @property
    def dataset_path(self) -> str | None:
        """Where the dataset lies, as seen from inside."""
        return self._box.dataset_path

    def write(self, path: str, content: bytes) -> None:
        """Put a file into the folder."""
        self._box.write(path, content)
        self._written[path] = content

    def read(self, path: str, *, limit_bytes: int) -> bytes:
        """A regular file of the folder."""
        return self._box.read(path, limit_bytes=limit_bytes)

    def exec(self, argv: Sequence[str], *, timeout_s: float) -> Ran:
        """Run a command to its end; where it took the box with it, the next one has a fresh box."""
        ran = self._box.exec(argv, timeout_s=timeout_s)
        if ran.timed_out or ran.oom or ran.exit_code is None:
            self._renew()
        return ran

    def usage(self) -> BoxUsage:
        """What the box in use has used."""
        return self._box.usage()

    def conditions(self) -> Conditions:
        """Of the box in use."""
        return self._box.conditions()

    def close(self) -> None:
        """Leave nothing behind."""
        self._box.close()

    def _renew(self) -> None:
        self._box.close()
        self._box = self._fresh()
        for path, content in self._written.items():
            self._box.write(path, content)
