"""Under what a box runs a trial: what is recorded, so that arms can be compared."""

import hashlib
from collections.abc import Mapping
from typing import Any

from curie.domain.outcome import Conditions
from curie.domain.setup import tree_sha256
from curie.sandbox.box import BoxSpec

CONFIG = "config.json"
"""The one file that differs between trials; the others are the program."""

_MIB = 2**20


class Inventory:
    """What was put into a box."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self.config = ""
        """config.json as it was put in last."""

    def add(self, path: str, content: bytes) -> None:
        """Take note of a file."""
        if path == CONFIG:
            self.config = content.decode(errors="replace")
        else:
            self._files[path] = hashlib.sha256(content).hexdigest()

    @property
    def program_sha256(self) -> str:
        """One hash over the files, but for the config."""
        return tree_sha256(self._files.items())


def spec_conditions(spec: BoxSpec, inventory: Inventory, *, network: str) -> Conditions:
    """What a backend without an engine of its own gives: the limits that it was told to keep."""
    return Conditions(
        image=spec.image.digest,
        program_sha256=inventory.program_sha256,
        config=inventory.config,
        cpus=spec.resources.cpus,
        memory_mib=spec.resources.memory_mib,
        pids=spec.resources.pids,
        time_limit_s=spec.time_limit_s,
        network=network,
        gpus=len(spec.devices),
    )


def engine_conditions(
    container: Mapping[str, Any], inventory: Inventory, *, time_limit_s: float
) -> Conditions:
    """What an engine says of a container, from its answer to `inspect`."""
    limits = container["HostConfig"]
    devices = limits.get("DeviceRequests") or ()
    return Conditions(
        image=container["Image"],
        program_sha256=inventory.program_sha256,
        config=inventory.config,
        cpus=limits["NanoCpus"] / 1e9,
        memory_mib=limits["Memory"] / _MIB,
        pids=limits.get("PidsLimit") or 0,
        time_limit_s=time_limit_s,
        network=limits["NetworkMode"],
        gpus=sum(len(d.get("DeviceIDs") or ()) for d in devices),
    )
