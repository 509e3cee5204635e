"""From a key press to its painted frame, through a real pseudo-terminal, with 5,000 rows and polling under way.

`python -m benchmarks.keys ours --endpoint URL` presses keys in the cockpit's fleet-wide Lambda table while everything
is polled all the time; `python -m benchmarks.keys rival --program PATH` presses them in harlequin's table of 5,000
rows, where nothing else is going on. It prints one JSON object: milliseconds for each gesture.

A frame counts as a key's only when the screen shows what the key was for: the cursor elsewhere, another page, another
number of rows. Keys come at uneven intervals, so that they meet every phase of polling.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.terminal import Frame, Painter, Terminal

SIZE = (120, 40)
ROWS = 5000
PRESSES = 200
PAUSE_SECONDS = (0.08, 0.16)
BODY = (3, 38)
"""Screen rows of our table: below the header, whose figures change by themselves, and above the footer."""
RIVAL_BODY = (22, 38)
RIVAL_QUERY = (
    "select 'orders-handler-' || i as name, i as calls, i*7 % 100 as errors, 'eu-west-1' as region "
    "from range(ROWS) r(i)"
)
_DOWN, _PAGE_DOWN, _PAGE_UP, _ESCAPE = b"\x1b[B", b"\x1b[6~", b"\x1b[5~", b"\x1b"
Sign = Callable[[Painter], object]


@dataclass(frozen=True, slots=True)
class Gesture:
    """Keys that are pressed again and again, and what of the screen they change."""

    name: str
    keys: Sequence[bytes]
    sign: Sign
    presses: int = PRESSES
    before: bytes = b""
    """Keys that come first, and are not measured."""


def cursor_in(body: tuple[int, int]) -> Sign:
    """Where the cursor is, and what it is on. The recorded figures stay the same, so only a key moves it."""
    return lambda painter: list(painter.lit(*body))


def text_in(body: tuple[int, int]) -> Sign:
    """What can be read."""
    return lambda painter: painter.text().splitlines()[slice(*body)]


OURS = (
    Gesture("next row", (b"j",), cursor_in(BODY), before=b"g"),
    Gesture("next page", (_PAGE_DOWN, _PAGE_DOWN, _PAGE_UP), cursor_in(BODY), before=b"g"),
    Gesture("type into the filter", (b"h", b"a", b"n", b"\x7f", b"\x7f", b"\x7f"), text_in((36, 40)), 120),
    Gesture("open a resource, and back", (b"\r", _ESCAPE), text_in((0, 1)), 60),
)
RIVAL = (
    Gesture("next row", (_DOWN,), cursor_in(RIVAL_BODY)),
    Gesture("next page", (_PAGE_DOWN, _PAGE_DOWN, _PAGE_UP), cursor_in(RIVAL_BODY)),
)


@dataclass(frozen=True, slots=True)
class Performance:
    """Keys that were pressed, and the frames during which they were."""

    gesture: Gesture
    pressed: Sequence[float]
    first: int
    last: int


def perform(terminal: Terminal, gesture: Gesture) -> Performance:
    """Press the keys. What they did to the screen is worked out when the program has ended."""
    chance = random.Random(7)
    pressed: list[float] = []
    if gesture.before:
        terminal.write(gesture.before)
        time.sleep(0.5)
    first = len(terminal.frames)
    for key in itertools.islice(itertools.cycle(gesture.keys), gesture.presses):
        pressed.append(terminal.write(key))
        time.sleep(chance.uniform(*PAUSE_SECONDS))
    time.sleep(1.0)
    return Performance(gesture, pressed, first, len(terminal.frames))


def judged(performances: Sequence[Performance], terminal: Terminal) -> list[dict[str, Any]]:
    """Milliseconds to the frames that show the effect of the keys, for each gesture."""
    painter, painted, found = Painter(terminal.columns, terminal.rows), 0, []
    for one in performances:
        for frame in terminal.frames[painted : one.first]:
            painter.paint(frame)
        waited, missed = painted_after(one.pressed, terminal.frames[one.first : one.last], painter, one.gesture.sign)
        painted = one.last
        found.append({"name": one.gesture.name, "presses": len(one.pressed), "missed": missed, **spread(waited)})
    return found


def painted_after(
    pressed: Sequence[float], frames: Iterable[Frame], painter: Painter, sign: Sign
) -> tuple[list[float], int]:
    """Seconds from each key to the first frame after it that changed what the key is for; how many never did."""
    waited, missed, before = [], 0, sign(painter)
    upcoming = list(pressed)
    due: list[float] = []
    for frame in frames:
        while upcoming and upcoming[0] <= frame.at:
            due.append(upcoming.pop(0))
        painter.paint(frame)
        shown = sign(painter)
        if shown == before:
            continue
        before = shown
        if due:
            # Keys that had to wait for one another are all answered by this frame.
            waited += [frame.at - moment for moment in due]
            due = []
    missed = len(due) + len(upcoming)
    return waited, missed


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and worst, in milliseconds."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    return {"p50_ms": at(0.5), "p99_ms": at(0.99), "worst_ms": at(1.0)}


def ours(endpoint: str, accounts: int) -> dict[str, Any]:
    """The cockpit."""
    command = [sys.executable, "-m", "benchmarks.dashboard", "--endpoint", endpoint, "--accounts", str(accounts)]
    with Terminal(command, size=SIZE) as terminal:
        terminal.read_until(lambda text: "account-000" in text, seconds=30)
        terminal.write(b":")
        terminal.read_until(lambda text: "Refresh" in text and "Timeline" in text, seconds=10)
        terminal.write(b"lambda whole fleet")
        time.sleep(2.0)
        terminal.write(b"\r")
        _, shown = terminal.read_until(lambda text: _rows(text) >= ROWS * 0.9, seconds=60)
        time.sleep(3.0)
        performances = []
        for gesture in OURS:
            typed = gesture.name.startswith("type")
            if typed:
                terminal.write(b"/")
                time.sleep(1.0)
            performances.append(perform(terminal, gesture))
            if typed:
                terminal.write(_ESCAPE)
                time.sleep(1.0)
        # Paused, nothing else goes on either, as with the other program.
        terminal.write(b"p")
        time.sleep(5.0)
        performances += [perform(terminal, replace(one, name=f"{one.name}, polling paused")) for one in OURS[:2]]
        resident = terminal.resident_mb()
    return {"rows": _rows(shown), "gestures": judged(performances, terminal), "resident_mb": resident}


def _rows(text: str) -> int:
    """How many rows the table says it has."""
    told = re.search(r"\d+ of (\d+) ·", text)
    return int(told[1]) if told else 0


def rival(program: str) -> dict[str, Any]:
    """harlequin, with a table of as many rows."""
    home = tempfile.mkdtemp(prefix="cockpit-bench-")
    places = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    environ = dict(os.environ) | dict.fromkeys(places, home)
    query = RIVAL_QUERY.replace("ROWS", str(ROWS))
    with Terminal([program, "--no-download-tzdata", ":memory:"], size=SIZE, environ=environ) as terminal:
        terminal.read_until(
            lambda text: "Database Connected" in text and "● ● ●" not in text and "memory" in text, seconds=60
        )
        for letter in query.encode():
            terminal.write(bytes((letter,)))
            time.sleep(0.02)
        time.sleep(1.0)
        terminal.write(b"\n")
        terminal.read_until(lambda text: f"{ROWS:,} Records" in text and "handler-9" in text, seconds=30)
        time.sleep(6.0)
        performances = [perform(terminal, gesture) for gesture in RIVAL]
        resident = terminal.resident_mb()
    return {"rows": ROWS, "gestures": judged(performances, terminal), "resident_mb": resident}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("who", choices=("ours", "rival"))
    parser.add_argument("--endpoint")
    parser.add_argument("--accounts", type=int, default=25)
    parser.add_argument("--program", type=Path)
    options = parser.parse_args()
    found = rival(str(options.program)) if options.who == "rival" else ours(options.endpoint, options.accounts)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
