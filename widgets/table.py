"""The resource table: thousands of rows, drawn line by line, filtered and sorted by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from widgets.arrangement import Arrangement, Criteria, arranged
from widgets.glyphs import ASCENDING, DESCENDING, ROLE, SEVERITY
from widgets.line import Line, Run, fit, pad, width_of
from widgets.sortable import SortableListing
from widgets.table_layout import GAP, TableLayout, lay_out
from widgets.table_rows import STATE, SortKey, TableColumn, TableRow

MOST_KEYS = 3
"""Columns that rule the order at most."""


class ResourceTable(SortableListing):
    """Rows of resources. Left and right choose a column, `S` or a click on its title sorts by it, `s` within it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "s", "sort_also", "Sort within", tooltip="Sort equals by this column", show=False, id="table.sort_also"
        ),
        Binding(
            "ctrl+z",
            "attention",
            "Attention only",
            tooltip="Only what needs attention, or everything",
            id="table.attention",
        ),
    ]

    attention_only: reactive[bool] = reactive(default=False)
    """Only rows that are not ok are shown."""

    class Arranged(Message):
        """What is shown, or its order, has changed."""

        def __init__(self, table: ResourceTable) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> ResourceTable:
            """The table."""
            return self.table

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now = 0.0
        self.waiting = False
        self.nothing: tuple[str, ...] = ("Nothing was found here.",)
        """What is said where there is no row at all."""
        self.order: tuple[SortKey, ...] = ()
        """What rules the order, first key first; empty: worst first."""
        self.arrangement = Arrangement()
        """What is shown."""
        self.plan = TableLayout(())

    @property
    def criteria(self) -> Criteria:
        """What decides which rows are shown, and in which order."""
        return Criteria(self.wanted, self.order, self.attention_only)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """Columns that are shown where there is room."""
        return self.arrangement.columns

    @property
    def rows(self) -> tuple[TableRow, ...]:
        """All rows, shown or not."""
        return self.arrangement.rows

    @property
    def troubled(self) -> int:
        """Rows that are not ok, shown or not."""
        return self.arrangement.troubled

    @property
    def shown(self) -> Sequence[TableRow]:
        """Rows that are shown, in order."""
        return self.arrangement.shown

    @property
    def chosen_row(self) -> TableRow | None:
        """The row under the cursor."""
        return self.shown[self.cursor_index] if self.shown else None

    def show(
        self, columns: Sequence[TableColumn], rows: Sequence[TableRow], now: float, *, waiting: bool = False
    ) -> None:
        """Take the newest rows. Cursor, scroll, order and filter stay."""
        self.take(arranged(columns, rows, now, self.criteria, self.arrangement), waiting=waiting)

    def take(self, arrangement: Arrangement, *, waiting: bool = False) -> None:
        """Show what was arranged elsewhere; once more where somebody has asked for another order since."""
        self.waiting = waiting
        if arrangement.criteria != self.criteria:
            of = arrangement
            arrangement = arranged(of.columns, of.rows, of.now, self.criteria, of)
        elif not arrangement.fresh and arrangement.keys == self.keys:
            # The very same rows: only their ages have changed.
            self.now, self.arrangement = arrangement.now, arrangement
            self.refresh()
            return
        self._put(arrangement)

    def choose_rows(self) -> None:
        """Choose and order what is shown."""
        of = self.arrangement
        self._put(arranged(of.columns, of.rows, self.now, self.criteria, of))

    def _put(self, arrangement: Arrangement) -> None:
        self.now, self.arrangement = arrangement.now, arrangement
        self._plan()
        self.set_keys(arrangement.keys)
        self.post_message(self.Arranged(self))

    def _plan(self) -> None:
        of = self.arrangement
        self.plan = lay_out(self.size.width - 1, of.columns, of.longest, reason=of.reason)

    def on_resize(self) -> None:
        """Fold the columns anew; the list's own handler runs after this one."""
        self._plan()

    def watch_attention_only(self) -> None:
        """Show what needs attention, or everything again."""
        self.choose_rows()

    # Order.

    def column_keys(self) -> Sequence[str]:
        """Those that are shown."""
        return [placed.column.key for placed in self.plan.columns]

    def _column(self, key: str) -> TableColumn:
        return next(column for column in self.columns if column.key == key)

    def sort_by(self, key: str) -> None:
        """Sort by a column alone; again reverses. Figures start with the largest, words with A."""
        column = self._column(key)
        same = len(self.order) == 1 and self.order[0].column.key == column.key
        self._sort((SortKey(column, not self.order[0].descending if same else column.fixed),))

    def sort_also(self, key: str) -> None:
        """Sort what is equal so far by a further column; again reverses it."""
        column = self._column(key)
        places = {one.column.key: place for place, one in enumerate(self.order)}
        order = list(self.order)
        if column.key in places:
            place = places[column.key]
            order[place] = SortKey(column, not order[place].descending)
        else:
            order = [*order[: MOST_KEYS - 1], SortKey(column, column.fixed)]
        self._sort(tuple(order))

    def _sort(self, order: tuple[SortKey, ...]) -> None:
        self.order = order
        self.choose_rows()
        self.post_message(self.Sorted(self))

    def action_sort_also(self) -> None:
        """Sort equals by the chosen column."""
        if self.chosen_column is not None:
            self.sort_also(self.chosen_column)

    def action_attention(self) -> None:
        """Only what needs attention, or everything."""
        self.attention_only = not self.attention_only

    def on_click(self, event: events.Click) -> None:
        """A click on a title sorts, with ctrl within the order so far; the list's own handler deals with rows."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= self.header_height:
            return
        column = self.plan.column_at(offset.x)
        if column is not None:
            self.choose_column(column.key)
            sort = self.sort_also if event.ctrl else self.sort_by
            sort(column.key)
        event.prevent_default()

    # Drawing.

    def draw_header(self, width: int) -> Line:
        """Titles; an arrow beside the one that rules the order."""
        runs = [Run("   ")]
        for placed in self.plan.columns:
            column = placed.column
            title = column.title + self._arrow(column)
            runs += [*self.title_runs(column.key, title, placed.width, right=column.fixed), Run(" " * GAP)]
        if self.plan.reason:
            runs.append(Run("WHY", "heading"))
        elif self.plan.hidden and width_of(tuple(runs)) + len(f"+{self.plan.hidden}") <= width:
            runs.append(Run(f"+{self.plan.hidden}", "heading"))
        return fit(tuple(runs), width)

    def _arrow(self, column: TableColumn) -> str:
        """Which way a column is sorted, and which key it is where there are several."""
        for place, key in enumerate(self.order, start=1):
            if key.column.key == column.key:
                return (str(place) if len(self.order) > 1 else " ") + (DESCENDING if key.descending else ASCENDING)
        return ""

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One resource."""
        row = self.shown[index]
        runs = [Run(" "), Run(SEVERITY[row.health], "dim" if row.quiet else ROLE[row.health]), Run(" ")]
        for placed in self.plan.columns:
            column = placed.column
            text = column.show(row.value(column.key), self.now)
            ink = "dim" if row.stale or text == "–" else ""
            if column.key in {"account", "region", "kind", "environment"}:
                ink = "dim"
            if self.order and self.order[0].column.key == column.key != STATE:
                ink = ink or "strong"
            runs += [Run(pad(text, placed.width, right=column.fixed), ink), Run(" " * GAP)]
        if self.plan.reason and row.reason:
            runs.append(Run(pad(row.reason, self.plan.reason), "dim" if row.quiet else ROLE[row.health]))
        return (fit(tuple(runs), width),)

    def empty_lines(self) -> Sequence[Line]:
        """Why nothing is shown."""
        if self.waiting and not self.rows:
            return ((Run(" Waiting for the first look.", "dim"),),)
        if self.rows:
            why = "matches the filter" if self.wanted else "needs attention"
            return self.nothing_shown(f"None of {len(self.rows)} {why}.")
        return tuple((Run(f" {line}", "dim"),) for line in self.nothing)
