"""One command in a container, over the engine's raw stream."""

import struct
import time
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from docker.api.client import APIClient

Sink = Callable[[int, bytes], None]
"""Takes (1 for stdout or 2 for stderr, bytes) as they come."""

STDOUT = 1
_HEADER = struct.Struct(">BxxxL")
_CHUNK = 64 * 1024
_SETTLE_S = 2.0


def run_in(
    api: APIClient,
    container: str,
    argv: Sequence[str],
    *,
    stdin: bytes,
    sink: Sink,
    backstop_s: float,
) -> int | None:
    """Run a command, feed it `stdin`, hand its output to `sink`; its exit code.

    None if the container died first. `backstop_s` bounds the silence of an engine that hangs;
    the limit of the command itself is the caller's, who kills the container.
    """
    made = api.exec_create(container, list(argv), stdin=bool(stdin))
    socket: Any = api.exec_start(made["Id"], socket=True)
    response = socket._response
    try:
        # docker-py reads from the bare socket, and loses what came in one packet with the HTTP
        # header and waits in this buffer.
        stream: BinaryIO = response.raw._fp.fp
        socket._sock.settimeout(backstop_s)
        if stdin:
            socket._sock.sendall(stdin)
        _drain(stream, sink)
    finally:
        response.close()
        socket.close()
    return _exit_code(api, made["Id"])


def _drain(stream: BinaryIO, sink: Sink) -> None:
    while len(header := stream.read(_HEADER.size)) == _HEADER.size:
        kind, left = _HEADER.unpack(header)
        while left:
            chunk = stream.read(min(left, _CHUNK))
            if not chunk:
                return
            sink(kind, chunk)
            left -= len(chunk)


def _exit_code(api: APIClient, exec_id: str) -> int | None:
    """The engine may close the stream a moment before it notes the exit code."""
    until = time.monotonic() + _SETTLE_S
    while True:
        state = api.exec_inspect(exec_id)
        if not state["Running"] and state["ExitCode"] is not None:
            return int(state["ExitCode"])
        if time.monotonic() > until:
            return None
        time.sleep(0.01)
