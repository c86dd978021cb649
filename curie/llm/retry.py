"""The one layer that tries an exchange again: after 408, 409, 429, 5xx, timeouts, lost connections.

The client's own retries are off, so that no try goes unseen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

Pause = Callable[[float, str], None]
"""Waits so many seconds; the text says why, for whoever watches."""

SENDINGS = 5
"""How often one request is sent, in total."""

LONGEST_S = 300.0
"""The longest wait that a server may ask for; a longer one ends the run, which can be resumed."""


@dataclass(frozen=True)
class Trouble:
    """Why an exchange gave nothing."""

    why: str
    """In words, with the key taken out."""
    status: int | None = None
    """HTTP status; None where no reply came at all."""
    code: str = ""
    """The server's own word for it."""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def passing(self) -> bool:
        """Whether the same request may well succeed a little later."""
        if self.code == "insufficient_quota":
            return False
        if self.status is None or self.status in (408, 409, 429):
            return True
        return self.status >= 500 and self.status != 501

    def mentions(self, *words: str) -> bool:
        """Whether the server's complaint has one of these words."""
        text = f"{self.why} {self.code}".lower()
        return any(word in text for word in words)


def wait_s(trouble: Trouble, sent: int) -> float:
    """How long to wait: what the server asks for, else 1, 2, 4, 8 … seconds."""
    asked = retry_after_s({name.lower(): value for name, value in trouble.headers})
    return asked if asked is not None else float(2 ** (sent - 1))


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After: a number, or a date, which is set against the server's own Date."""
    asked = headers.get("retry-after", "").strip()
    try:
        seconds = float(asked)
    except ValueError:
        seconds = _until(asked, headers.get("date", ""))
    return seconds if 0 <= seconds < float("inf") else None


def _until(asked: str, now: str) -> float:
    try:
        return (parsedate_to_datetime(asked) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError):  # no date, or only one of the two with a time zone
        return -1.0
