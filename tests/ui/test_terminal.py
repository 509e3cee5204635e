"""The program ends with its terminal."""

from __future__ import annotations

import os
import pty
import threading

from screens.terminal import watch_for_hangup


def test_a_terminal_that_goes_away_is_noticed_without_a_signal() -> None:
    outer, inner = pty.openpty()
    gone = threading.Event()
    watch_for_hangup(inner, gone.set)
    os.write(outer, b"keys")
    assert not gone.wait(0.1)
    os.close(outer)
    assert gone.wait(3)
    os.close(inner)


def test_the_watch_can_be_ended_and_leaves_the_keys_alone() -> None:
    outer, inner = pty.openpty()
    gone = threading.Event()
    end = watch_for_hangup(inner, gone.set)
    os.write(outer, b"q\n")
    assert os.read(inner, 10) == b"q\n"
    end()
    next(thread for thread in threading.enumerate() if thread.name == "cockpit-terminal").join(3)
    os.close(outer)
    assert not gone.wait(0.1)
    os.close(inner)
