"""Files of a box, written and read without following a link.

The process backend calls these functions on the host; the Docker backend runs this very file
inside the container (`python -c`), because a tmpfs under a read-only root cannot be reached
through the engine's archive calls. Standard library only, and older Pythons must read it.
"""

import json
import os
import stat
import sys
from contextlib import suppress

CANNOT = 125
"""Exit code when a file could not be written; programs may use it too, the message tells."""
ABSENT = 124
"""Exit code of `read` when there is no such regular file."""


def write_under(root: str, path: str, content: bytes) -> None:
    """Write a file below `root`, making folders as needed. OSError if a link is in the way."""
    folder, name = _folder(root, path, make=True)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(name, flags, 0o644, dir_fd=folder)
        try:
            if not _own_regular(os.fstat(handle)):
                raise OSError(f"{path}: not a regular file of its own")
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)
    finally:
        os.close(folder)


def read_under(root: str, path: str, limit: int) -> bytes:
    """A regular file below `root`, at most `limit` bytes. FileNotFoundError for anything else."""
    try:
        folder, name = _folder(root, path, make=False)
    except OSError:
        raise FileNotFoundError(path) from None
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        raise FileNotFoundError(path) from None
    finally:
        os.close(folder)
    try:
        seen = os.fstat(handle)
        if not _own_regular(seen) or seen.st_size > limit:
            raise FileNotFoundError(path)
        content = b""
        while len(content) <= limit and (part := os.read(handle, 1 << 20)):
            content += part
    finally:
        os.close(handle)
    if len(content) > limit:
        raise FileNotFoundError(path)
    return content


def _own_regular(seen: os.stat_result) -> bool:
    # A second hard link would be a way to a file that is not the box's own.
    return stat.S_ISREG(seen.st_mode) and seen.st_nlink == 1


def _folder(root: str, path: str, *, make: bool) -> tuple[int, str]:
    """A handle on the folder of `path` and the last name, each step without following links."""
    *folders, name = path.split("/")
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    handle = os.open(root, flags)
    try:
        for part in folders:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=handle)
            below = os.open(part, flags, dir_fd=handle)
            os.close(handle)
            handle = below
    except OSError:
        os.close(handle)
        raise
    return handle, name


def _exactly(size: int) -> bytes:
    parts = []
    while size:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            raise OSError("the host closed the stream too early")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main(verb: str, *words: str) -> int:
    """`write SIZES ARGV…`: files from stdin, then run ARGV. `read PATH LIMIT`: a file to stdout."""
    if verb == "read":
        try:
            content = read_under(".", words[0], int(words[1]))
        except FileNotFoundError:
            return ABSENT
        sys.stdout.buffer.write(content)
        return 0
    sizes, *argv = words
    try:
        for path, size in json.loads(sizes):
            write_under(".", path, _exactly(size))
    except OSError as error:
        sys.stderr.write(f"curie: cannot write into the box: {error}\n")
        return CANNOT
    if argv:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(argv[0], argv)  # noqa: S606 - the point of a box
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
