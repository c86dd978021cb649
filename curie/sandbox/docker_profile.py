"""The hardened profile: what every container gets, and what of it this engine enforces."""

from typing import Any

from docker.client import DockerClient
from docker.types import DeviceRequest, Mount, Ulimit

from curie.domain.errors import SandboxUnavailable
from curie.domain.setup import Guard, Posture
from curie.sandbox.box import BoxSpec

UID = 10001
TRIAL = "/trial"
DATASET = "/dataset"
TMP_MIB = 64
SHM_MIB = 64
MAX_OPEN_FILES = 1024
LIFETIME_S = 24 * 3600
"""A container ends by itself after this, should nobody be left to remove it."""

_MIB = 1024 * 1024


def container_options(spec: BoxSpec, *, environment: dict[str, str]) -> dict[str, Any]:
    """Arguments of the engine's create call, but for host config, name and labels."""
    return {
        "image": spec.image.digest,
        "command": ["sleep", str(LIFETIME_S)],
        "user": f"{UID}:{UID}",
        "working_dir": TRIAL,
        "environment": environment,
        "hostname": "box",
        "network_disabled": True,
    }


def host_options(spec: BoxSpec) -> dict[str, Any]:
    """Arguments of the host config. SandboxUnavailable if a GPU is asked for but not leased.

    Files in the box's folders are memory: they count against the memory limit as well.
    """
    limits = spec.resources
    memory = limits.memory_mib * _MIB
    tmpfs = f"rw,nosuid,nodev,noexec,uid={UID},gid={UID}"
    return {
        "network_mode": "none",
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "read_only": True,
        "tmpfs": {
            TRIAL: f"{tmpfs},mode=0700,size={limits.disk_mib}m",
            "/tmp": f"{tmpfs},mode=1777,size={TMP_MIB}m",  # noqa: S108 - inside the container
        },
        "mem_limit": memory,
        "memswap_limit": memory,
        "nano_cpus": int(limits.cpus * 1e9),
        "pids_limit": limits.pids,
        "init": True,
        "ipc_mode": "private",
        "shm_size": SHM_MIB * _MIB,
        "ulimits": [
            Ulimit(name="nofile", soft=MAX_OPEN_FILES, hard=MAX_OPEN_FILES),
            Ulimit(name="core", soft=0, hard=0),
        ],
        "log_config": {"type": "none"},
        "mounts": _mounts(spec),
        "device_requests": _devices(spec),
    }


def _mounts(spec: BoxSpec) -> list[Mount]:
    if spec.dataset is None:
        return []
    return [Mount(DATASET, str(spec.dataset.resolve()), type="bind", read_only=True)]


def _devices(spec: BoxSpec) -> list[DeviceRequest]:
    if spec.resources.gpus == 0:
        return []
    if len(spec.devices) != spec.resources.gpus:
        raise SandboxUnavailable(
            f"a box of this system needs {spec.resources.gpus} GPU(s), but {len(spec.devices)} "
            "are leased to it; `curie doctor` lists the GPUs of this machine"
        )
    return [
        DeviceRequest(device_ids=list(spec.devices), capabilities=[["gpu", "compute", "utility"]])
    ]


def docker_posture(client: DockerClient) -> Posture:
    """What the engine enforces, by its own account; the probe (`doctor --sandbox`) tries it."""
    facts = client.info()
    versions = client.version()
    runc = next(
        (c["Version"] for c in versions.get("Components", ()) if c["Name"] == "runc"), "unknown"
    )
    security = " ".join(facts.get("SecurityOptions") or ())
    return Posture(
        backend="docker",
        engine=f"Docker {facts['ServerVersion']}, runc {runc}, kernel {facts['KernelVersion']}",
        guards=(*fixed_guards(), *engine_guards(facts, security)),
    )


def fixed_guards() -> tuple[Guard, ...]:
    """What every container gets, whatever the engine."""
    return (
        Guard(name="network", on=True, detail="no interface but loopback, no DNS"),
        Guard(name="host files", on=True, detail="own read-only root; only /trial, /tmp writable"),
        Guard(name="privileges", on=True, detail=f"user {UID}, no capabilities, no new privileges"),
        Guard(name="processes", on=True, detail="own process and IPC namespaces, init reaps"),
        Guard(name="secrets", on=True, detail="none of the host's environment is passed in"),
        Guard(name="disk limit", on=True, detail="sized tmpfs for /trial, /tmp and /dev/shm"),
        Guard(name="time limit", on=True, detail="inside and outside; the container is killed"),
        Guard(name="devices", on=True, detail="the engine's harmless ones, and leased GPUs"),
        Guard(name="cpu share", on=True, detail="as many cores as the manifest says, by quota"),
    )


def engine_guards(facts: dict[str, Any], security: str) -> tuple[Guard, ...]:
    """What hangs on the engine and its kernel, from the engine's own facts."""
    memory = bool(facts.get("MemoryLimit"))
    swap = bool(facts.get("SwapLimit"))
    pids = bool(facts.get("PidsLimit"))
    seccomp = "name=seccomp" in security and "unconfined" not in security
    mapped = "name=userns" in security or "name=rootless" in security
    return (
        Guard(name="memory limit", on=memory, detail=_cgroup(memory, facts)),
        Guard(name="swap limit", on=swap, detail="no swap" if swap else "the kernel counts none"),
        Guard(name="process limit", on=pids, detail=_cgroup(pids, facts)),
        Guard(
            name="system calls",
            on=seccomp,
            detail="the engine's default seccomp profile" if seccomp else "no seccomp profile",
        ),
        Guard(
            name="user remapping",
            on=mapped,
            detail="root in a container is nobody on the host"
            if mapped
            else "root in a container would be root on the host; nothing here runs as root "
            "(userns-remap or a rootless engine would add this layer)",
        ),
    )


def _cgroup(on: bool, facts: dict[str, Any]) -> str:
    version = facts.get("CgroupVersion", "1")
    return f"cgroup v{version}" if on else f"cgroup v{version} of this kernel lacks it"
