"""How much a box lets a program use: time, memory, disk, processes."""

import secrets
import time

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.domain.system import Resources
from curie.sandbox.probe import marked
from tests.conformance.commands import DAEMON, eventually, python


def test_a_timeout_kills_everything_and_the_box_takes_no_more_commands(backend):
    box = backend.sandbox.open(backend.spec())
    mark = secrets.token_hex(12)
    try:
        start = time.monotonic()
        ran = python(box, f"{DAEMON}\ntime.sleep(60)", mark, timeout_s=1.5)
        assert ran.timed_out
        assert ran.exit_code is None
        assert time.monotonic() - start < 10
        assert eventually(lambda: not marked(mark))
        with pytest.raises(SandboxUnavailable):
            python(box, "print(1)")
    finally:
        box.close()


def test_the_time_limit_of_the_spec_holds_even_if_a_command_is_given_more(backend):
    box = backend.sandbox.open(backend.spec(time_limit_s=1.0))
    try:
        assert box.exec(["sleep", "30"], timeout_s=60).timed_out
    finally:
        box.close()


def test_children_that_outlive_their_parent_die_with_the_box(backend):
    box = backend.sandbox.open(backend.spec())
    mark = secrets.token_hex(12)
    ran = python(box, DAEMON, mark)
    assert ran.exit_code == 0
    box.close()
    assert eventually(lambda: not marked(mark))


def test_a_child_that_holds_the_output_open_does_not_hold_the_command_up(backend):
    box = backend.sandbox.open(backend.spec())
    code = "import subprocess, sys; subprocess.Popen(['sleep', '12']); print('done')"
    try:
        ran = python(box, code, timeout_s=8.0)
        assert (ran.exit_code, ran.timed_out, ran.stdout) == (0, False, "done\n")
    finally:
        box.close()


def test_a_program_that_kills_all_it_can_is_a_failed_command(backend):
    if not backend.protects("processes"):
        pytest.skip("this backend says that it does not protect the host's processes")
    box = backend.sandbox.open(backend.spec())
    try:
        code = """
import contextlib, os
with contextlib.suppress(ProcessLookupError):
    os.kill(-1, 9)
os.kill(os.getpid(), 9)
"""
        ran = python(box, code)
        assert ran.exit_code in (None, 137)
        assert not ran.timed_out
    finally:
        box.close()


def test_more_memory_than_the_limit_fails(backend):
    box = backend.sandbox.open(backend.spec())
    try:
        want = backend.system.resources.memory_mib * 2
        ran = python(box, f"b = bytearray({want} << 20); b[::4096] = b'x' * len(b[::4096])")
        assert ran.oom or ran.exit_code not in (0, None)
    finally:
        box.close()


def test_memory_held_by_many_processes_together_is_told_as_oom(backend):
    box = backend.sandbox.open(backend.spec())
    code = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        b = bytearray(40 << 20); b[::4096] = b'x' * len(b[::4096]); time.sleep(3); os._exit(0)
codes = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(6)]
os._exit(max(abs(c) for c in codes))
"""
    try:
        ran = python(box, code)
        assert ran.oom
        assert ran.exit_code != 0
    finally:
        box.close()


@pytest.mark.parametrize("files", [1, 8])
def test_more_files_than_the_disk_limit_fail(backend, files):
    box = backend.sandbox.open(backend.spec())
    each = backend.system.resources.disk_mib * 2**20 * 2 // files
    code = f"""
import time
for n in range({files}):
    with open(f'f{{n}}', 'wb') as file:
        file.write(b'x' * {each})
time.sleep(1)
"""
    try:
        assert python(box, code).exit_code != 0
    finally:
        box.close()


def test_more_processes_than_the_limit_fail(backend):
    few = Resources(cpus=1.0, memory_mib=256, disk_mib=8, pids=24)
    box = backend.sandbox.open(backend.spec(resources=few))
    code = """
import os, time
for _ in range(60):
    if os.fork() == 0:
        time.sleep(2); os._exit(0)
time.sleep(2)
"""
    try:
        assert python(box, code).exit_code != 0
    finally:
        box.close()


def test_usage_counts_the_cpu_time_and_the_memory_of_the_program(box):
    code = """
import time
b = bytearray(60 << 20); b[::4096] = b'x' * len(b[::4096])
while time.process_time() < 0.6:
    pass
"""
    before = box.usage()
    assert python(box, code).exit_code == 0
    used = box.usage()
    assert 0.55 < used.cpu_s - before.cpu_s < 2.5
    assert 60 <= used.peak_memory_mib < 128


def test_a_box_for_a_gpu_that_is_not_leased_is_refused(backend):
    with pytest.raises(SandboxUnavailable, match="GPU"):
        backend.sandbox.open(backend.spec(resources=Resources(gpus=1)))
