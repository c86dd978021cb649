"""A home folder for all audits, and the command line as a person starts it."""

from pathlib import Path

import pytest

from tests.cli.conftest import curie, home

__all__ = ["curie", "home"]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests: unpacking the packages of a system takes its time."""
    return tmp_path_factory.mktemp("audit-home")


@pytest.fixture
def state(shared: Path) -> Path:
    """Where the sandbox keeps packages and boxes."""
    return shared / "sandbox"
