"""The base image: Python on Debian, pulled by digest, or made here where no registry answers."""

import hashlib
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker.errors
import requests.exceptions
from docker.client import DockerClient

from curie.domain.errors import SandboxUnavailable
from curie.sandbox.manifest import shipped_folder
from curie.sandbox.packages import Target


@dataclass(frozen=True)
class Source:
    """An image in a registry, by content."""

    repository: str
    digest: str

    def __str__(self) -> str:
        return f"{self.repository}@{self.digest}"


PINNED = Source("python", "sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b")
"""python:3.11-slim-bookworm on Docker Hub."""

IMAGE_TARGET = Target(python="3.11", glibc_minor=36)
"""Python and glibc of Debian 12, in the pulled base and in the one that is made here."""

FIRST_WORD_S = 6.0
"""How long a registry may take to say that it has the image."""
STALL_S = 90.0
"""How long a download may stand still."""
DEBOOTSTRAP_LIMIT_S = 1200.0

Say = Callable[[str], None]

_Words = queue.Queue[dict[str, Any] | str | None]
"""What the engine says of a download: events, at last a problem or None."""


@dataclass(frozen=True)
class Base:
    """A base image that is on the engine."""

    id: str
    """The engine's content digest of it."""
    origin: str
    """`python@sha256:…` or `debootstrap …`: what it was made from."""


def explain_base() -> str:
    """What `ensure_base` will do, for people."""
    return (
        f"The base image is pulled as {str(PINNED)[:26]}…; where no registry answers "
        f"within {FIRST_WORD_S:.0f} s it is made from Debian 12 packages with debootstrap (about a "
        "minute, needs root). It is made once; trials never see a network."
    )


def ensure_base(client: DockerClient, say: Say, source: Source = PINNED) -> Base:
    """The base image, found, pulled or made. SandboxUnavailable says what is missing."""
    script = shipped_folder() / "base" / "debootstrap.sh"
    recipes = (
        (str(source), _tag(str(source).encode())),
        ("debootstrap bookworm minbase", _tag(script.read_bytes())),
    )
    for origin, tag in recipes:
        found = _image_id(client, tag)
        if found:
            return Base(id=found, origin=origin)
    (pulled, pulled_tag), (made, made_tag) = recipes
    say(f"looking for {str(source)[:26]}… in the registry")
    problem = pull(client, source, pulled_tag)
    if problem is None:
        return Base(id=_require(client, pulled_tag), origin=pulled)
    say(f"no registry ({problem}); making the base image from Debian packages, about a minute")
    _debootstrap(client, script, made_tag)
    return Base(id=_require(client, made_tag), origin=made)


def _tag(recipe: bytes) -> str:
    return f"curie-base:{hashlib.sha256(recipe).hexdigest()[:16]}"


def _image_id(client: DockerClient, tag: str) -> str | None:
    try:
        return client.images.get(tag).id
    except docker.errors.ImageNotFound:
        return None


def _require(client: DockerClient, tag: str) -> str:
    found = _image_id(client, tag)
    if found is None:
        raise SandboxUnavailable(f"{tag}: the engine lost the image just made; try again")
    return found


def pull(
    client: DockerClient, source: Source, tag: str, *, first_word_s: float = FIRST_WORD_S
) -> str | None:
    """Pull and tag an image; None when done, else why it could not be."""
    words: _Words = queue.Queue()

    # A daemon thread: an engine that never answers must not keep the program alive.
    threading.Thread(target=_listen, args=(client, source, words), daemon=True).start()
    patience_s = first_word_s
    while True:
        try:
            word = words.get(timeout=patience_s)
        except queue.Empty:
            return f"it said nothing for {patience_s:.0f} s"
        if word is None:
            repository, _, version = tag.partition(":")
            client.api.tag(str(source), repository, version)
            return None
        problem = word if isinstance(word, str) else str(word.get("error", ""))
        if problem:
            return _short(problem)
        patience_s = STALL_S


def _listen(client: DockerClient, source: Source, words: _Words) -> None:
    try:
        for word in client.api.pull(source.repository, tag=source.digest, stream=True, decode=True):
            words.put(word)
        words.put(None)
    except docker.errors.APIError as error:
        words.put(str(error.explanation or error))
    except requests.exceptions.RequestException as error:
        words.put(str(error))


def _short(problem: str) -> str:
    return problem.strip().splitlines()[-1][:160] if problem.strip() else "no reason given"


def _debootstrap(client: DockerClient, script: Path, tag: str) -> None:
    """Run the script and hand its tar to the engine."""
    if shutil.which("debootstrap") is None:
        raise SandboxUnavailable(
            "no image registry is reachable and debootstrap is not installed, so there is no base "
            "image; install it (`apt-get install debootstrap`) or make the registry reachable"
        )
    if os.geteuid() != 0:
        raise SandboxUnavailable(
            "no image registry is reachable, and making the base image from Debian packages needs "
            "root; run `sudo curie sandbox build` once, or make the registry reachable"
        )
    with tempfile.TemporaryDirectory(prefix="curie-base-") as scratch:
        tar = Path(scratch) / "root.tar"
        with tar.open("wb") as out:
            made = _run_script(script, Path(scratch), out)
        if made.returncode != 0:
            tail = b"\n".join(made.stderr.splitlines()[-8:]).decode(errors="replace")
            raise SandboxUnavailable(
                f"debootstrap failed; is a Debian mirror reachable (CURIE_DEBIAN_MIRROR names "
                f"another one)?\n{tail}"
            )
        client.api.import_image_from_file(str(tar), *tag.split(":"))


def _run_script(script: Path, scratch: Path, out: Any) -> subprocess.CompletedProcess[bytes]:
    words = ["/bin/sh", str(script), str(scratch)]
    mirror = os.environ.get("CURIE_DEBIAN_MIRROR")
    try:
        return subprocess.run(
            [*words, mirror] if mirror else words,
            stdout=out,
            stderr=subprocess.PIPE,
            timeout=DEBOOTSTRAP_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SandboxUnavailable(
            f"debootstrap took longer than {error.timeout:.0f} s; is the Debian mirror slow?"
        ) from error
