"""What every backend must do. A promise that a backend itself disowns in its posture is skipped."""

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from curie.domain.errors import SandboxUnavailable, UsageError
from curie.domain.setup import SourceFile
from curie.domain.system import Resources
from curie.sandbox.box import Box
from curie.sandbox.probe import marked, run_probe
from sandboxes.probe.attempts import GENTLE

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for handle in (0, 1, 2):
            os.close(handle)
        time.sleep(60)
    os._exit(0)
"""


@pytest.fixture
def box(backend) -> Iterator[Box]:
    box = backend.sandbox.open(backend.spec())
    yield box
    box.close()


def python(box: Box, code: str, *words: str, timeout_s: float = 15.0):
    return box.exec(["python", "-c", code, *words], timeout_s=timeout_s)


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_a_command_gives_its_exit_code_and_both_outputs(box):
    ran = python(box, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (7, "out\n", "err\n")
    assert not ran.timed_out
    assert not ran.oom
    assert ran.wall_s > 0


def test_a_command_that_does_not_exist_is_a_failed_command_and_not_an_error(box):
    ran = box.exec(["no-such-command"], timeout_s=10)
    assert ran.exit_code == 127
    assert "no-such-command" in ran.stderr


def test_a_program_that_dies_by_a_signal_says_so_and_leaves_the_box_usable(box):
    ran = python(box, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert ran.exit_code == 128 + 11
    assert python(box, "print(1)").stdout == "1\n"


def test_python_is_the_images_and_sees_the_system_and_the_contract(backend, box):
    ran = python(box, "import sys, sandboxes.tiny, sandboxes.contract; print(sys.version_info[:2])")
    major, minor = backend.image.python.split(".")
    assert ran.stdout == f"({major}, {minor})\n", ran.stderr


def test_the_python_of_the_box_does_not_see_the_packages_of_curie(box):
    ran = python(box, "import pydantic")
    assert ran.exit_code == 1
    assert "No module named 'pydantic'" in ran.stderr


def test_commands_start_in_the_writable_folder(box):
    assert python(box, "open('here', 'w').write('x')").exit_code == 0
    assert box.read("here", limit_bytes=10) == b"x"


def test_files_come_back_as_they_were_written(box):
    content = os.urandom(300_000)
    box.write("some/deep/file.bin", content)
    assert box.read("some/deep/file.bin", limit_bytes=1_000_000) == content
    digest = (
        "import hashlib; print(hashlib.sha256(open('some/deep/file.bin','rb').read()).hexdigest())"
    )

    assert python(box, digest).stdout.strip() == hashlib.sha256(content).hexdigest()


def test_a_file_written_again_is_replaced(box):
    box.write("a", b"a long first version")
    assert python(box, "print(len(open('a').read()))").stdout == "20\n"
    box.write("a", b"short")
    assert box.read("a", limit_bytes=100) == b"short"


def test_files_of_the_spec_are_there_from_the_start(backend):
    file = SourceFile(path="lib/tool.py", sha256="0" * 64, text="VALUE = 'été'\n")
    box = backend.sandbox.open(backend.spec(files=(file,)))
    try:
        code = "import sys; sys.path[:0] = ['lib']; import tool; print(len(tool.VALUE))"
        ran = python(box, code)
        assert ran.stdout == "3\n", ran.stderr
    finally:
        box.close()


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "", ".", "a//b", "a/./b", "a\0b", "x" * 300, "a/" * 20]
)
def test_paths_that_leave_the_folder_or_are_absurd_are_refused(box, path):
    with pytest.raises(UsageError):
        box.write(path, b"x")
    with pytest.raises(UsageError):
        box.read(path, limit_bytes=10)


def test_a_file_that_cannot_fit_is_refused(backend, box):
    with pytest.raises(UsageError, match="disk_mib"):
        box.write("big", b"x" * (backend.system.resources.disk_mib * 2**20 + 1))


@pytest.mark.parametrize(
    "trick",
    [
        "os.symlink('/etc/passwd', 'bait')",
        "open('real', 'w').write('x'); os.symlink('real', 'bait')",
        "os.symlink('/etc', 'folder')",
        "os.mkdir('own'); open('own/passwd', 'w').write('x'); os.symlink('own', 'folder')",
        "open('real', 'w').write('x'); os.link('real', 'bait')",
        "os.mkfifo('bait')",
        "os.mkdir('bait')",
        "open('bait', 'w').write('x' * 2000)",
    ],
)
def test_links_pipes_folders_and_giants_are_not_read(box, trick):
    assert python(box, f"import os; {trick}").exit_code == 0
    for path in ("bait", "folder/passwd", "absent", "absent/file"):
        with pytest.raises(FileNotFoundError):
            box.read(path, limit_bytes=1000)


def test_writing_does_not_follow_a_link_out_of_the_folder(backend, box, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    tmp_path.chmod(0o777)
    python(box, f"import os; os.symlink({str(tmp_path)!r}, 'out')")
    try:
        box.write("out/victim", b"changed")
        ran = python(box, "print('went on')")
        assert "went on" not in ran.stdout
    except UsageError:
        pass
    assert victim.read_text() == "untouched"


def test_output_is_capped_with_its_head_and_tail_and_the_loss_is_counted(box):
    ran = python(box, "print('first'); print('x' * 3_000_000); print('last')")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("first\n")
    assert ran.stdout.endswith("last\n")
    assert len(ran.stdout) < 100_000
    kept = len(ran.stdout) - len(f"\n[{ran.dropped_bytes} bytes dropped]\n")
    assert kept + ran.dropped_bytes == len("first\nlast\n") + 3_000_001


def test_control_codes_do_not_reach_the_terminal(box):
    ran = python(box, r"print('\x1b[31mred\x1b[0m\x07 \x1b]0;title\x07done')")
    assert ran.stdout == "red done\n"


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


def test_the_environment_holds_nothing_of_the_hosts(backend, box, monkeypatch):
    secret = secrets.token_hex(16)
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    code = """
import glob, os
print(dict(os.environ))
for path in glob.glob('/proc/[0-9]*/environ'):
    try:
        print(open(path, errors='replace').read())
    except OSError:
        pass
