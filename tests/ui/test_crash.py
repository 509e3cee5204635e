"""The end of the program: after a defect, with its terminal, by two ctrl+c. Each in a real pseudo-terminal."""

from __future__ import annotations

import os
import signal
import termios
from pathlib import Path

import pytest

from tests.ui.terminals import LEAVE_ALTERNATE, SHOW_CURSOR, terminal

SECRET = "AQoDYXdzEJr-token"

# The whole program, with a defect planted in the app that it opens: f9 brings it to light.
BROKEN = """
import sys
import screens.run
from screens.app import CockpitApp
from textual.binding import Binding
from widgets.matrix import FleetMatrix

class Broken(CockpitApp):
    BINDINGS = [Binding("f9", "break", "Break")]

    def action_break(self):
        token = SECRET = "AQoDYXdzEJr-token"
        KIND

screens.run.CockpitApp = Broken
from cockpit.cli import main
sys.argv = ["cockpit"]
main()
"""
KINDS = {
    "widget": "FleetMatrix.render_line = lambda self, y: [][y]; self.screen.refresh(layout=True)",
    "worker": """
        async def work(token=token):
            raise ValueError(token)
        self.run_worker(work())""",
    # In an action, by an exception that has words of its own for a terminal.
    "action": """
        class Told(ValueError):
            def __rich__(self): return token
        raise Told(token)""",
}


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_defect_the_terminal_is_as_it_was_and_one_sentence_says_where_to_look(
    kind: str, tmp_path: Path
) -> None:
    with terminal("-c", BROKEN.replace("KIND", KINDS[kind]), home=tmp_path) as on:
        on.wait_for(b"cockpit", b"shop")
        on.press(b"\x1b[20~")
        assert on.ended() == 3
        assert LEAVE_ALTERNATE in on.output
        assert SHOW_CURSOR in on.output
        assert termios.tcgetattr(on.inner) == on.before
        told = [line for line in on.afterwards().replace("\x1b[?25h", "").splitlines() if "ockpit" in line]
    log = tmp_path / "state" / "cockpit" / "cockpit.log"
    name = {"widget": "IndexError", "action": "Told"}.get(kind, "ValueError")
    assert len(told) == 1, told
    assert f"The dashboard has crashed: {name} in " in told[0]
    assert f"What led there is in {log}; COCKPIT_DEBUG=1 shows all of it." in told[0]
    written = log.read_text()
    assert f"The dashboard crashed with {name}" in written
    assert " in action_break" in written if kind == "action" else name in written
    assert SECRET not in written
    assert SECRET not in on.output.decode(errors="replace")


def test_all_of_it_is_shown_when_asked_and_still_no_local_variable(tmp_path: Path) -> None:
    program = BROKEN.replace("KIND", "raise ValueError('told')")
    with terminal("-c", program, home=tmp_path, COCKPIT_DEBUG="1") as on:
        on.wait_for(b"cockpit", b"shop")
        on.press(b"\x1b[20~")
        assert on.ended() == 3
        assert "Traceback (most recent call last)" in on.afterwards()
        assert SECRET not in on.afterwards()


def test_the_program_ends_with_its_terminal(tmp_path: Path) -> None:
    with terminal("-m", "cockpit", home=tmp_path) as on:
        on.wait_for(b"cockpit", b"shop")
        os.close(on.outer)
        on.outer = -1
        assert on.process.wait(10) is not None


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_it_and_the_terminal_is_as_it_was(number: signal.Signals, tmp_path: Path) -> None:
    with terminal("-m", "cockpit", home=tmp_path) as on:
        on.wait_for(b"cockpit", b"shop")
        on.process.send_signal(number)
        assert on.ended() == 0
        assert LEAVE_ALTERNATE in on.output
        assert termios.tcgetattr(on.inner) == on.before


def test_one_ctrl_c_warns_and_a_second_one_leaves(tmp_path: Path) -> None:
    with terminal("-m", "cockpit", home=tmp_path) as on:
        on.wait_for(b"cockpit", b"shop")
        on.press(b"\x03")
        on.wait_for(b"Press ctrl+c again to leave")
        assert on.process.poll() is None
        on.press(b"\x03")
        assert on.ended() == 0
        assert termios.tcgetattr(on.inner) == on.before
