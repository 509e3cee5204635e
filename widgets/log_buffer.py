"""Log lines in memory: in order, each once, and no more than fit. Pure but for its own state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.model.inquiry import LogLine

MOST_LINES = 10_000
MOST_BYTES = 8 * 2**20
"""Of text; what Python needs around it comes on top."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of lines that were handed over."""

    new: int
    """Lines that were not there before, and are now."""
    dropped: int
    """Oldest lines that were let go for them."""


class LogBuffer:
    """Lines by time. Late ones find their place, doubled ones are seen once, the oldest go when it is full."""

    def __init__(self, *, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self.lines: list[LogLine] = []
        """Oldest first; lines of one moment in the order in which they came."""
        self.dropped = 0
        """Lines let go since the start."""
        self._ids: set[str] = set()
        self._bytes = 0
        self._most_lines = most_lines
        self._most_bytes = most_bytes
        self._floor = float("-inf")

    @property
    def newest_at(self) -> float | None:
        """When the newest line was written, epoch seconds; None without any."""
        return self.lines[-1].at if self.lines else None

    @property
    def room(self) -> int:
        """How many more lines fit before the oldest must go."""
        return 0 if self._bytes >= self._most_bytes else max(0, self._most_lines - len(self.lines))

    def add(self, lines: Iterable[LogLine]) -> Added:
        """Take lines, in any order. What is older than something that was let go is not taken again."""
        new = []
        for line in lines:
            if line.id not in self._ids and line.at > self._floor:
                self._ids.add(line.id)
                self._bytes += _size(line)
                new.append(line)
        new.sort(key=lambda line: line.at)
        if new:
            in_order = not self.lines or self.lines[-1].at <= new[0].at
            self.lines += new
            if not in_order:
                # Stable, and quick on what is sorted in two parts.
                self.lines.sort(key=lambda line: line.at)
        dropped = self._let_go()
        return Added(len(new), dropped)

    def _let_go(self) -> int:
        count = max(0, len(self.lines) - self._most_lines)
        freed = sum(_size(line) for line in self.lines[:count])
        while self._bytes - freed > self._most_bytes and count < len(self.lines) - 1:
            freed += _size(self.lines[count])
            count += 1
        if count:
            gone = self.lines[:count]
            self._floor = gone[-1].at
            self._ids.difference_update(line.id for line in gone)
            self._bytes -= freed
            self.lines = self.lines[count:]
            self.dropped += count
        return count


def _size(line: LogLine) -> int:
    """Bytes of a line's text; where all is ASCII they need not be counted one by one."""
    return len(line.text) if line.text.isascii() else len(line.text.encode("utf-8", "replace"))
