"""What everything costs: by environment, AWS service or account; against the budget; what moved; what looking costs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import Snapshot
from cockpit.model.spending import utc_day
from screens.commands import Command
from screens.context import Context
from screens.cost_parts import ALL
from screens.cost_table import cost_table
from screens.cost_tree import GROUPS, TITLES, Tree, movers_of, place_of_mover, tree_of
from screens.cost_words import band, bars_of, own_lines, row_line, source_line
from screens.filtered import FilteredScreen
from screens.ledger import Ledger, ledger_of
from screens.places import Place, Visit
from screens.view_table import ViewTable
from widgets.cost_list import CostList
from widgets.cost_rows import FIELDS
from widgets.day_bars import DayBars
from widgets.heading import Heading
from widgets.line import fit
from widgets.listing import Listing
from widgets.movers import MoverList
from widgets.text_lines import TextLines

BESIDE = 160
"""From this width on, bars and movers stand beside the list."""
TALL = 30
"""From so many lines on, the dearest calls have a line of their own."""
LOW, HIGH = 8, 24
"""Lines of the bars, at least and at most, where they stand below the list."""
_MEMORY = "cost"


class CostScreen(FilteredScreen):
    """The month at a glance; a tree of costs; days and movers of the row under the cursor; where it comes from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "group", "Group by", tooltip="Environments, AWS services, accounts", id="cost.group"),
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
    ]

    def __init__(self, context: Context, environment: EnvironmentId | None = None) -> None:
        super().__init__(context, FIELDS)
        self._wanted = f"environment|{environment}" if environment else None
        self._spec = next((one for one in context.specs if one.summarise is not None), None)
        self._list = CostList(id="costs")
        self._bars = DayBars(id="bars")
        self._movers = MoverList(id="movers")
        self._ledger: Ledger | None = None
        self._tree = Tree(())
        self._made_from: tuple[object, ...] = ()
        kept = context.preferences.recall(_MEMORY)
        kept = kept if isinstance(kept, dict) else {}
        self._group = kept["group"] if kept.get("group") in GROUPS else GROUPS[0]
        if isinstance(kept.get("column"), str):
            self._list.column, self._list.descending = kept["column"], bool(kept.get("descending", True))

    def compose_body(self) -> ComposeResult:
        """The band over the tree; beside or below it the days and the movers; then what there is to say."""
        yield TextLines(id="cost-band")
        yield self.filter_bar
        with Container(id="cost-body"):
            yield self._list
            with Container(id="cost-detail"):
                yield self._bars
                with Vertical(id="moving"):
                    yield Heading("BIGGEST MOVERS", id="movers-heading")
                    yield self._movers
        yield TextLines(id="cost-told")

    def filtered_list(self) -> CostList:
        """The tree."""
        return self._list

    def trail(self) -> tuple[str, ...]:
        """Cost, and how it is grouped."""
        return ("cost", {"environment": "by environment", "service": "by AWS service"}.get(self._group, "by account"))

    def panels(self) -> Iterable[Widget]:
        """1 the tree, 2 the movers."""
        return (self._list, self._movers)

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:  # noqa: ARG002 - a closer look would be paid for
        """None: a bill is not looked at more closely, as every look costs money."""
        return frozenset()

    # Showing.

    def show(self, snapshot: Snapshot, now: float) -> None:
        """New rows; cursor, order, folds and filter stay."""
        spec = self._spec
        if spec is None:
            self._list.nothing = "No bills are watched."
            self._list.show((), now)
            return
        made_from = (utc_day(now), self._group, self.in_view, *_made_from(snapshot, spec))
        if made_from != self._made_from:
            # Bills are hours old, and snapshots come several times a second.
            self._made_from = made_from
            self._ledger = ledger_of(snapshot, self.in_view, spec, utc_day(now))
            self._tree = tree_of(self._ledger, self._group, _watched(self.context.specs), spec.key)
            self._list.title = TITLES[self._group]
            self._list.nothing = f"No environment names the service {spec.key}, so there is nothing to add up."
            self._list.show(self._tree.rows, now)
        if self._wanted is not None and self._list.move_to(self._wanted):
            self._wanted = None
        self._share_room()
        self.describe()

    def describe(self) -> None:
        """The row under the cursor: its days, its movers, and what there is to say of it."""
        snapshot, ledger, row = self.snapshot, self._ledger, self._list.chosen
        if snapshot is None or ledger is None:
            return
        now, width = self.context.clock(), self.size.width
        whole = next((one for one in self._tree.rows if one.key == ALL), None)
        self.query_one("#cost-band", TextLines).lines = band(whole, now, width) if whole else ()
        most = 2 if self.size.height >= TALL else 1
        told = [row_line(row) if row else (), source_line(ledger.slots, snapshot.observations, now)]
        told += own_lines(snapshot.meter, now, width, most=most)
        self.query_one("#cost-told", TextLines).lines = tuple(fit(line, width) for line in told)
        if row is None:
            return
        self._bars.bars = bars_of(row, now)
        bills = self._tree.bills.get(row.key, ())
        movers = movers_of(bills, ledger)
        if row.key.startswith("service|"):
            movers = [one for one in movers if row.key.startswith(f"service|{one.what}")]
        self._movers.show(movers, with_where=len(bills) > 1, known=row.change is not None or not bills)
        heading = self.query_one("#movers-heading", Heading)
        heading.detail = "7 days against the 7 before"

    def on_resize(self) -> None:
        """Share the room anew."""
        if self.stands:
            self._share_room()
            self.describe()

    def _share_room(self) -> None:
        """Wide: bars and movers beside the tree. Else below it, side by side, with what the tree does not need."""
        beside = self.size.width >= BESIDE
        self.set_class(beside, "-beside")
        detail = self.query_one("#cost-detail")
        body = self.size.height - 8
        wanted = self._list.header_height + len(self._list.keys)
        below = min(HIGH, max(LOW, body - wanted, body * 2 // 5))
        detail.styles.height = "1fr" if beside else min(below, max(LOW, body - 6))

    # Going on.

    def action_group(self) -> None:
        """The next way to group."""
        self.group_by(GROUPS[(GROUPS.index(self._group) + 1) % len(GROUPS)])

    def group_by(self, group: str) -> None:
        """Group by environment, by AWS service or by account."""
        self._group = group
        self._list.folded = frozenset()
        # The only row that is in all of them.
        self._list.move_to(ALL)
        self._remember()
        self.post_message(self.Shown())

    @on(CostList.Sorted)
    def _remember(self) -> None:
        chosen = {"group": self._group, "column": self._list.column, "descending": self._list.descending}
        self.context.preferences.remember(_MEMORY, chosen)

    def commands(self) -> Iterable[Command]:
        """The ways to group."""
        for group, words in zip(GROUPS, ("environment", "AWS service", "account"), strict=True):
            if group != self._group:
                run = partial(self.group_by, group)
                yield Command(f"Group by {words}", "The same costs, added up otherwise", run, "cost by")

    def text_to_copy(self) -> str | None:
        """The row under the cursor."""
        row = self._list.chosen
        return "".join(run.text for run in row_line(row)).strip() or row.label if row else None

    def table(self) -> ViewTable:
        """The rows that are shown."""
        return cost_table(self._list.shown, self._list.rows, self._group)

    def resource_here(self) -> str | None:
        """The bill under the cursor, where it is one."""
        row = self._list.chosen
        bills = self._tree.bills.get(row.key, ()) if row else ()
        return bills[0].key if len(bills) == 1 else None

    @on(Listing.Highlighted, "#costs")
    def _moved(self, event: Listing.Highlighted) -> None:
        event.stop()
        self.describe()

    @on(Listing.Chosen, "#costs")
    def _open(self, event: Listing.Chosen) -> None:
        event.stop()
        place = self._tree.places.get(event.key)
        if place is not None:
            self._go(place)
        else:
            self._list.action_fold()

    @on(Listing.Chosen, "#movers")
    def _open_mover(self, event: Listing.Chosen) -> None:
        event.stop()
        mover = self._movers.chosen
        if mover is not None and self._ledger is not None:
            self._go(place_of_mover(mover, self._ledger))

    def _go(self, place: Place) -> None:
        self.post_message(Visit(place))


def _made_from(snapshot: Snapshot, spec: ServiceSpec) -> tuple[object, ...]:
    """Everything that the rows are made from: as long as it is the same, they are."""
    seen = [one.resources for slot, one in snapshot.observations.items() if slot.service == spec.key]
    cells = [(state.id, state.cells[spec.key]) for state in snapshot.environments if spec.key in state.cells]
    told = [(name, one.health, one.note, one.pending, one.slots, one.resources) for name, one in cells]
    return (*seen, *told)


def _watched(specs: Iterable[ServiceSpec]) -> dict[str, str]:
    """AWS service as bills call it → key of the service that watches it."""
    return {name: spec.key for spec in specs for name in spec.billed_as}
