"""A box to work in: what kills it costs what lay in it, not the work."""

from collections.abc import Iterator

import pytest

from curie.domain.errors import UsageError
from curie.sandbox.backends import open_sandbox
from curie.sandbox.box import BoxSpec
from curie.sandbox.lasting import LastingBox
from curie.sandbox.manifest import load
from tests.sandbox.test_process import TINY

SLEEPS = ("python", "-c", "import time; time.sleep(60)")


@pytest.fixture
def box(tmp_path) -> Iterator[LastingBox]:
    sandbox = open_sandbox("process", state=tmp_path / "state", workers=1, say=print)
    system = load(TINY)
    spec = BoxSpec(
        run="r1", image=sandbox.build(system, TINY), resources=system.resources, time_limit_s=60.0
    )
    lasting = LastingBox(lambda: sandbox.open(spec))
    yield lasting
    lasting.close()
    sandbox.close()


def test_after_a_command_that_ran_out_of_time_the_next_one_runs_beside_the_written_files(box):
    box.write("mine.py", b"print(6 * 7)\n")
    box.exec(("python", "-c", "open('made.txt', 'w').write('x')"), timeout_s=30)
    first = box.id
    assert box.exec(SLEEPS, timeout_s=1).timed_out
    assert box.exec(("python", "mine.py"), timeout_s=30).stdout == "42\n"
    assert box.id != first
    with pytest.raises(FileNotFoundError):
        box.read("made.txt", limit_bytes=10)


def test_a_command_that_fails_keeps_its_box(box):
    first = box.id
    assert box.exec(("python", "-c", "raise SystemExit(3)"), timeout_s=30).exit_code == 3
    assert box.id == first


def test_a_file_that_was_refused_is_not_written_to_the_next_box(box):
    with pytest.raises(UsageError):
        box.write("../out.py", b"x")
    assert box.exec(SLEEPS, timeout_s=1).timed_out
    assert box.exec(("python", "-c", "print(1)"), timeout_s=30).stdout == "1\n"
