"""The emulator's lifeline: it ends when the process that started it does, however that ends.

Three ways, because each has a hole: the pipe's end (held open by a fork of the parent), the kernel's signal at the
parent's death (Linux only, and sent when the starting *thread* ends), and a look at who the parent is.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 1.0


def watch(parent: int, stdin: int, on_end: Callable[[], None]) -> None:
    """Call `on_end` once the parent is gone. Returns at once; a thread watches."""

    def look_now(_signal: int, _frame: object) -> None:
        if os.getppid() != parent:
            on_end()

    if sys.platform == "linux":
        # SIGUSR1, not SIGKILL: it also comes when only the thread that started us has ended.
        signal.signal(signal.SIGUSR1, look_now)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGUSR1)
    threading.Thread(target=_watch, args=(parent, stdin, on_end), name="lifeline", daemon=True).start()


def _watch(parent: int, stdin: int, on_end: Callable[[], None]) -> None:
    while os.getppid() == parent:
        ready, _, _ = select.select([stdin], [], [], _LOOK_SECONDS)
        if ready and not os.read(stdin, 4096):
            break
    on_end()
