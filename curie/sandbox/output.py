"""What a command prints: capped, with its head and tail kept, and harmless to a terminal."""

import re
from collections import deque

OUTPUT_CAP_BYTES = 64 * 1024
"""Of stdout and of stderr each; half of it for the head, half for the tail."""

# ANSI control sequences, operating-system commands (titles, links), and other escapes.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~]?)")
# Control characters but tab and newline, and the marks that turn the direction of text around.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without control codes; line ends become newlines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", lines))


class Capped:
    """Collects output and keeps its head and tail, however much comes."""

    def __init__(self, cap_bytes: int = OUTPUT_CAP_BYTES) -> None:
        self._half = cap_bytes // 2
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self.dropped = 0
        """Bytes that were cut from the middle."""

    def feed(self, chunk: bytes) -> None:
        """Take more output."""
        room = self._half - len(self._head)
        self._head += chunk[:room]
        rest = chunk[room:]
        if not rest:
            return
        self._tail.append(rest)
        self._tail_size += len(rest)
        while self._tail_size > self._half:
            over = self._tail_size - self._half
            first = self._tail.popleft()
            if len(first) > over:
                self._tail.appendleft(first[over:])
            cut = min(over, len(first))
            self._tail_size -= cut
            self.dropped += cut

    def text(self) -> str:
        """What was kept, control codes stripped, with a note where the middle is missing."""
        head = bytes(self._head).decode(errors="replace")
        tail = b"".join(self._tail).decode(errors="replace")
        gap = f"\n[{self.dropped} bytes dropped]\n" if self.dropped else ""
        return plain(head + gap + tail)
