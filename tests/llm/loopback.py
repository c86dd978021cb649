"""A chat-completions server on 127.0.0.1 that answers as a test says, and misbehaves on demand.

    with Loopback(lambda request: {"verdict": "fine"}) as server:
        ... OPENAI_BASE_URL=server.url ...
    assert server.requests[0]["messages"]

The callable gets the parsed body of each request and returns the answer: a dict (sent as JSON, in
a call of the offered tool where there is one), a str (sent as the message's content), or a
behaviour of `tests.llm.behaviours`. It may be called from several threads.
"""

import json
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.llm.behaviours import Reply, Request, Status, message_of, tokens_of

Answers = Callable[[Request], Reply]


def in_turn(replies: Iterable[Reply]) -> Answers:
    """One reply after the other; a request beyond the last is an error of the test."""
    left = iter(list(replies))
    lock = threading.Lock()

    def answer(request: Request) -> Reply:
        with lock:
            return next(left)

    return answer


class Loopback:
    """The server, up within its `with` block. An error in `answers` is raised at its end."""

    def __init__(
        self, answers: Answers, *, refuses: Iterable[str] = (), key: str | None = None
    ) -> None:
        """`refuses`: request fields that get a 400 (`response_format`, `tools`, `max_tokens`).

        `key`: any other bearer gets a 401.
        """
        self.requests: list[Request] = []
        self.errors: list[Exception] = []
        self.answers = answers
        self.refuses = tuple(refuses)
        self.key = key
        self.stopping = threading.Event()
        self._server = Server(("127.0.0.1", 0), Wire)
        self._server.loopback = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL has to be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if error is None and self.errors:
            raise self.errors[0]


class Server(ThreadingHTTPServer):
    """Knows its Loopback."""

    daemon_threads = False  # so that server_close waits for the handlers
    loopback: Loopback


class Wire(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Silent: pytest shows what matters."""

    def do_GET(self) -> None:
        models = {"object": "list", "data": [{"id": "test", "object": "model"}]}
        self.send(200, json.dumps(models))

    def do_POST(self) -> None:
        loopback = self.server.loopback
        request: Request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        refusal = self._refusal(request)
        if refusal is not None:
            refusal.play(self, request)
            return
        loopback.requests.append(request)
        try:
            reply = loopback.answers(request)
        except Exception as error:  # noqa: BLE001 - a test's own mistake, raised at the end
            loopback.errors.append(error)
            reply = Status(418, f"the test's answers failed: {error!r}")
        if isinstance(reply, dict | str):
            self.complete(request, message_of(request, reply))
        else:
            reply.play(self, request)

    def _refusal(self, request: Request) -> Status | None:
        loopback = self.server.loopback
        bearer = self.headers["Authorization"]
        if loopback.key and bearer != f"Bearer {loopback.key}":
            return Status(401, f"Incorrect key: {bearer}")
        if self.path != "/v1/chat/completions":
            return Status(404, f"no such address: {self.path}")
        refused = next((name for name in loopback.refuses if name in request), None)
        if refused == "max_tokens":
            return Status(400, "Unsupported: 'max_tokens'. Use 'max_completion_tokens'.")
        return Status(400, f"{refused} is not supported by this server") if refused else None

    def wait(self, seconds: float) -> None:
        """Do nothing for so long, or until the server stops."""
        self.server.loopback.stopping.wait(seconds)

    def complete(
        self,
        request: Request,
        message: dict[str, Any],
        *,
        finish: str = "stop",
        cut: bool = False,
        counted: bool = True,
    ) -> None:
        """Send a completion with this message."""
        tokens_out = len(json.dumps(message)) // 4
        usage = {"prompt_tokens": tokens_of(request), "completion_tokens": tokens_out}
        completion = {
            "id": f"chatcmpl-{len(self.server.loopback.requests)}",
            "object": "chat.completion",
            "created": 0,
            "model": request["model"],
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", **message},
                    "finish_reason": finish,
                }
            ],
            **({"usage": usage} if counted else {}),
        }
        self.send(200, json.dumps(completion), cut=cut)

    def send(
        self,
        status: int,
        text: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        kind: str = "application/json",
        cut: bool = False,
    ) -> None:
        """Send bytes; `cut` sends half of those that were promised."""
        body = text.encode()
        try:
            self.send_response_only(status)
            for name, value in (("Content-Type", kind), ("Content-Length", len(body)), *headers):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
        except ConnectionError:
            cut = True  # the client has hung up, as after a timeout
        self.close_connection |= cut
