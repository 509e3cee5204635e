"""Which columns of a table have room, and how wide they are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from widgets.table_rows import FIGURE_WIDTH, TableColumn, TableRow

GAP = 2
MARK = 3
"""A blank, the glyph of the state, a blank."""
NAME_MIN = 14
NAME_START = 36
"""The name gets this much, if it needs it, before other columns are considered."""
TEXT_MAX = 28
REASON_MIN = 24
HIDDEN_MARK = 3
"""`+11`: how many columns have no room."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column and its width in cells."""

    column: TableColumn
    width: int


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Columns that are shown, in order; how many are not; room for the reason, if any is left."""

    columns: tuple[Placed, ...]
    hidden: int = 0
    reason: int = 0

    def column_at(self, x: int) -> TableColumn | None:
        """The column at cell `x` of a row."""
        start = MARK
        for placed in self.columns:
            if start <= x < start + placed.width + GAP:
                return placed.column
            start += placed.width + GAP
        return None


def text_widths(columns: Sequence[TableColumn], rows: Iterable[TableRow]) -> dict[str, int]:
    """Longest text of each column whose width depends on its values."""
    open_keys = [column.key for column in columns if not column.fixed]
    longest = dict.fromkeys(open_keys, 1)
    for row in rows:
        values = row.values
        for key in open_keys:
            value = values.get(key)
            if value is not None:
                size = len(value) if isinstance(value, str) else len(str(value))
                longest[key] = max(longest[key], size)
    return longest


def lay_out(width: int, columns: Sequence[TableColumn], longest: Mapping[str, int], *, reason: int = 0) -> TableLayout:
    """Columns by priority as far as `width` goes; the first column always. `reason` is the longest reason."""
    if not columns:
        return TableLayout(())
    whole = _fitted(width, columns, longest, reason)
    # Where some are hidden, their number needs room too, but not that of another column.
    marked = _fitted(width - HIDDEN_MARK, columns, longest, reason) if whole.hidden else whole
    return marked if marked.hidden == whole.hidden else whole


def _fitted(width: int, columns: Sequence[TableColumn], longest: Mapping[str, int], reason: int) -> TableLayout:
    name, *others = columns
    sizes = {column.key: _size(column, longest) for column in others}
    name_wanted = max(longest.get(name.key, NAME_MIN), len(name.title) + 2)
    name_width = max(NAME_MIN, min(name_wanted, NAME_START, max(NAME_MIN, width // 3)))
    room = width - MARK - name_width
    chosen: set[str] = set()
    for column in sorted(others, key=lambda column: column.priority):
        need = GAP + sizes[column.key]
        if need > room:
            break
        chosen.add(column.key)
        room -= need
    grown = min(max(0, name_wanted - name_width), max(0, room))
    room -= grown
    shown = [Placed(name, name_width + grown)]
    shown += [Placed(column, sizes[column.key]) for column in others if column.key in chosen]
    spare = room - GAP
    return TableLayout(
        tuple(shown),
        hidden=len(others) - len(chosen),
        reason=min(reason, spare) if reason and spare >= min(REASON_MIN, reason) else 0,
    )


def _size(column: TableColumn, longest: Mapping[str, int]) -> int:
    # Two cells beside the title are for the arrow that shows the order.
    title = len(column.title) + 2
    body = FIGURE_WIDTH if column.fixed else min(TEXT_MAX, longest.get(column.key, 1))
    return max(title, body)