"""
    fresh = backend.sandbox.open(backend.spec())
    try:
        ran = python(fresh, code)
    finally:
        fresh.close()
    assert ran.exit_code == 0
    assert "PYTHONHASHSEED" in ran.stdout
    assert "OPENAI_API_KEY" not in ran.stdout.split("}")[0]
    if backend.protects("secrets"):
        assert secret not in ran.stdout


def test_there_is_no_network(backend, box):
    if not backend.protects("network"):
        pytest.skip("this backend says that it does not cut the network")
    code = """
import socket
for address in (('192.0.2.1', 80), ('169.254.169.254', 80), ('127.0.0.53', 53)):
    with socket.socket() as s:
        s.settimeout(2)
        try:
            s.connect(address)
        except OSError:
            continue
        print('reached', address)
try:
    print(socket.getaddrinfo('example.com', 80))
except OSError:
    pass
print([name for _, name in socket.if_nameindex()])
"""
    ran = python(box, code)
    assert ran.exit_code == 0, ran.stderr
    *reached, interfaces = ran.stdout.strip().splitlines()
    assert reached == []
    assert "eth0" not in interfaces


def test_closing_twice_is_fine_and_a_closed_box_is_gone(backend):
    box = backend.sandbox.open(backend.spec())
    box.close()
    box.close()
    with pytest.raises(SandboxUnavailable):
        python(box, "print(1)")
    with pytest.raises(SandboxUnavailable):
        box.write("x", b"x")


def test_two_boxes_do_not_see_each_other(backend):
    one, two = (backend.sandbox.open(backend.spec()) for _ in range(2))
    try:
        assert one.id != two.id
        one.write("mine", b"1")
        python(one, "open('also', 'w').write('1'); open('/tmp/t', 'w').write('1')")
        assert python(two, "import os; print(os.listdir('.'))").stdout == "[]\n"
        with pytest.raises(FileNotFoundError):
            two.read("mine", limit_bytes=10)
    finally:
        one.close()
        two.close()
        if backend.name == "process, plain":
            Path("/tmp/t").unlink()


def test_the_dataset_can_be_read_and_not_written(backend, tmp_path):
    if not backend.protects("host files"):
        pytest.skip("this backend says that it does not protect the host's files")
    (tmp_path / "data.csv").write_text("1,2\n")
    for path in (tmp_path, tmp_path / "data.csv"):
        path.chmod(0o777)
    box = backend.sandbox.open(backend.spec(dataset=tmp_path))
    try:
        where = box.dataset_path
        assert python(box, f"print(open({where + '/data.csv'!r}).read())").stdout == "1,2\n\n"
        for code in (f"open({where + '/data.csv'!r}, 'a')", f"open({where + '/new'!r}, 'w')"):
            assert "Read-only file system" in python(box, code).stderr
    finally:
        box.close()
    assert [p.name for p in tmp_path.iterdir()] == ["data.csv"]


def test_a_box_without_a_dataset_has_no_path_to_one(box):
    assert box.dataset_path is None


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


def test_reaping_removes_what_another_process_left_of_this_run_and_nothing_else(backend):
    dead, mine = backend.another(), backend.sandbox
    runs = [secrets.token_hex(4) for _ in range(2)]
    kept = mine.open(backend.spec(run=runs[0]))
    left = [dead.open(backend.spec(run=run)) for run in runs]
    orphan(backend, left)
    try:
        assert mine.reap(runs[0]) == 1
        assert mine.reap(runs[0]) == 0
        assert python(kept, "print(1)").stdout == "1\n"
        assert mine.reap(runs[1]) == 1
    finally:
        kept.close()
        dead.close()


def orphan(backend, boxes) -> None:
    """Make boxes look as if their curie had died: a process box is named after its owner's id."""
    if backend.name == "docker":
        return
    for folder in (backend.state / "boxes").glob("*/*"):
        if folder.name in [box.id for box in boxes]:
            folder.rename(folder.with_name("4194305-" + folder.name))


def test_closing_the_sandbox_leaves_nothing_behind(backend):
    sandbox = backend.another()
    run = secrets.token_hex(4)
    spec = backend.spec(run=run)
    mark = secrets.token_hex(12)
    try:
        sandbox.expect(spec, 3)
        box = sandbox.open(spec)
        python(box, DAEMON, mark)
    finally:
        sandbox.close()
    assert eventually(lambda: not marked(mark))
    assert backend.sandbox.reap(run) == 0


def test_a_box_for_a_gpu_that_is_not_leased_is_refused(backend):
    with pytest.raises(SandboxUnavailable, match="GPU"):
        backend.sandbox.open(backend.spec(resources=Resources(gpus=1)))


def test_the_hostile_probe_finds_open_only_what_the_posture_says_is_open(backend):
    tried = {g.name: g for g in run_probe(backend.sandbox)}
    promised = {name: guard for name, guard, _ in GENTLE}
    on = {g.name: g.on for g in backend.sandbox.posture().guards}
    assert promised.keys() <= tried.keys()
    for name, guard in promised.items():
        if on.get(guard, True):
            assert tried[name].on, tried[name]
    for name, guard in tried.items():
        if name.endswith(("the limit", "the end")):
            assert guard.on, guard
