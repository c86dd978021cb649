"""What holds for all tests: where Docker is needed, and how long an example may take."""

import os
from functools import cache

import docker
import pytest
from docker.errors import DockerException
from hypothesis import HealthCheck, settings
from requests.exceptions import RequestException

# Time says nothing about truth: a loaded machine must not fail a property.
settings.register_profile("curie", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("curie")


@cache
def missing_engine() -> str:
    """Why no Docker engine answers; empty if one does."""
    try:
        client = docker.from_env(timeout=10)
    except DockerException as error:
        return str(error)
    try:
        client.ping()
    except (DockerException, RequestException) as error:
        return str(error)
    finally:
        client.close()
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests marked `docker` without an engine; fail them with CURIE_REQUIRE_DOCKER=1."""
    if item.get_closest_marker("docker") is None or not missing_engine():
        return
    if os.environ.get("CURIE_REQUIRE_DOCKER") == "1":
        pytest.fail(f"CURIE_REQUIRE_DOCKER=1, and no engine answers: {missing_engine()}")
    pytest.skip(f"no Docker engine answers: {missing_engine()}")
