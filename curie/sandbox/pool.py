"""Keeps boxes ready, so that a trial does not wait for one. Each is used once."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from curie.domain.errors import SandboxUnavailable
from curie.sandbox.box import BoxSpec
from curie.sandbox.docker_box import DockerBox

MAX_AGE_S = 3600.0
"""A box that waited longer is thrown away: containers do not live for ever."""
_BACKGROUND_THREADS = 2


@dataclass
class _Shelf:
    """The boxes of one spec."""

    wanted: int = 0
    """How many are still going to be opened."""
    filling: int = 0
    ready: deque[DockerBox] = field(default_factory=deque)


class Pool:
    """Makes boxes ahead of time, in background threads, and removes them there.

    `make` makes one box and `remove` removes a container; both may raise SandboxUnavailable, of
    which the background takes note by doing nothing: the next `take` meets the same trouble.
    """

    def __init__(
        self, make: Callable[[BoxSpec], DockerBox], remove: Callable[[str], None], *, size: int
    ) -> None:
        self._make = make
        self._remove = remove
        self._size = size
        self._lock = threading.Lock()
        self._shelves: dict[BoxSpec, _Shelf] = {}
        self._threads = ThreadPoolExecutor(_BACKGROUND_THREADS, thread_name_prefix="curie-pool")
        self._removals: set[Future[None]] = set()
        self._closed = False

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """So many boxes of this spec will be taken; start making the first ones ready."""
        if spec.quiet or spec.devices:
            return  # a quiet machine prepares nothing; a leased device cannot wait in a warm box
        with self._lock:
            self._shelves.setdefault(spec, _Shelf()).wanted += boxes
        self._refill(spec)

    def take(self, spec: BoxSpec) -> DockerBox:
        """A box that is ready, or else one made now."""
        with self._lock:
            shelf = self._shelves.get(spec, _Shelf())
            shelf.wanted = max(0, shelf.wanted - 1)
            box = shelf.ready.popleft() if shelf.ready else None
        self._refill(spec)
        if box is None:
            return self._make(spec)
        if box.alive() and time.monotonic() - box.born < MAX_AGE_S:
            return box
        box.close()
        return self._make(spec)

    def discard(self, container: str, *, now: bool) -> None:
        """Remove a container; in the background unless `now`."""
        if now or self._closed:
            self._remove(container)
            return
        removal = self._threads.submit(self._remove, container)
        with self._lock:
            self._removals.add(removal)
        removal.add_done_callback(self._forget)

    def settle(self) -> None:
        """Wait until every removal begun so far is done."""
        with self._lock:
            pending = tuple(self._removals)
        for removal in pending:
            removal.exception()

    def ready(self, spec: BoxSpec) -> int:
        """How many boxes of this spec are ready now."""
        with self._lock:
            return len(self._shelves.get(spec, _Shelf()).ready)

    def close(self) -> None:
        """Stop making boxes and wait for the background to end. The caller removes the rest."""
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._shelves.clear()

    def _forget(self, removal: Future[None]) -> None:
        with self._lock:
            self._removals.discard(removal)

    def _refill(self, spec: BoxSpec) -> None:
        with self._lock:
            shelf = self._shelves.get(spec)
            if shelf is None or self._closed:
                return
            missing = min(self._size, shelf.wanted) - len(shelf.ready) - shelf.filling
            for _ in range(missing):
                shelf.filling += 1
                self._threads.submit(self._fill, spec, shelf)

    def _fill(self, spec: BoxSpec, shelf: _Shelf) -> None:
        box = None
        try:
            if not self._closed:
                box = self._make(spec)
        except SandboxUnavailable:
            with self._lock:
                shelf.wanted = 0  # the trial that wants a box will raise it where it is heard
        finally:
            with self._lock:
                shelf.filling -= 1
                if box is not None:
                    shelf.ready.append(box)
