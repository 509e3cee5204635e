"""What arrives in terminals of many kinds: read from a real pseudo-terminal, by a program that draws like one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[2]
SIZE = (120, 40)
KINDS: Mapping[str, Mapping[str, str]] = {
    "truecolor": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256": {"TERM": "xterm-256color"},
    "xterm": {"TERM": "xterm"},
    "screen": {"TERM": "screen"},
    "linux": {"TERM": "linux"},
    "xterm-light": {"TERM": "xterm", "TEST_THEME": "cockpit-light"},
    "ansi": {"TERM": "xterm-256color", "TEST_THEME": "ansi-dark"},
    "no-color": {"TERM": "xterm-256color", "NO_COLOR": "1"},
    "no-color-16": {"TERM": "xterm", "NO_COLOR": "1"},
    "latin": {"TERM": "xterm-256color", "LC_ALL": "C"},
}
SIXTEEN = ("xterm", "screen", "linux", "xterm-light")
# Keyboard protocols and queries, which pyte takes for something else.
_PRIVATE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\|\x1b\][^\x07]*\x07")


@dataclass
class Seen:
    """What a terminal showed."""

    raw: bytes
    screen: pyte.Screen

    def line(self, *words: str) -> int:
        """Number of the first line with all of these."""
        return next(y for y, text in enumerate(self.screen.display) if all(word in text for word in words))

    def cell(self, y: int, text: str) -> pyte.screens.Char:
        """The first cell of a text on a line."""
        return self.screen.buffer[y][self.screen.display[y].index(text)]

    def ink(self, y: int, text: str) -> tuple[object, ...]:
        """How a text looks."""
        cell = self.cell(y, text)
        return (cell.fg, cell.bold, cell.reverse)


def _start(environ: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    base = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TZ": "UTC", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.on_a_terminal"],
        cwd=ROOT,
        env={**base, **environ},
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    )
    os.close(inner)
    return process, outer


def _read_all(terminals: Mapping[str, int]) -> dict[str, bytes]:
    """Everything that each writes until it has shown the fleet and is quiet."""
    read = dict.fromkeys(terminals, b"")
    names = {descriptor: name for name, descriptor in terminals.items()}
    deadline, quiet_since = time.monotonic() + 60, time.monotonic()
    while time.monotonic() < deadline:
        for descriptor in select.select(list(names), [], [], 0.1)[0]:
            read[names[descriptor]] += os.read(descriptor, 1 << 16)
            quiet_since = time.monotonic()
        if all(b"ATTENTION" in one for one in read.values()) and time.monotonic() - quiet_since > 0.4:
            break
    return read


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    started = {name: _start(environ) for name, environ in KINDS.items()}
    try:
        read = _read_all({name: descriptor for name, (_, descriptor) in started.items()})
    finally:
        for process, descriptor in started.values():
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            os.close(descriptor)
    shown = {}
    for name, raw in read.items():
        screen = pyte.Screen(*SIZE)
        pyte.ByteStream(screen).feed(_PRIVATE.sub(b"", raw))
        shown[name] = Seen(raw, screen)
    return shown


@pytest.mark.parametrize("kind", KINDS)
def test_the_fleet_is_shown_in_every_terminal(seen: dict[str, Seen], kind: str) -> None:
    one = seen[kind]
    assert one.line("ENVIRONMENT", "LAMBDA")
    assert one.line("tim-combo", "prod", "err 7.2 %", "PROD")


@pytest.mark.parametrize("kind", SIXTEEN)
def test_sixteen_colours_are_all_that_is_sent_where_there_are_sixteen(seen: dict[str, Seen], kind: str) -> None:
    assert not re.search(rb"\x1b\[[0-9;]*[34]8;[25];", seen[kind].raw)


def test_more_colours_are_sent_where_there_are_more(seen: dict[str, Seen]) -> None:
    assert re.search(rb"38;2;", seen["truecolor"].raw)
    assert re.search(rb"38;5;", seen["256"].raw)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("no-color") and kind != "latin"])
def test_severities_are_told_apart_by_colour(seen: dict[str, Seen], kind: str) -> None:
    one = seen[kind]
    attention = one.line("ATTENTION")
    rows = [one.line("tim-combo", "prod", "err 7.2 %"), one.line("scheduler", "production", "cpu 93 %")]
    inks = {
        "✖": one.ink(rows[0], "✖"),
        "▲": one.ink(rows[1], "▲"),
        "●": one.ink(rows[1], "●"),
        "?": one.ink(one.line("trinity", "denied"), "?"),
        "plain": one.ink(rows[0], "tim-combo"),
        "dim": one.ink(attention, "─"),
    }
    assert len({colour for colour, _, _ in inks.values()}) == len(inks), inks


@pytest.mark.parametrize("kind", KINDS)
def test_the_row_under_the_cursor_stands_out(seen: dict[str, Seen], kind: str) -> None:
    one = seen[kind]
    under, below = (one.line("ENVIRONMENT", "LAMBDA") + step for step in (1, 2))
    here, there = one.cell(under, "staging"), one.cell(below, "prod")
    assert (here.bg, here.reverse) != (there.bg, there.reverse)


@pytest.mark.parametrize("kind", ["no-color", "no-color-16"])
def test_without_colour_there_are_shades_of_grey_and_severity_has_its_glyph(seen: dict[str, Seen], kind: str) -> None:
    one = seen[kind]
    triples = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", one.raw)
    assert all(red == green == blue for red, green, blue in triples)
    # 31–36 and their bright and background brothers are the colours of the 16.
    codes = {code for found in re.findall(rb"\x1b\[([0-9;]+)m", one.raw) for code in found.split(b";")}
    if kind == "no-color-16":
        assert not codes & {str(base + hue).encode() for base in (30, 40, 90, 100) for hue in range(1, 7)}
    assert one.line("✖ err 7.2 %")


def test_a_locale_without_utf8_gets_ascii_alone(seen: dict[str, Seen]) -> None:
    drawn = _PRIVATE.sub(b"", seen["latin"].raw)
    assert max(drawn) < 128
    assert seen["latin"].line("X err 7.2 %")
