"""What goes into an image: plain files, identified by content."""

import os

import pytest

from curie.domain.errors import UsageError
from curie.domain.system import Resources
from curie.sandbox import staging
from curie.sandbox.staging import environment, stage, system_files, tree_digest


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mine"
    (folder / "sub").mkdir(parents=True)
    (folder / "__main__.py").write_text("print(1)\n")
    (folder / "sub" / "part.py").write_text("X = 1\n")
    return folder


def test_the_contract_and_the_system_are_staged_under_the_systems_name(folder, tmp_path):
    stage("another_name", folder, tmp_path / "context")
    sandboxes = tmp_path / "context" / "sandboxes"
    assert (sandboxes / "another_name" / "sub" / "part.py").read_text() == "X = 1\n"
    assert (sandboxes / "contract" / "__init__.py").is_file()
    assert sorted(p.name for p in sandboxes.iterdir()) == [
        "__init__.py",
        "another_name",
        "contract",
    ]


def test_hidden_and_compiled_files_stay_out(folder):
    before = system_files(folder)
    (folder / ".env").write_text("KEY=1")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert system_files(folder) == before


def test_the_digest_follows_content_and_names_and_nothing_else(folder):
    first = tree_digest(folder)
    os.utime(folder / "__main__.py", (1, 1))
    assert tree_digest(folder) == first
    (folder / "__main__.py").write_text("print(2)\n")
    second = tree_digest(folder)
    (folder / "__main__.py").rename(folder / "other.py")
    assert len({first, second, tree_digest(folder)}) == 3


@pytest.mark.parametrize("kind", ["link", "linked folder", "pipe"])
def test_links_and_special_files_are_refused(folder, kind):
    if kind == "pipe":
        os.mkfifo(folder / "odd")
    else:
        (folder / "odd").symlink_to("/etc/passwd" if kind == "link" else "/etc")
    with pytest.raises(UsageError, match="odd"):
        system_files(folder)


def test_a_folder_with_a_giant_file_is_refused_without_reading_it(folder):
    with (folder / "data.bin").open("wb") as file:
        file.truncate(staging.MAX_TOTAL_BYTES + 1)
    with pytest.raises(UsageError, match="--dataset"):
        system_files(folder)


def test_numeric_libraries_use_as_many_threads_as_the_box_has_cores():
    for cpus, threads in ((0.5, "1"), (1.0, "1"), (2.0, "2"), (2.7, "2")):
        names = environment(Resources(cpus=cpus), root="/opt", path="/bin")
        assert names["OMP_NUM_THREADS"] == threads
