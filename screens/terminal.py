"""Notices that the terminal is gone, also where no signal tells.

A closed terminal sends SIGHUP to the leader of its session. Where that is another program (`xterm -e make demo`), the
cockpit hears nothing and would go on for ever, unseen; but its end of the line reports a hang-up all the same.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable, Mapping

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


def shows_utf8(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether the user's locale says that the terminal shows more than ASCII. A locale that is not set says nothing.

    `encoding` is that of the locale as the system knows it. It is asked only where the variables do not tell: a locale
    that came over ssh and is not installed here still says what the terminal shows.
    """
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if not named:
        return True
    charset = named.partition(".")[2].partition("@")[0] or encoding
    return charset.replace("-", "").lower() == "utf8"
