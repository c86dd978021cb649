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
                done, running, problem = _next(running)
                if isinstance(problem, KeyboardInterrupt) and trouble is not None:
                    patient = False  # the second one waits for nothing
                    raise problem
                trouble = trouble or problem
                yield from (future.result() for future in done)
        finally:
            threads.shutdown(wait=patient, cancel_futures=True)
        if trouble is not None:
            raise trouble


_Trials = set[Future[Measured | Failed]]


def _next(running: _Trials) -> tuple[_Trials, _Trials, BaseException | None]:
    """Trials that ended well, those that still run, and what went wrong meanwhile."""
    try:
        ended, running = wait(running, return_when=FIRST_COMPLETED)
    except KeyboardInterrupt as stop:
        return set(), running, stop
    well = {future for future in ended if future.exception() is None}
    problems = (future.exception() for future in ended - well)
    return well, running, next(problems, None)
