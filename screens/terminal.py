"""Notices that the terminal is gone, also where no signal tells.

A closed terminal sends SIGHUP to the leader of its session. Where that is another program (`xterm -e make demo`), the
cockpit hears nothing and would go on for ever, unseen; but its end of the line reports a hang-up all the same.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable

_LOOK_SECONDS = 1.0


def watch_for_hangup(terminal: int, on_gone: Callable[[], None]) -> Callable[[], None]:
    """Call `on_gone` once, in a thread, when the terminal (a file descriptor) hangs up; returns the way to end it."""
    ended = threading.Event()

    def watch() -> None:
        poll = select.poll()
        # No event is asked for: a hang-up is reported always, and keys stay for whoever reads them.
        poll.register(terminal, 0)
        while not ended.is_set():
            if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(_LOOK_SECONDS * 1000)):
                on_gone()
                return

    threading.Thread(target=watch, name="cockpit-terminal", daemon=True).start()
    return ended.set
