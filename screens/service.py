"""The resources of one service: sortable, filterable, thousands of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Failure
from screens.columns import ColumnsScreen
from screens.context import Context
from screens.filtered import FilteredScreen
from screens.places import ResourcePlace, Visit
from screens.saved_rows import resource_table
from screens.service_rows import BuiltRows, Look, ServiceRows, built
from screens.sight import View
from screens.table_memory import TableChoice, order_of
from screens.view_table import ViewTable
from widgets.attention_items import failure_words
from widgets.keys import hint
from widgets.line import Line, Run, join
from widgets.listing import Listing
from widgets.reasons import brief
from widgets.table import ResourceTable
from widgets.table_columns import extra_columns
from widgets.table_rows import SortKey, TableColumn, fields_of
from widgets.text_lines import TextLines

FAILURES_SHOWN = 3
BUILT_AT_ONCE = 1000
"""So many resources are rows within a few milliseconds."""


class ServiceScreen(FilteredScreen):
    """The resource table of a service, in one environment or across the fleet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K", "columns", "Columns", tooltip="Choose the columns", id="table.columns"),
    ]

    def __init__(self, context: Context, spec: ServiceSpec, environment: EnvironmentId | None) -> None:
        super().__init__(context)
        self._spec = spec
        self._environment = environment
        self._source = ServiceRows(spec, environment)
        self._table = ResourceTable(id="resources")
        self._hidden = 0
        self._next: Look | None = None
        self._building = False
        """Whether rows are being built; their builder is not for two at once."""
        self._memory = f"table.{spec.key}"
        self._choice = TableChoice.of(context.preferences.recall(self._memory))
        self._usual: tuple[TableColumn, ...] = ()
        self._extras: tuple[TableColumn, ...] = ()

    def compose_body(self) -> ComposeResult:
        """What could not be seen, then the table, what is under the cursor in words, and the filter."""
        yield TextLines(id="failures")
        yield self.filter_bar
        yield self._table
        yield TextLines(id="detail")

    def filtered_list(self) -> ResourceTable:
        """The table."""
        return self._table

    def trail(self) -> tuple[str, ...]:
        """Environment and service."""
        where = (str(self._environment),) if self._environment else ("fleet",)
        return (*where, self._spec.title)

    def environment_id(self) -> EnvironmentId | None:
        """The environment, unless the whole fleet is shown."""
        return self._environment

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:
        """The slots of an environment's service; the whole fleet is not looked at more closely."""
        if self._environment is None:
            return frozenset()
        return frozenset(slot for cell in self._source.cells(snapshot) for slot in cell.slots)

    def panels(self) -> Iterable[Widget]:
        """The table."""
        return (self._table,)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """New rows; cursor, order and filter stay. Thousands of them are built beside the interface's loop."""
        asked = self._choice.columns is not None or (bool(self._table.rows) and self.filter_bar.is_open)
        view = View(snapshot, self.context, now)
        look = Look(view, self.in_view, self._choice, asked, self._table.criteria, self._table.arrangement)
        if self._building:
            self._next = look
        elif look.size(self._source) <= BUILT_AT_ONCE:
            self._take(built(self._source, look))
        else:
            self._next = look
            self._building = True
            self.run_worker(self._build(), name="rows")

    async def _build(self) -> None:
        """Build the rows of the newest look until there is no newer one."""
        try:
            while self._next is not None:
                look, self._next = self._next, None
                found = await asyncio.to_thread(built, self._source, look)
                if self.stands:
                    self._take(found)
        finally:
            self._building = False

    def _take(self, found: BuiltRows) -> None:
        snapshot = found.look.view.snapshot
        self._hidden = found.hidden
        self._usual = found.columns
        self._extras = found.extras if found.look.extras else self._extras
        self.filter_bar.fields = fields_of((*self._usual, *self._extras))
        if not self._table.rows:
            self._table.order = found.arrangement.criteria.order
        self._table.nothing = self._nothing_words(snapshot)
        self._table.take(found.arrangement, waiting=found.waiting)
        self.query_one("#failures", TextLines).lines = self._failure_lines(found.failures)

    def _failure_lines(self, failures: Sequence[Failure]) -> tuple[Line, ...]:
        """What could not be seen: some of it, and where the rest is told."""
        lines = [_failure_line(failure) for failure in failures[:FAILURES_SHOWN]]
        if len(failures) > FAILURES_SHOWN:
            told = (f"   and {len(failures) - FAILURES_SHOWN} more", hint(self, "shows all", "app.errors"))
            lines.append((Run("; ".join(filter(None, told)), "dim"),))
        return tuple(lines)

    def _nothing_words(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Why there may be no row at all, and what can be done."""
        if self._hidden:
            return (f"{self._hidden} resources are not in view: they are in other accounts or regions.",)
        cells = self._source.cells(snapshot)
        if not cells:
            return (f"{self._spec.title} is not watched here: no target in profiles.toml names it.",)
        if all(cell.observed_at is None for cell in cells):
            return ("Nothing has been seen here yet: what is in the way stands above, and under Errors.",)
        return (
            f"There is no {self._spec.title} resource here.",
            "If there should be: the targets in profiles.toml choose by name, tag or stack, and none matches.",
        )

    def describe(self) -> None:
        """How many rows there are, and what is wrong with the one under the cursor."""
        table = self._table
        wrong = table.troubled
        parts: list[Line] = [(Run(f" {len(table.shown)} of {len(table.rows)}"),)]
        if self._hidden:
            parts.append((Run(f"{self._hidden} more not in view", "warning"),))
        if wrong:
            parts.append((Run(f"{wrong} {'needs' if wrong == 1 else 'need'} attention", "warning"),))
        if table.attention_only:
            parts.append((Run("attention only", "strong"),))
        parts.append((Run(_order_words(table.order), "dim"),))
        if table.wanted:
            parts.append((Run(f"filter: {table.wanted.text}", "dim"),))
        row = table.chosen_row
        lines = [join(parts, " · ")]
        if row is not None and row.reason:
            lines.insert(0, (Run(f" {row.name}  ", "strong"), Run(brief(row.reason))))
        self.query_one("#detail", TextLines).lines = tuple(lines)

    def text_to_copy(self) -> str | None:
        """ARN or URL of the resource under the cursor."""
        row = self._table.chosen_row
        return row.resource.key if row else None

    def resource_here(self) -> str | None:
        """The resource under the cursor."""
        return self.text_to_copy()

    def table(self) -> ViewTable | None:
        """The rows that are shown, in their order."""
        return resource_table(self._table.columns, self._table.shown)

    def action_filter(self) -> None:
        """Type a filter. It may name any fact or tag, shown or not."""
        self._extras = extra_columns(self._table.rows, self._usual)
        self.filter_bar.fields = fields_of((*self._usual, *self._extras))
        super().action_filter()

    def action_columns(self) -> None:
        """Choose the columns."""
        self._extras = extra_columns(self._table.rows, self._usual)
        shown = {column.key for column in self._table.columns}
        self.app.push_screen(ColumnsScreen(self._usual[1:], self._extras, shown), self._show_columns)

    def _show_columns(self, chosen: tuple[str, ...] | str | None) -> None:
        if chosen is not None:
            self._remember(replace(self._choice, columns=None if isinstance(chosen, str) else chosen))
            self.post_message(self.Shown())

    @on(ResourceTable.Sorted)
    def _keep_order(self) -> None:
        self._remember(replace(self._choice, order=order_of(self._table.order)))

    def _remember(self, choice: TableChoice) -> None:
        self._choice = choice
        self.context.preferences.remember(self._memory, choice.plain())

    def action_back(self) -> None:
        """First everything is shown again; then one step back."""
        if self._table.attention_only and not self.is_filtered:
            self._table.attention_only = False
        else:
            super().action_back()

    @on(ResourceTable.Arranged)
    @on(Listing.Highlighted)
    def _changed(self) -> None:
        self.describe()

    @on(Listing.Chosen, "#resources")
    def _open(self, event: Listing.Chosen) -> None:
        event.stop()
        place, _, key = event.key.partition("|")
        system, _, name = place.partition("/")
        self.post_message(Visit(ResourcePlace(key, EnvironmentId(system, name) if place else None)))


def _order_words(order: Sequence[SortKey]) -> str:
    """`worst first`, `by errors, descending, then region`."""
    if not order:
        return "worst first"
    first, *others = order
    then = "".join(f", then {key.column.title.lower()}" for key in others)
    return f"by {first.column.title.lower()}, {'descending' if first.descending else 'ascending'}{then}"


def _failure_line(failure: Failure) -> Line:
    where = f"{failure.account} {failure.region}" + (f" {failure.resource}" if failure.resource else "")
    remedy = f" – {failure.remedy}" if failure.remedy else ""
    return (
        Run(" ? ", "unknown"),
        Run(where, "strong"),
        Run(f"  {failure_words(failure)}", "unknown"),
        Run(remedy, "dim"),
    )
