"""Runs one command of a process box, confined as far as this kernel allows.

A program of its own (`python -I -S launch.py JSON`), standard library only: forking and unsharing
must not happen inside curie, which has threads. The JSON is `Launch` of `process_box.py`. What
became of the command is written as JSON to the descriptor `status_fd`.

With namespaces: launcher P, which may write identity maps, forks C, which unshares and forks D,
process 1 of the new PID namespace, which makes a root of its own out of read-only binds, and forks
E, the command. When D ends, the kernel kills whatever E left behind. Without: P forks E.
"""
# pathlib would take longer to load than all the rest:
# ruff: noqa: PTH103, PTH112, PTH114, PTH115, PTH118, PTH120, PTH123, PTH211

import ctypes
import json
import os
import resource
import signal
import struct
import sys
import time
from typing import Any

CLONE_ALL = 0x10000000 | 0x00020000 | 0x40000000 | 0x20000000 | 0x08000000 | 0x04000000
"""User, mount, network, PID, IPC and host-name namespaces."""
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH, AT_RECURSIVE = 2, 0x8000
SYS_MOUNT_SETATTR = 442
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
LAST_CAPABILITY = 63
NOT_RUN = 127
DEVICES = ("null", "zero", "random", "urandom")

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *args: Any) -> None:
    """A function of the C library; OSError with the function's name when it fails."""
    if getattr(libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """The system call of that name; an empty string is a null."""
    words = [w.encode() or None for w in (source, target, kind, options)]
    call("mount", words[0], words[1], words[2], ctypes.c_ulong(flags), words[3])


def main() -> int:
    """Run the command that argv[1] describes."""
    launch = json.loads(sys.argv[1])
    status = launch["status_fd"]
    os.set_inheritable(status, False)  # noqa: FBT003 - takes no keyword
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        if launch["isolate"]:
            return isolated(launch)
        # Orphans come to this process, so that the host finds them below it.
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
        os.chdir(launch["folder"])
        supervise(launch, demote=False)
    except OSError as error:
        report(status, {"error": str(error)})
        return 1
    return 0


def isolated(launch: dict[str, Any]) -> int:
    """P: fork C, give it its identity map, and wait."""
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        guarded(launch, lambda: contained(launch, ready[1], go[0]))
    os.close(ready[1])
    if os.read(ready[0], 1):
        identity(child, launch["uid"])
        os.write(go[1], b"g")
    os.waitpid(child, 0)
    return 0


def identity(child: int, uid: int) -> None:
    """Map the box's user: to itself if root starts it, else to whoever does."""
    privileged = os.geteuid() == 0
    if not privileged:
        write_proc(child, "setgroups", "deny")
    for file, outer in (("uid_map", os.geteuid()), ("gid_map", os.getegid())):
        line = f"{uid} {outer} 1\n"
        write_proc(child, file, f"0 0 1\n{uid} {uid} 1\n" if privileged else line)


def write_proc(pid: int, file: str, text: str) -> None:
    """One write: the kernel takes a map only whole."""
    handle = os.open(f"/proc/{pid}/{file}", os.O_WRONLY)
    try:
        os.write(handle, text.encode())
    finally:
        os.close(handle)


def contained(launch: dict[str, Any], ready: int, go: int) -> None:
    """C: leave the host's namespaces, then fork D, the first process of the new ones."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    privileged = os.geteuid() == 0
    call("unshare", CLONE_ALL)
    os.write(ready, b"r")
    if not os.read(go, 1):
        raise OSError("the launcher died")
    first = os.fork()
    if first == 0:

        def begin() -> None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            own_root(launch)
            supervise(launch, demote=privileged)

        guarded(launch, begin)
    os.waitpid(first, 0)


def guarded(launch: dict[str, Any], deed: Any) -> None:
    """Do it in a forked child and end the child, reporting what went wrong."""
    try:
        deed()
    except OSError as error:
        report(launch["status_fd"], {"error": str(error)})
        os._exit(1)
    os._exit(0)


def own_root(launch: dict[str, Any]) -> None:
    """A root that holds nothing but what the command needs, all of it read-only."""
    root = launch["root"]
    mount("", "/", "", MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=16m")
    for name in ("proc", "tmp", "trial", "dev", "dev/shm"):
        os.makedirs(os.path.join(root, name), mode=0o755, exist_ok=True)
    harmless = MS_NOSUID | MS_NODEV
    sized = f"mode=1777,size={launch['tmp_mib']}m"
    # Before the binds: Python or curie's state may lie below the host's /tmp.
    mount("tmpfs", root + "/tmp", "tmpfs", harmless, sized)  # noqa: S108 - the box's own
    for name in DEVICES:
        bind("/dev/" + name, root + "/dev/" + name)
    for link in ("bin", "sbin", "lib", "lib64"):
        inherit(root, link)
    for source, target in launch["binds"]:
        bind(source, root + target)
    attributes = struct.pack("=4Q", MS_RDONLY | MS_NOSUID, 0, 0, 0)
    size = ctypes.c_size_t(len(attributes))
    call("syscall", SYS_MOUNT_SETATTR, -100, root.encode(), AT_RECURSIVE, attributes, size)
    mount("", root + "/tmp", "", MS_BIND | MS_REMOUNT | harmless)  # noqa: S108
    mount(launch["folder"], root + "/trial", "", MS_BIND)
    mount("", root + "/trial", "", MS_BIND | MS_REMOUNT | harmless)
    mount("tmpfs", root + "/dev/shm", "tmpfs", harmless, sized)  # noqa: S108
    mount("proc", root + "/proc", "proc", harmless | MS_NOEXEC)
    # Without capabilities it could still make a user namespace and have them all in there.
    with open(root + "/proc/sys/user/max_user_namespaces", "w") as limit:
        limit.write("0")
    os.chdir(root)
    call("syscall", SYS_PIVOT_ROOT[os.uname().machine], b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/trial")


def inherit(root: str, name: str) -> None:
    """/bin and its like are links on merged systems and folders on others."""
    if os.path.islink("/" + name):
        os.symlink(os.readlink("/" + name), os.path.join(root, name))
    elif os.path.isdir("/" + name):
        bind("/" + name, os.path.join(root, name))


def bind(source: str, target: str) -> None:
    """Make a file or folder of the host visible at a place below the new root."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "a").close()
    mount(source, target, "", MS_BIND | MS_REC)


def supervise(launch: dict[str, Any], *, demote: bool) -> None:
    """Fork the command, reap whatever comes, and report when the command itself ends."""
    command = os.fork()
    if command == 0:
        become(launch, demote=demote)
    code = 0
    while True:
        pid, code = os.wait()
        if pid == command:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    how = os.waitstatus_to_exitcode(code)
    left, rewritten = stragglers(launch["straggle_s"])
    report(
        launch["status_fd"],
        {
            "exit": how if how >= 0 else None,
            "signal": -how if how < 0 else None,
            "cpu_s": used.ru_utime + used.ru_stime,
            "peak_kib": used.ru_maxrss,
            "left": left,
            "rewritten": rewritten,
        },
    )
    if not launch["isolate"]:
        linger()


def stragglers(patience_s: float) -> tuple[int, bool]:
    """Orphans of the command that do not end by themselves, and whether they changed a file."""
    before = None
    until = time.monotonic() + patience_s
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0, before is not None and before != folder_state()
        if pid:
            continue
        before = before or folder_state()
        if time.monotonic() > until:
            with open(f"/proc/self/task/{os.getpid()}/children") as children:
                return len(children.read().split()), before != folder_state()
        time.sleep(0.005)


def folder_state() -> list[tuple[str, int, int, int]]:
    """Name, number, size and time of change of each file of the folder, sorted."""
    with os.scandir(".") as entries:
        seen = [(e.name, e.stat(follow_symlinks=False)) for e in entries]
    return sorted((name, s.st_ino, s.st_size, s.st_mtime_ns) for name, s in seen)


def linger() -> None:
    """Keep reaping until the host has killed what is left, and this process last."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            signal.pause()


def become(launch: dict[str, Any], *, demote: bool) -> None:
    """E: take the limits, drop every privilege, and turn into the command."""
    try:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        for name, limit in launch["limits"].items():
            resource.setrlimit(getattr(resource, name), (limit, limit))
        if demote:
            for capability in range(LAST_CAPABILITY + 1):
                libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
            os.setgroups([])
            os.setresgid(launch["uid"], launch["uid"], launch["uid"])
            os.setresuid(launch["uid"], launch["uid"], launch["uid"])
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        os.execvpe(launch["argv"][0], launch["argv"], launch["env"])  # noqa: S606
    except OSError as error:
        os.write(2, f"curie: cannot run {launch['argv'][0]}: {error}\n".encode())
    os._exit(NOT_RUN)


def report(status: int, what: dict[str, Any]) -> None:
    """Tell the host; nobody may be listening any more."""
    try:
        os.write(status, (json.dumps(what) + "\n").encode())
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main())
