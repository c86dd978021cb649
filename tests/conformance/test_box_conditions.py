"""What every backend must tell of a box: what it is made of, and what outlived its command."""

import pytest

from curie.domain.setup import SourceFile, tree_sha256
from tests.conformance.commands import DAEMON, python

FILE = SourceFile(
    path="program.py",
    sha256="cc42155088fca5730758db72b2a5bca33112a941dfaa2d43098ec422ce4ea213",
    text="print(1)\n",
)
REWRITES = """
import os, time
open('result.json', 'w').write('first')
if os.fork() == 0:
    os.setsid()
    time.sleep(0.1)
    open('result.json', 'w').write('second')
    time.sleep(60)
"""


def test_a_box_says_which_image_and_which_limits_it_really_has(backend, box):
    told = box.conditions()
    limits = backend.system.resources
    assert told.image == backend.image.digest
    assert (told.cpus, told.memory_mib, told.pids) == (
        limits.cpus,
        limits.memory_mib,
        limits.pids,
    )
    assert told.time_limit_s == backend.spec().time_limit_s
    assert (told.network == "none") == backend.protects("network")
    assert told.gpus == 0


def test_boxes_of_one_spec_have_equal_conditions_and_those_of_another_spec_have_not(backend):
    limits = backend.system.resources
    other = limits.but(memory_mib=limits.memory_mib + 64)
    boxes = [backend.sandbox.open(backend.spec(resources=r)) for r in (other, limits, limits)]
    try:
        roomy, one, two = (box.conditions() for box in boxes)
    finally:
        for box in boxes:
            box.close()
    assert one == two
    assert roomy.memory_mib == one.memory_mib + 64


def test_the_program_of_a_box_is_known_by_what_was_put_in_and_the_config_is_no_part(backend):
    box = backend.sandbox.open(backend.spec(files=(FILE,)))
    try:
        alone = box.conditions().program_sha256
        box.write("config.json", b"{}")
        assert box.conditions().program_sha256 == alone
        assert box.conditions().config == "{}"
        box.write("program.py", b"print(2)\n")
        assert box.conditions().program_sha256 != alone
    finally:
        box.close()
    assert alone == tree_sha256([("program.py", FILE.sha256)])


def test_a_command_that_ends_with_all_it_started_leaves_nothing(box):
    ran = python(box, "import os; pid = os.fork(); pid and os.wait()")
    assert not ran.left
    assert not ran.rewritten


def test_what_ends_a_moment_later_by_itself_is_not_left_behind(box):
    ran = python(box, "import os, time; os.fork() or time.sleep(0.05)")
    assert not ran.left


def test_a_command_that_leaves_a_process_behind_is_found_out(box):
    ran = python(box, DAEMON)
    if ran.left is None:
        pytest.skip("this engine's control groups cannot be read from here")
    assert ran.left >= 1


def test_what_changes_a_file_after_the_command_ended_is_found_out_or_was_still_running(box):
    ran = python(box, REWRITES)
    assert ran.rewritten or ran.left or ran.left is None
