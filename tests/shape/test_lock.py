"""The lock files are what `make lock` would write: complete, hashed, and naming no host."""

import re
import tomllib
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shape.sources import ROOT

LOCKS = ("product", "dev")


def lines(lock: str) -> list[str]:
    text = (ROOT / ".lock" / f"{lock}.txt").read_text(encoding="utf-8")
    return text.replace("\\\n", " ").splitlines()


@cache
def pins(lock: str) -> dict[str, set[str]]:
    """The versions of every package; several where they depend on the Python."""
    found: dict[str, set[str]] = {}
    for line in lines(lock):
        requirement = Requirement(line.split(" --hash")[0])
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        found.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return found


def wanted(lock: str) -> list[Requirement]:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = whole["project"]["dependencies"] + whole["build-system"]["requires"]
    if lock == "dev":
        asked += whole["dependency-groups"]["dev"]
    return [Requirement(text) for text in asked]


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_that_the_project_asks_for_is_locked_at_a_fitting_version(lock: str) -> None:
    unmet = [
        str(want)
        for want in wanted(lock)
        if not all(want.specifier.contains(v) for v in pins(lock)[canonicalize_name(want.name)])
    ]
    assert unmet == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_held_by_hashes_of_its_files(lock: str) -> None:
    hashed = re.compile(r"^[A-Za-z0-9._-]+==\S+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+$")
    assert [line for line in lines(lock) if not hashed.match(line)] == []


def test_the_environment_for_changes_holds_that_for_use_at_the_same_versions() -> None:
    differing = {name: v for name, v in pins("product").items() if pins("dev").get(name) != v}
    assert differing == {}


def test_nobody_has_to_download_gigabytes() -> None:
    heavy = {"torch", "tensorflow", "jax", "ray"}
    assert heavy & (pins("dev").keys() | pins("product").keys()) == set()
