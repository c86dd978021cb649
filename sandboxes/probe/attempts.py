"""What the probe tries. Each attempt is a function that says what it got away with, or nothing.

All are bounded and harmless where they succeed: nothing is deleted, changed or sent, so that the
probe may run in a sandbox that stops none of them.
"""

import ctypes
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

METADATA = ("169.254.169.254", 80)
NAME = "example.com"
SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock")
WRITABLE = ("/", "/etc", "/usr", "/usr/local/bin", "/opt", "/var", "/home", "/root")
FORKS = 300
MIB = 2**20
CLONE_NEWUSER = 0x10000000
SECRET_WORDS = ("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL")

Attempt = Callable[[], str]


def names() -> str:
    """Resolve a public name."""
    try:
        return f"resolved {NAME} to {socket.gethostbyname(NAME)}"
    except OSError:
        return ""


def metadata() -> str:
    """Reach the address where clouds hand out credentials, or any interface with a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        try:
            out.connect(METADATA)  # chooses a route, sends nothing
        except OSError:
            return ""
        return f"has a route to {METADATA[0]} from {out.getsockname()[0]}"


def raw_socket() -> str:
    """Open a raw socket, with which packets can be forged."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
            return "opened a raw socket"
    except OSError:
        return ""


def write_outside() -> str:
    """Make a file in folders of the system (and remove it again)."""
    got = []
    for folder in WRITABLE:
        path = f"{folder.rstrip('/')}/.curie-probe-{os.getpid()}"
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError:
            continue
        os.close(handle)
        Path(path).unlink()
        got.append(folder)
    return f"can write to {', '.join(got)}" if got else ""


def passwords() -> str:
    """Read the password file."""
    try:
        Path("/etc/shadow").read_bytes()
    except OSError:
        return ""
    return "read /etc/shadow"


def environment() -> str:
    """Find variables that look like secrets (their names only)."""
    found = sorted(name for name in os.environ if any(w in name.upper() for w in SECRET_WORDS))
    return f"sees {', '.join(found)}" if found else ""


def others_environment() -> str:
    """Read the environment of processes that are not its own."""
    mine = {os.getpid(), os.getppid()}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in mine:
            continue
        try:
            text = (entry / "environ").read_bytes()
        except OSError:
            continue
        if text and b"PYTHONHASHSEED=0" not in text:  # the box's own processes have it
            return f"read the environment of process {entry.name}"
    return ""


def first_process_root() -> str:
    """Get out of its own root through that of process 1."""
    try:
        there = Path("/proc/1/root/").stat()
    except OSError:
        return ""
    here = Path("/").stat()
    same = (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
    return "" if same else "sees another root through process 1"


def engine_socket() -> str:
    """Talk to a container engine."""
    for path in SOCKETS:
        with socket.socket(socket.AF_UNIX) as out, suppress(OSError):
            out.connect(path)
            return f"connected to {path}"
    return ""


def mount() -> str:
    """Mount a file system over a folder of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    with tempfile.TemporaryDirectory() as folder:
        if libc.mount(b"none", folder.encode(), b"tmpfs", 0, b"size=4k") != 0:
            return ""
        libc.umount2(folder.encode(), 2)
    return "mounted a tmpfs"


def user_namespace() -> str:
    """Make a user namespace, in which a program has every capability over its own."""
    child = os.fork()
    if child == 0:
        os._exit(0 if ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0 else 1)
    _, status = os.waitpid(child, 0)
    return "" if os.waitstatus_to_exitcode(status) else "made a user namespace"


def become_root() -> str:
    """Become root by setuid, or be it already."""
    if os.geteuid() == 0:
        return "runs as root"
    try:
        os.setuid(0)
    except OSError:
        return ""
    return "became root"


def fork_many() -> str:
    """Start children up to a bound; each sleeps a moment and ends."""
    children = []
    for _ in range(FORKS):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            time.sleep(2.0)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return f"started {len(children)} children at once" if len(children) == FORKS else ""


def fill_memory(limit_mib: int) -> str:
    """Hold more memory than the box has, in a child of its own."""
    want = limit_mib + limit_mib // 2 + 64
    code = f"b = bytearray({want} * {MIB}); b[::4096] = b'x' * len(b[::4096]); print(len(b))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    return f"held {want} MiB" if done.returncode == 0 else ""


def fill_disk(limit_mib: int) -> str:
    """Write more than the box's folder may hold (and remove it again), in one file and in many."""
    paths = [Path(f"fill-{n}") for n in range(4)]
    chunk = b"x" * MIB
    written = 0
    try:
        for path in paths:
            with path.open("wb") as file, suppress(OSError):
                for _ in range(limit_mib // 3 + 2):
                    written += file.write(chunk)
                    file.flush()
        time.sleep(0.5)  # a host that looks at times needs the time to look
    finally:
        for path in paths:
            with suppress(OSError):
                path.unlink()
    return f"wrote {written // MIB} MiB" if written > limit_mib * MIB else ""


def many_files() -> str:
    """Ask for more open files than any trial needs."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return f"may open {soft} files" if soft == resource.RLIM_INFINITY or soft > 65536 else ""


def unlisted_gpu() -> str:
    """Find devices of a GPU."""
    found = sorted(str(p) for p in Path("/dev").glob("nvidia[0-9]*"))
    return f"sees {', '.join(found)}" if found else ""


GENTLE: tuple[tuple[str, str, Attempt], ...] = (
    ("dns", "network", names),
    ("metadata address", "network", metadata),
    ("raw socket", "privileges", raw_socket),
    ("write to /", "host files", write_outside),
    ("read /etc/shadow", "host files", passwords),
    ("secrets in the environment", "environment", environment),
    ("others' environment", "secrets", others_environment),
    ("/proc/1/root", "host files", first_process_root),
    ("docker.sock", "host files", engine_socket),
    ("mount", "privileges", mount),
    ("user namespace", "privileges", user_namespace),
    ("become root", "privileges", become_root),
    ("unlisted gpu", "devices", unlisted_gpu),
    ("open files", "open files", many_files),
)
"""Name, the guard of the posture that should stop it, and the attempt."""
