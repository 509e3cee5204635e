"""Which lines of a log are shown, and on which rows. Pure but for what it remembers of lines it has measured."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from cockpit.model.inquiry import LogLine
from widgets.log_rows import row_count, told


@dataclass(frozen=True, slots=True)
class LogWanted:
    """What is to be shown, and how."""

    search: str = ""
    """Text to be marked, whatever its case."""
    only_matches: bool = False
    only_errors: bool = False
    wrapped: bool = False

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What finds the text."""
        return re.compile(re.escape(self.search), re.IGNORECASE) if self.search else None

    @property
    def hides(self) -> bool:
        """Whether some lines may not be shown."""
        return self.only_errors or (self.only_matches and bool(self.search))


@dataclass
class LogLayout:
    """The rows of a log: line i begins at row `tops[i]`; the last entry is the number of rows."""

    wanted: LogWanted = LogWanted()
    room: int = 80
    lines: Sequence[LogLine] = ()
    """Shown, oldest first."""
    tops: Sequence[int] = (0,)
    matches: int = 0
    """Shown lines that hold what is searched for."""
    _found: dict[str, bool] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)

    def lay(self, lines: Sequence[LogLine], wanted: LogWanted, room: int) -> None:
        """Take the newest lines; what is known of those that stay is not found out again."""
        if wanted.search != self.wanted.search or len(self._found) > 2 * len(lines) + 1000:
            self._found = {}
        if (wanted.wrapped, wanted.search, room) != (self.wanted.wrapped, self.wanted.search, self.room) or len(
            self._rows
        ) > 2 * len(lines) + 1000:
            self._rows = {}
        self.wanted, self.room = wanted, room
        shown = [line for line in lines if not wanted.only_errors or line.level in {"ERROR", "GAP"}]
        if wanted.search:
            held = [self._holds(line) for line in shown]
            self.matches = sum(held)
            if wanted.only_matches:
                shown = [line for line, found in zip(shown, held, strict=True) if found]
        else:
            self.matches = 0
        self.lines = shown
        self.tops = [0, *accumulate(map(self._count, shown))]

    @property
    def height(self) -> int:
        """Rows of everything."""
        return self.tops[-1]

    def line_at(self, row: int) -> tuple[int, int] | None:
        """(index of the line, row within it) of a row, or None below the last."""
        if not 0 <= row < self.height:
            return None
        index = bisect_right(self.tops, row) - 1
        return index, row - self.tops[index]

    def index_of(self, line: LogLine) -> int | None:
        """Place of a line that is shown: found by its time."""
        index = bisect_right(self.lines, line.at, key=lambda one: one.at) - 1
        while index >= 0 and self.lines[index].at == line.at:
            if self.lines[index].id == line.id:
                return index
            index -= 1
        return None

    def index_near(self, line: LogLine) -> int:
        """Place of a line, or of the one before it where it is not shown."""
        found = self.index_of(line)
        return found if found is not None else max(0, bisect_right(self.lines, line.at, key=lambda one: one.at) - 1)

    def next_match(self, index: int, step: int) -> int | None:
        """The next line in a direction that holds what is searched for; after the last comes the first."""
        count = len(self.lines)
        if not self.wanted.search or not count:
            return None
        order = ((index + step * distance) % count for distance in range(1, count + 1))
        return next((one for one in order if self._holds(self.lines[one])), None)

    def _holds(self, line: LogLine) -> bool:
        found = self._found.get(line.id)
        if found is None:
            pattern = self.wanted.pattern
            found = self._found[line.id] = pattern is not None and pattern.search(line.text) is not None
        return found

    def _count(self, line: LogLine) -> int:
        rows = self._rows.get(line.id)
        if rows is None:
            rows = self._rows[line.id] = row_count(
                told(line, self.wanted.pattern), self.room, wrapped=self.wanted.wrapped
            )
        return rows
