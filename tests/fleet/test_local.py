"""The local fleet: all trials, as many at once as it has workers, and a clean end."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curie.domain.errors import SandboxUnavailable, UsageError
from curie.domain.outcome import Failed, Usage
from curie.domain.plan import Trial
from curie.fleet.local import LocalFleet


def trials(count: int) -> tuple[Trial, ...]:
    return tuple(
        Trial(
            id=f"t{n}",
            plan="p1",
            arm="a",
            phase="treatment",
            seed=n,
            settings=(),
            analysed=True,
        )
        for n in range(count)
    )


def outcome(trial: Trial) -> Failed:
    return Failed(
        trial=trial.id,
        setup="s",
        box="b",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        why="exit",
        detail="",
        usage=Usage(wall_s=0.0),
    )


class Gauge:
    """Counts how many run at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.now = self.most = 0
        self.begun: list[str] = []
        self._seconds = seconds
        self._lock = threading.Lock()

    def __call__(self, trial: Trial) -> Failed:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.begun.append(trial.id)
        time.sleep(self._seconds)
        with self._lock:
            self.now -= 1
        return outcome(trial)


@given(count=st.integers(0, 12), workers=st.integers(1, 4), alone=st.booleans())
def test_every_trial_runs_exactly_once(count, workers, alone):
    gauge = Gauge()
    ended = [o.trial for o in LocalFleet(workers).run(trials(count), gauge, alone=alone)]
    expected = [t.id for t in trials(count)]
    assert sorted(ended) == sorted(expected)
    assert sorted(gauge.begun) == sorted(expected)
    assert gauge.most <= (1 if alone else workers)


def test_as_many_run_at_once_as_there_are_workers():
    meet = threading.Barrier(3, timeout=10)  # breaks unless three are there together

    def do(trial: Trial) -> Failed:
        meet.wait()
        return outcome(trial)

    assert len(list(LocalFleet(3).run(trials(6), do, alone=False))) == 6


def test_alone_means_one_at_a_time_in_order():
    gauge = Gauge(0.005)
    ended = [o.trial for o in LocalFleet(4).run(trials(6), gauge, alone=True)]
    assert ended == gauge.begun == [t.id for t in trials(6)]
    assert gauge.most == 1


def test_outcomes_come_as_trials_end_and_not_in_their_order():
    first_may_end = threading.Event()

    def do(trial: Trial) -> Failed:
        if trial.id == "t0":
            assert first_may_end.wait(10)
        return outcome(trial)

    coming = LocalFleet(2).run(trials(3), do, alone=False)
    assert next(coming).trial == "t1"
    first_may_end.set()
    assert {o.trial for o in coming} == {"t0", "t2"}


@pytest.mark.parametrize("error", [SandboxUnavailable("gone"), KeyboardInterrupt()])
def test_a_broken_world_stops_new_trials_and_is_raised_when_the_others_have_ended(error):
    gauge = Gauge(0.05)

    def do(trial: Trial) -> Failed:
        if trial.id == "t0":
            raise error
        return gauge(trial)

    ended = []

    def collect() -> None:
        for one in LocalFleet(2).run(trials(20), do, alone=False):
            ended.append(one.trial)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(type(error)):
        collect()
    assert gauge.now == 0
    assert len(gauge.begun) < 5
    assert ended == gauge.begun, "the outcome of a trial that ran is not lost"


def test_ctrl_c_lets_the_running_trials_end_and_starts_no_more(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, time\n"
        "from curie.fleet.local import LocalFleet\n"
        "from tests.fleet.test_local import outcome, trials\n"
        "def do(trial):\n"
        "    print('begun', trial.id, flush=True)\n"
        "    time.sleep(1.0)\n"
        "    return outcome(trial)\n"
        "try:\n"
        "    for one in LocalFleet(1).run(trials(9), do, alone=False):\n"
        "        print('ended', one.trial, flush=True)\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped', flush=True)\n"
    )
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    ) as process:
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert first + rest == "begun t0\nended t0\nstopped\n"


def test_a_consumer_that_leaves_stops_the_fleet():
    gauge = Gauge(0.01)
    coming = LocalFleet(2).run(trials(50), gauge, alone=False)
    next(coming)
    coming.close()
    begun = len(gauge.begun)
    time.sleep(0.1)
    assert gauge.now == 0
    assert len(gauge.begun) == begun < 10


def test_a_fleet_without_workers_is_refused():
    with pytest.raises(UsageError):
        LocalFleet(0)
