"""What every backend must do with commands and files.

A promise that a backend itself disowns in its posture is skipped.
"""

import hashlib
import os

import pytest

from curie.domain.errors import UsageError
from curie.domain.setup import SourceFile
from tests.conformance.commands import python


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
