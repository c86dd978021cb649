"""Which sandbox is used, and what is said about it."""

import pytest

from curie.domain.errors import SandboxUnavailable
from curie.sandbox.backends import engine_status, open_sandbox


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_auto_uses_processes_and_says_why(tmp_path):
    said = []
    sandbox = open_sandbox("auto", state=tmp_path / "state", workers=1, say=said.append)
    sandbox.close()
    assert sandbox.posture().backend == "process"
    assert len(said) == 1
    assert "no Docker engine answers" in said[0]


@pytest.mark.usefixtures("no_engine")
def test_docker_asked_for_without_an_engine_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(SandboxUnavailable, match="--sandbox process"):
        open_sandbox("docker", state=tmp_path, workers=1, say=print)


@pytest.mark.usefixtures("no_engine")
def test_the_doctor_is_told_that_no_engine_answers():
    status = engine_status()
    assert not status.ok
    assert "nothing.sock" in status.detail
    assert status.fix


@pytest.mark.docker
def test_with_an_engine_auto_uses_it(tmp_path):
    sandbox = open_sandbox("auto", state=tmp_path, workers=1, say=print)
    try:
        assert sandbox.posture().backend == "docker"
    finally:
        sandbox.close()
    assert engine_status().ok
