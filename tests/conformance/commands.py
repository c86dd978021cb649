"""Commands that the suite runs in boxes."""

import time
from collections.abc import Callable

from curie.sandbox.box import Box, Ran

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for handle in (0, 1, 2):
            os.close(handle)
        time.sleep(60)
    os._exit(0)
"""


def python(box: Box, code: str, *words: str, timeout_s: float = 15.0) -> Ran:
    return box.exec(["python", "-c", code, *words], timeout_s=timeout_s)


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
