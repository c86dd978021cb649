"""The machine that curie runs on, with so many trials at once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from curie.domain.errors import UsageError
from curie.domain.outcome import Failed, Measured
from curie.domain.plan import Trial
from curie.fleet.port import Do


class LocalFleet:
    """A pool of threads; the work itself is in boxes, outside of Python's lock."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise UsageError(f"{workers} workers cannot run a trial; give at least one")
        self._workers = workers

    @property
    def workers(self) -> int:
        """How many trials run at once."""
        return self._workers

    def run(self, trials: Sequence[Trial], do: Do, *, alone: bool) -> Iterator[Measured | Failed]:
        """Outcomes in the order in which trials end; see the port.

        Never more than `workers` trials are begun ahead of the consumer, so a consumer that stops
        to think (or to fail) stops the fleet.
        """
        width = 1 if alone else self._workers
        waiting = iter(trials)
        running: set[Future[Measured | Failed]] = set()
        with ThreadPoolExecutor(width, thread_name_prefix="curie-trial") as threads:
            while True:
                while len(running) < width:
                    trial = next(waiting, None)
                    if trial is None:
                        break
                    running.add(threads.submit(do, trial))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
