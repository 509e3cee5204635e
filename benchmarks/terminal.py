"""A terminal for programs that are measured: a real pseudo-terminal, every piece of output with the time it arrived.

It answers like a terminal that knows synchronised output (DEC mode 2026), so that the program marks where each frame
ends. What is on the screen is worked out afterwards: while a program is measured nobody parses its output.
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyte

FRAME_END = b"\x1b[?2026l"
_QUERY, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_READ_BYTES = 1 << 16
_PRIVATE = (b"\x1b[>", b"\x1b[<", b"\x1b[=")
"""Beginnings of sequences (keyboard protocols) that the parser takes for something else."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Output up to the end of one frame."""

    at: float
    """`time.perf_counter()` when its last byte arrived."""
    data: bytes


class Terminal:
    """A program in a pseudo-terminal. A context manager: leaving it ends the program."""

    def __init__(
        self, command: Sequence[str], *, size: tuple[int, int] = (120, 40), environ: Mapping[str, str] | None = None
    ) -> None:
        """Start `command` in a terminal of `size` (columns, rows)."""
        self.columns, self.rows = size
        self.frames: list[Frame] = []
        self._rest = b""
        self.started_at = time.perf_counter()
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            # What is measured is named by whoever measures; no shell reads it.
            surroundings = dict(environ or os.environ) | {"TERM": "xterm-256color"}
            os.execvpe(command[0], list(command), surroundings)  # noqa: S606 - as above
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))
        # Read all the time: a program that nobody reads from has to wait, and would be blamed for it.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.perf_counter() + 10
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            time.sleep(0.05)
            if time.perf_counter() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
        self._reader.join(2)
        os.close(self._descriptor)

    def write(self, keys: bytes) -> float:
        """Type; the moment at which it was done."""
        os.write(self._descriptor, keys)
        return time.perf_counter()

    def _read(self) -> None:
        """Take what comes until the program has ended; on a thread of its own."""
        while True:
            try:
                data = os.read(self._descriptor, _READ_BYTES)
            except OSError:
                return
            if not data:
                return
            self._take(data, time.perf_counter())

    def _take(self, data: bytes, now: float) -> None:
        if _QUERY in data:
            os.write(self._descriptor, _ANSWER)
        self._rest += data
        while (end := self._rest.find(FRAME_END)) >= 0:
            end += len(FRAME_END)
            self.frames.append(Frame(now, self._rest[:end]))
            self._rest = self._rest[end:]

    def read_until(self, found: Callable[[str], bool], *, seconds: float) -> tuple[Frame, str]:
        """Wait until the text on the screen satisfies `found`; the frame that did it, and the text.

        Raises:
            TimeoutError: It never did.
        """
        deadline, painter, seen = time.perf_counter() + seconds, Painter(self.columns, self.rows), 0
        while time.perf_counter() < deadline:
            while seen < len(self.frames):
                frame = self.frames[seen]
                seen += 1
                painter.paint(frame)
                if found(text := painter.text()):
                    return frame, text
            time.sleep(0.02)
        raise TimeoutError(f"the screen never showed what was waited for:\n{painter.text()}")

    def resident_mb(self) -> float:
        """Memory of the program, in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Painter:
    """Frames, painted one after the other."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    def paint(self, frame: Frame) -> None:
        """One more frame."""
        data = frame.data
        for beginning in _PRIVATE:
            data = data.replace(beginning, b"\x1b[?")
        self._stream.feed(data)

    def text(self) -> str:
        """What can be read."""
        return "\n".join(self._screen.display)

    def lit(self, first: int, last: int) -> Iterator[tuple[int, str]]:
        """Rows from `first` to before `last` of which a part has another background than usual, with that part's text.

        That is where a cursor is.
        """
        rows = [[self._screen.buffer[y][x] for x in range(self._screen.columns)] for y in range(first, last)]
        counts: dict[str, int] = {}
        for row in rows:
            for cell in row:
                counts[cell.bg] = counts.get(cell.bg, 0) + 1
        usual = max(counts, key=lambda colour: counts[colour], default="default")
        for number, row in enumerate(rows, start=first):
            part = "".join(cell.data for cell in row if cell.bg != usual)
            if part:
                yield number, part
