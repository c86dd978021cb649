"""The image of a system: its Dockerfile over the base, named by the hash of what goes in."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import docker.errors
from docker.client import DockerClient

from curie.domain.errors import SandboxUnavailable
from curie.domain.setup import Image
from curie.domain.system import System
from curie.sandbox.docker_base import IMAGE_TARGET, Base, Say
from curie.sandbox.manifest import shipped_folder
from curie.sandbox.packages import folder_key, install, pins
from curie.sandbox.staging import stage, tree_digest

_RECIPE_VERSION = "1"
_SILENCE_LIMIT_S = 1800
"""How long one step of a Dockerfile may say nothing."""


def build_image(
    client: DockerClient, base: Base, system: System, folder: Path, *, cache: Path, say: Say
) -> Image:
    """Build the image, or find it: equal content has an equal name and is built once.

    The context is `packages/` and `sandboxes/`; the Dockerfile is the system's own or
    `sandboxes/base/system.Dockerfile`, with the base as `ARG BASE`. SandboxUnavailable with the
    end of the build's log if it fails.
    """
    requirements = folder / "requirements.txt"
    chosen = pins(requirements, IMAGE_TARGET)
    own = folder / "Dockerfile"
    dockerfile = own if own.is_file() else shipped_folder() / "base" / "system.Dockerfile"
    with tempfile.TemporaryDirectory(prefix="curie-context-") as scratch:
        context = Path(scratch)
        stage(system.name, folder, context)
        parts = (
            _RECIPE_VERSION,
            base.id,
            dockerfile.read_text(encoding="utf-8"),
            folder_key(chosen, IMAGE_TARGET),
            tree_digest(context),
        )
        tag = f"curie-{system.name}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"
        digest = _found(client, tag)
        if digest is None:
            say(f"building the image of {system.name}")
            packages = install(requirements, IMAGE_TARGET, cache)
            shutil.copytree(packages, context / "packages", copy_function=_link)
            shutil.copyfile(dockerfile, context / "Dockerfile")
            digest = _build(client, context, base, tag)
    return Image(
        name=tag,
        digest=digest,
        base=base.origin,
        packages=tuple(pin.package for pin in chosen),
        python=IMAGE_TARGET.python,
    )


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)
    return target


def _found(client: DockerClient, tag: str) -> str | None:
    try:
        return client.images.get(tag).id
    except docker.errors.ImageNotFound:
        return None


def _build(client: DockerClient, context: Path, base: Base, tag: str) -> str:
    log: list[str] = []
    for event in client.api.build(
        path=str(context),
        tag=tag,
        buildargs={"BASE": base.id},
        labels={"app": "curie"},
        timeout=_SILENCE_LIMIT_S,
        rm=True,
        forcerm=True,
        decode=True,
    ):
        log += _lines(event)
        if "error" in event:
            tail = "".join(log)[-2000:]
            raise SandboxUnavailable(
                f"the image {tag} could not be built; mend its Dockerfile or requirements.txt and "
                f"run `curie sandbox build` again\n{tail}"
            )
    digest = _found(client, tag)
    if digest is None:
        raise SandboxUnavailable(f"the engine built {tag} but does not have it; try again")
    return digest


def _lines(event: dict[str, Any]) -> list[str]:
    return [str(event[key]) for key in ("stream", "error") if key in event]
