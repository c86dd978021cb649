"""The machine that curie runs on, with so many trials at once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

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
        trouble: BaseException | None = None
        patient = True
        threads = ThreadPoolExecutor(width, thread_name_prefix="curie-trial")
        try:
            while True:
                if trouble is None:
                    begun = islice(waiting, width - len(running))
                    running |= {threads.submit(do, trial) for trial in begun}
                if not running:
                    break
                try:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                except KeyboardInterrupt as stop:
                    patient = trouble is None  # the second one does not wait any more
                    if not patient:
                        raise
                    trouble = stop
                    continue
                for future in done:
                    trouble = trouble or future.exception()
                    if future.exception() is None:
                        yield future.result()
        finally:
            threads.shutdown(wait=patient, cancel_futures=True)
        if trouble is not None:
            raise trouble
