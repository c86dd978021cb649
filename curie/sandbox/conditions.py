"""Under what a box runs a trial: what is recorded, so that arms can be compared."""

from collections.abc import Mapping
from typing import Any

from curie.domain.outcome import Conditions
from curie.domain.setup import tree_sha256
from curie.sandbox.box import BoxSpec

CONFIG = "config.json"
"""The one file that differs between trials; the others are the program."""

_MIB = 2**20


def spec_conditions(spec: BoxSpec, files: Mapping[str, str], *, network: str) -> Conditions:
    """What a backend without an engine of its own gives: the limits that it was told to keep.

    `files` are those that were put in, by path, with the SHA-256 of their content.
    """
    return Conditions(
        image=spec.image.digest,
        program_sha256=program_sha256(files),
        cpus=spec.resources.cpus,
        memory_mib=spec.resources.memory_mib,
        pids=spec.resources.pids,
        time_limit_s=spec.time_limit_s,
        network=network,
        gpus=len(spec.devices),
    )


def engine_conditions(
    container: Mapping[str, Any], files: Mapping[str, str], *, time_limit_s: float
) -> Conditions:
    """What an engine says of a container, from its answer to `inspect`."""
    limits = container["HostConfig"]
    devices = limits.get("DeviceRequests") or ()
    return Conditions(
        image=container["Image"],
        program_sha256=program_sha256(files),
        cpus=limits["NanoCpus"] / 1e9,
        memory_mib=limits["Memory"] / _MIB,
        pids=limits.get("PidsLimit") or 0,
        time_limit_s=time_limit_s,
        network=limits["NetworkMode"],
        gpus=sum(len(d.get("DeviceIDs") or ()) for d in devices),
    )


def program_sha256(files: Mapping[str, str]) -> str:
    """One hash over the files of a box, but for the config."""
    return tree_sha256((path, sha) for path, sha in files.items() if path != CONFIG)
