"""What a program in a box cannot see or touch, and what a box leaves behind."""

import secrets
from pathlib import Path

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.sandbox.probe import marked, run_probe
from sandboxes.probe.attempts import GENTLE
from tests.conformance.commands import DAEMON, eventually, python


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
