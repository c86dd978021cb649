"""The Docker backend: hardened containers of images that are built once and see no network."""

import os
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import docker
import docker.errors
import requests.exceptions
from docker.client import DockerClient

from curie.domain.errors import SandboxUnavailable
from curie.domain.setup import Image, Posture
from curie.domain.system import System
from curie.sandbox.box import BoxSpec
from curie.sandbox.docker_base import Base, ensure_base
from curie.sandbox.docker_box import DockerBox, engine_errors, engine_quiet
from curie.sandbox.docker_image import build_image
from curie.sandbox.docker_profile import container_options, docker_posture, host_options
from curie.sandbox.pool import Pool
from curie.sandbox.staging import IMAGE_ROOT, environment

CONNECT_LIMIT_S = 5
_CALL_LIMIT_S = 120
_PATH = "/usr/local/bin:/usr/bin:/bin"
APP = "curie"


def connect() -> DockerClient:
    """A client of the engine that `docker` would use. SandboxUnavailable says why there is none."""
    try:
        _knock()
        client = docker.from_env(timeout=CONNECT_LIMIT_S, max_pool_size=64)
    except (docker.errors.DockerException, OSError) as error:
        raise SandboxUnavailable(_no_engine(error)) from error
    try:
        client.ping()
    except (docker.errors.DockerException, requests.exceptions.RequestException) as error:
        client.close()
        raise SandboxUnavailable(_no_engine(error)) from error
    client.api.timeout = _CALL_LIMIT_S
    return client


def _where() -> str:
    return os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")


def _knock() -> None:
    """OSError if nobody listens at a local socket, which docker-py would then leave open."""
    kind, _, path = _where().partition("://")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(CONNECT_LIMIT_S)
            door.connect(path)


def _no_engine(error: Exception) -> str:
    return (
        f"no Docker engine answers at {_where()} ({str(error)[:160]}); start one (`systemctl start "
        "docker`), be in the group docker, or use --sandbox process"
    )


class DockerSandbox:
    """Makes boxes that are containers. One per process; close it."""

    def __init__(
        self, client: DockerClient, *, state: Path, workers: int, say: Callable[[str], None]
    ) -> None:
        self._client = client
        self._cache = state / "packages"
        self._say = say
        self._owner = secrets.token_hex(8)
        self._base: Base | None = None
        self._base_lock = threading.Lock()
        self._pool = Pool(self._make, self._remove, size=workers + 1)

    def posture(self) -> Posture:
        """What the engine protects from, by its own account."""
        with engine_errors("the engine"):
            return docker_posture(self._client)

    def base(self) -> Base:
        """The base image; the first call may pull or make it."""
        with self._base_lock, engine_errors("the base image"):
            if self._base is None:
                self._base = ensure_base(self._client, self._say)
            return self._base

    def build(self, system: System, folder: Path) -> Image:
        """Make, or find, the image of a system."""
        base = self.base()
        with engine_errors(f"the image of {system.name}"):
            return build_image(self._client, base, system, folder, cache=self._cache, say=self._say)

    def open(self, spec: BoxSpec) -> DockerBox:
        """A fresh container: one from the pool, or one made now."""
        return self._pool.take(spec)

    def expect(self, spec: BoxSpec, boxes: int) -> None:
        """Begin to keep containers of this spec ready."""
        self._pool.expect(spec, boxes)

    def ready(self, spec: BoxSpec) -> int:
        """How many containers of this spec are ready now."""
        return self._pool.ready(spec)

    def reap(self, run: str) -> int:
        """Remove containers of this run that another process left behind."""
        self._pool.settle()
        with engine_errors(f"containers of run {run}"):
            found = self._labelled(f"run={run}")
            mine = set(self._labelled(f"run={run}", f"owner={self._owner}"))
            left = [container for container in found if container not in mine]
            for container in left:
                self._remove(container)
        return len(left)

    def close(self) -> None:
        """Remove every container that this sandbox made."""
        self._pool.close()
        with engine_quiet():
            for container in self._labelled(f"owner={self._owner}"):
                self._remove(container)
        self._client.close()

    def _labelled(self, *labels: str) -> list[str]:
        wanted = {"label": [f"app={APP}", *labels]}
        found = self._client.api.containers(all=True, filters=wanted)
        return [str(container["Id"]) for container in found]

    def _make(self, spec: BoxSpec) -> DockerBox:
        api = self._client.api
        inner = environment(spec.resources, root=IMAGE_ROOT, path=_PATH)
        options = container_options(spec, environment=inner)
        limits = host_options(spec)
        with engine_errors(f"a box of {spec.image.name}"):
            container = api.create_container(
                **options,
                host_config=api.create_host_config(**limits),
                labels={"app": APP, "run": spec.run, "owner": self._owner},
            )["Id"]
            box = DockerBox(
                api, container, spec, lambda gone: self._pool.discard(gone, now=spec.quiet)
            )
            try:
                api.start(container)
                box.prepare()
            except BaseException:
                self._remove(container)
                raise
        return box

    def _remove(self, container: str) -> None:
        with engine_quiet():
            self._client.api.remove_container(container, force=True, v=True)
