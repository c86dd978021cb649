"""Packages are pinned, hashed, chosen for the image's Python, and fetched once."""

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest

from curie.domain.errors import SandboxUnavailable, UsageError
from curie.sandbox.packages import HOST_PYTHON, Target, install, pins

HOST = Target(python=HOST_PYTHON)


def requirements(folder: Path, text: str) -> Path:
    path = folder / "requirements.txt"
    path.write_text(text)
    return path


def wheel(folder: Path, name: str, tag: str = "py3-none-any", text: str = "X = 1\n") -> str:
    """A real wheel of one module; its SHA-256."""
    files = {
        f"{name}.py": text,
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = "".join(
        f"{path},sha256={_record_hash(content)},{len(content)}\n" for path, content in files.items()
    )
    files[f"{name}-1.0.dist-info/RECORD"] = record + f"{name}-1.0.dist-info/RECORD,,\n"
    path = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record_hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """pip looks for wheels in this folder and nowhere else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_universal_lock_is_read_with_its_markers_for_the_target(tmp_path):
    path = requirements(
        tmp_path,
        "# made by a tool\n"
        "zeta==2.0 ; sys_platform == 'linux' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "    # via somebody\n"
        "alpha==1.5 \\\n    --hash=sha256:cc\n"
        "other==3.0 ; sys_platform == 'win32' --hash=sha256:dd\n"
        "old==1.0 ; python_full_version < '3.12' --hash=sha256:ee\n"
        "new==2.0 ; python_full_version >= '3.12' --hash=sha256:ff\n",
    )
    by_python = {
        python: [(p.package.name, p.package.version) for p in pins(path, Target(python=python))]
        for python in ("3.11", "3.13")
    }
    assert by_python["3.11"] == [("alpha", "1.5"), ("old", "1.0"), ("zeta", "2.0")]
    assert by_python["3.13"] == [("alpha", "1.5"), ("new", "2.0"), ("zeta", "2.0")]


@pytest.mark.parametrize(
    "line", ["numpy>=2 --hash=sha256:aa", "numpy --hash=sha256:aa", "numpy==2.0", "numpy==2.*"]
)
def test_a_package_that_is_not_pinned_and_hashed_is_refused(tmp_path, line):
    with pytest.raises(UsageError, match="pinned with == and hashed"):
        pins(requirements(tmp_path, line + "\n"), HOST)


def test_a_line_that_is_no_requirement_is_refused(tmp_path):
    with pytest.raises(UsageError, match="-r other"):
        pins(requirements(tmp_path, "-r other.txt --hash=sha256:aa\n"), HOST)


def test_no_requirements_make_an_empty_folder(tmp_path):
    folder = install(tmp_path / "requirements.txt", HOST, tmp_path / "cache")
    assert list(folder.iterdir()) == []


def test_a_wheel_is_fetched_checked_and_found_again_without_an_index(tmp_path, index):
    digest = wheel(index, "tinypkg")
    path = requirements(tmp_path, f"tinypkg==1.0 --hash=sha256:{digest}\n")
    folder = install(path, HOST, tmp_path / "cache")
    assert (folder / "tinypkg.py").read_text() == "X = 1\n"
    (index / "tinypkg-1.0-py3-none-any.whl").unlink()
    assert install(path, HOST, tmp_path / "cache") == folder


def test_a_wheel_with_another_hash_is_refused_and_leaves_nothing(tmp_path, index):
    wheel(index, "tinypkg")
    path = requirements(tmp_path, f"tinypkg==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SandboxUnavailable, match="pip could not fetch"):
        install(path, HOST, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_wheels_are_chosen_for_the_images_python_and_glibc(tmp_path, index):
    import platform

    arch = platform.machine()
    digests = [
        wheel(index, "native", f"cp311-cp311-manylinux_2_{glibc}_{arch}", f"GLIBC = {glibc}\n")
        for glibc in (17, 39)
    ]
    hashes = " ".join(f"--hash=sha256:{d}" for d in digests)
    path = requirements(tmp_path, f"native==1.0 {hashes}\n")
    folder = install(path, Target(python="3.11", glibc_minor=36), tmp_path / "cache")
    assert (folder / "native.py").read_text() == "GLIBC = 17\n"


def test_other_pins_and_other_targets_have_other_folders(tmp_path, index):
    digest = wheel(index, "tinypkg")
    path = requirements(tmp_path, f"tinypkg==1.0 --hash=sha256:{digest}\n")
    folders = {
        install(path, HOST, tmp_path / "cache"),
        install(path, Target(python="3.11", glibc_minor=36), tmp_path / "cache"),
        install(tmp_path / "none.txt", HOST, tmp_path / "cache"),
    }
    assert len(folders) == 3
