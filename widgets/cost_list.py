"""The costs as a tree: what is spent, expected and allowed, how each day went, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from cockpit.model.units import Unit, format_figure, format_money
from widgets.cost_rows import CostRow, arranged, percent_text, sum_text
from widgets.glyphs import ASCENDING, DESCENDING, FOLDED
from widgets.line import Line, Run, fit, pad
from widgets.sortable import SortableListing
from widgets.spark import trend_runs

GAP = 2
NAME_MIN, NAME_MAX = 20, 40
TREND_MIN, TREND_MAX = 8, 62


@dataclass(frozen=True, slots=True)
class CostColumn:
    """A column of figures."""

    key: str
    title: str
    width: int
    priority: int


COLUMNS = (
    CostColumn("month", "THIS MONTH", 11, 1),
    CostColumn("yesterday", "YESTERDAY", 10, 5),
    CostColumn("forecast", "FORECAST", 11, 2),
    CostColumn("budget", "BUDGET", 8, 6),
    CostColumn("used", "USED", 7, 3),
    CostColumn("change", "7 DAYS $", 10, 4),
    CostColumn("percent", "7 DAYS %", 9, 7),
)


def columns_for(width: int, name: int) -> tuple[tuple[CostColumn, ...], int, int]:
    """Columns that have room beside a name of `name` cells, then the width of the name, and of the trend (0: none)."""
    least = min(max(NAME_MIN, name), max(NAME_MIN, width // 3))
    room = width - least
    chosen: set[str] = set()
    for column in sorted(COLUMNS, key=lambda one: one.priority):
        if room < column.width + GAP:
            break
        chosen.add(column.key)
        room -= column.width + GAP
    whole = len(chosen) == len(COLUMNS)
    trend = min(TREND_MAX, room - GAP) if whole and room - GAP >= TREND_MIN else 0
    room -= trend + GAP if trend else 0
    grown = min(room, max(0, min(name, NAME_MAX) - least))
    return tuple(one for one in COLUMNS if one.key in chosen), least + grown, trend


class CostList(SortableListing):
    """Rows of a tree. Left and right choose a column, `S` or a click on a title sorts siblings by it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "fold", "Fold", tooltip="Hide or show what is below the row", id="cost.fold"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now = 0.0
        self.title = "NAME"
        self.rows: tuple[CostRow, ...] = ()
        self.column, self.descending = "month", True
        self.folded: frozenset[str] = frozenset()
        self.nothing = "Nothing here."
        self._shown: list[CostRow] = []
        self._parents: frozenset[str] = frozenset()
        self._wanted_column = "month"

    def show(self, rows: Sequence[CostRow], now: float) -> None:
        """Take the newest rows. Cursor, scroll, order, folds and filter stay."""
        self.rows, self.now = tuple(rows), now
        self._parents = frozenset(row.parent for row in rows if row.parent is not None)
        self.choose_rows()

    @property
    def shown(self) -> Sequence[CostRow]:
        """Rows that are shown, in order."""
        return self._shown

    @property
    def chosen(self) -> CostRow | None:
        """The row under the cursor."""
        return self._shown[self.cursor_index] if self._shown else None

    def has_children(self, key: str) -> bool:
        """Whether a row can be folded."""
        return key in self._parents

    def choose_rows(self) -> None:
        """Choose and order what is shown."""
        self._shown = arranged(
            self.rows,
            column=self.column,
            descending=self.descending,
            query=self.wanted,
            folded=self.folded,
            now=self.now,
        )
        self.set_keys([row.key for row in self._shown])

    # Order and folds.

    def _columns(self) -> tuple[tuple[CostColumn, ...], int, int]:
        # Of every row, folded or not, so that columns do not move when something is folded.
        longest = max((3 + 2 * row.depth + 2 + len(row.label) + len(row.tag.text) + 1 for row in self.rows), default=0)
        return columns_for(self.size.width, longest)

    def sort_by(self, key: str) -> None:
        """Sort siblings by a column; again reverses. Figures start with the largest, names with A."""
        self.descending = not self.descending if key == self.column else key != "name"
        self.column = key
        self.choose_rows()
        self.post_message(self.Sorted(self))

    def column_keys(self) -> Sequence[str]:
        """The name, and the figures that have room."""
        return ("name", *(one.key for one in self._columns()[0]))

    def action_fold(self) -> None:
        """Hide or show what is below the row under the cursor, or beside it."""
        row = self.chosen
        key = row.key if row and self.has_children(row.key) else row.parent if row else None
        if key is None:
            return
        self.folded = self.folded ^ {key}
        self.move_to(key)
        self.choose_rows()

    def on_click(self, event: events.Click) -> None:
        """A click on a title sorts; the list's own handler deals with rows."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= self.header_height:
            return
        columns, start, _ = self._columns()
        chosen = "name"
        for column in columns:
            if start + GAP <= offset.x < start + GAP + column.width:
                chosen = column.key
            start += column.width + GAP
        self.choose_column(chosen)
        self.sort_by(chosen)
        event.prevent_default()

    # Drawing.

    def draw_header(self, width: int) -> Line:
        """Titles; an arrow beside the one that rules the order."""
        columns, name, trend = self._columns()
        runs = self._title("name", f"   {self.title}", name, right=False)
        for column in columns:
            runs += [Run(" " * GAP), *self._title(column.key, column.title, column.width, right=True)]
        if trend:
            runs += [Run(" " * GAP), Run("EACH DAY", "heading")]
        return fit(tuple(runs), width)

    def _title(self, key: str, title: str, width: int, *, right: bool) -> list[Run]:
        arrow = (DESCENDING if self.descending else ASCENDING) if key == self.column else ""
        return self.title_runs(key, title + arrow, width, right=right)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One row."""
        row = self._shown[index]
        columns, name, trend = self._columns()
        runs = list(self._label(row, name))
        for column in columns:
            text, ink = _figure(row, column.key)
            if column.key == self.column:
                ink = ink or "strong"
            runs += [Run(" " * GAP), Run(pad(text, column.width, right=True), ink)]
        if trend:
            runs += [Run(" " * GAP), *self._trend(row, trend)]
        return (fit(tuple(runs), width),)

    def _label(self, row: CostRow, width: int) -> Line:
        fold = (FOLDED if row.key in self.folded else DESCENDING) if self.has_children(row.key) else " "
        lead = (Run(" "), row.mark if row.mark.text else Run(" "), Run(" " + "  " * row.depth), Run(f"{fold} ", "dim"))
        ink = "strong" if row.depth == 0 else "dim" if row.fixed_only else ""
        room = width - 5 - 2 * row.depth
        if row.tag.text and len(row.label) + 1 + len(row.tag.text) <= room:
            return fit((*lead, Run(row.label, ink), Run(" "), row.tag), width)
        return fit((*lead, Run(pad(row.label, room), ink)), width)

    def _trend(self, row: CostRow, width: int) -> Line:
        if row.days is None:
            return (Run(" " * width),)
        return trend_runs(row.days.tail(width).values, width, row.daily_budget(self.now) or 0.0, "warning")

    def empty_lines(self) -> Sequence[Line]:
        """Why nothing is shown."""
        if self.rows:
            return self.nothing_shown(f"None of {len(self.rows)} matches the filter.")
        return ((Run(f" {self.nothing}", "dim"),),)


def _figure(row: CostRow, key: str) -> tuple[str, str]:
    """The text of a cell, and its colour."""
    if key in {"change", "percent"}:
        return _change(row, key)
    if key == "budget":
        return format_figure(row.budget, Unit.USD), "dim"
    if key == "used":
        unknown = row.budget is not None and row.used_percent is None
        text = "?" if unknown else format_figure(row.used_percent, Unit.PERCENT)
        return text, "unknown" if unknown else row.role or ("dim" if row.budget is None else "")
    amount = {"month": row.month, "yesterday": row.yesterday, "forecast": row.forecast}[key]
    text = sum_text(amount, row.currency)
    ink = "unknown" if amount.unknown else "dim" if text == "–" or row.fixed_only else ""
    return text, ink or (row.role if key == "forecast" else "")


def _change(row: CostRow, key: str) -> tuple[str, str]:
    change = row.change
    if change is None:
        return ("–", "dim") if row.days is None else ("?", "unknown")
    if key == "change":
        return format_money(round(change.usd, 2), row.currency, signed=True), ""
    quiet = not change.recent and not change.before
    return ("–", "dim") if quiet else (percent_text(change.percent), "")
