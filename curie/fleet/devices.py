"""Leases of GPUs: each device belongs to one trial at a time, by its exact id."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from curie.domain.errors import SandboxUnavailable


class DeviceLeases:
    """Hands out device ids and takes them back; waits while others hold them."""

    def __init__(self, devices: Sequence[str]) -> None:
        self._free = list(devices)
        self._all = len(self._free)
        self._change = threading.Condition()

    @contextmanager
    def lease(self, count: int) -> Iterator[tuple[str, ...]]:
        """So many devices, for as long as the block runs.

        SandboxUnavailable when this machine has fewer in all: waiting would never end.
        """
        if count > self._all:
            raise SandboxUnavailable(
                f"{count} GPU(s) are needed and this machine offers {self._all}; "
                "see `curie doctor`, or choose settings that need none"
            )
        with self._change:
            self._change.wait_for(lambda: len(self._free) >= count)
            held = tuple(self._free[:count])
            del self._free[:count]
        try:
            yield held
        finally:
            with self._change:
                self._free += held
                self._change.notify_all()
