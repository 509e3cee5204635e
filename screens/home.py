"""Home: the whole fleet on one screen. What is wrong is at the top, and in words below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.snapshot import Snapshot
from screens.context import Context
from screens.muting import FindingScreen
from screens.panels import finding_plots
from screens.places import AccountsPlace, EnvironmentPlace, Place, ResourcePlace, ServicePlace, Visit
from screens.scope import narrowed, states_by_name
from screens.sight import View
from widgets.attention import AttentionList
from widgets.attention_items import AttentionItem
from widgets.attention_lines import item_lines
from widgets.charts import ChartStrip
from widgets.heading import Heading
from widgets.listing import Listing
from widgets.matrix import FleetMatrix
from widgets.text_lines import TextLines

CHART_LINES = (8, 28)
"""A chart is no lower and no higher than this."""
CHART_WIDTH = 62
DETAIL_LINES = (3, 6)
"""The finding in full is given no fewer lines, and no more."""


class HomeScreen(FindingScreen):
    """The matrix of environments and services, and what needs attention."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False, id="screen.back"),
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("A", "app.accounts", "Accounts", id="app.accounts"),
        Binding("exclamation_mark", "app.errors", "Errors", key_display="!", id="app.errors"),
        Binding("q", "app.quit", "Quit", id="app.quit"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._matrix = FleetMatrix(context.specs, id="matrix")
        self._attention = AttentionList(id="attention")
        self._detail_rows = 0

    def compose_body(self) -> ComposeResult:
        """Matrix and attention list; where there is more room, charts, or the finding under the cursor in full."""
        yield self._matrix
        yield Heading("ATTENTION", id="attention-heading")
        yield self._attention
        yield ChartStrip(id="evidence")
        yield TextLines(id="detail")

    def finding_list(self) -> AttentionList:
        """Its findings."""
        return self._attention

    def panels(self) -> Iterable[Widget]:
        """1 is the matrix, 2 the attention list."""
        return (self._matrix, self._attention)

    def on_mount(self) -> None:
        """The matrix has the first word."""
        self.set_focus(self._matrix)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Everything anew; the lists keep cursor and scroll."""
        states = snapshot.environments
        waiting = not states or any(cell.pending for state in states for cell in state.cells.values())
        view = View(snapshot, self.context, now)
        stale_seconds = {spec.key: view.stale_seconds(spec) for spec in self.context.specs}
        self._matrix.narrowed = not self.in_view.scope.whole
        self._matrix.show(narrowed(snapshot, self.in_view), now, stale_seconds)
        found, known = view.looked_at(snapshot.findings), states_by_name(snapshot)
        shown = [one for one in found if self.in_view.holds_part(one.slot, known.get(str(one.environment)))]
        self._attention.show(shown, now, waiting=waiting, look=snapshot.resource)
        self.query_one(Heading).detail = _told(len(self._attention.items), len(found) - len(shown))
        self.query_one(ChartStrip).show(finding_plots(view, shown, limit=4))
        self._share_room()

    def on_resize(self) -> None:
        """Share the lines anew."""
        self._share_room()

    def _share_room(self) -> None:
        """Attention gets what it needs, up to two fifths, the matrix the rest; what neither needs goes to charts."""
        body = self.size.height - 4
        wanted = min(self._attention.lines_wanted, max(4, body * 2 // 5))
        matrix = min(self._matrix.lines_wanted, max(5, body - wanted))
        self._matrix.styles.max_height = matrix
        least, most = CHART_LINES
        strip = self.query_one(ChartStrip)
        spare = body - matrix - wanted - 1
        strip.display = spare >= least and bool(strip.plots)
        strip.columns = max(1, self.size.width // CHART_WIDTH)
        strip.styles.height = min(spare, most)
        self._attention.styles.height = wanted + 1 if strip.display else "1fr"
        self._detail_rows = 0 if strip.display or spare < DETAIL_LINES[0] else min(spare, DETAIL_LINES[1])
        self._describe()

    def _describe(self) -> None:
        """The finding under the cursor in full: the list has room for the gist only."""
        item = self._attention.chosen
        lines = item_lines(item, self._attention.now, self.size.width, self._detail_rows) if item is not None else ()
        self.query_one("#detail", TextLines).lines = lines

    @on(Listing.Highlighted, "#attention")
    def _moved(self, event: Listing.Highlighted) -> None:
        event.stop()
        self._describe()

    def text_to_copy(self) -> str | None:
        """The environment, or the finding in words."""
        if self.focused is self._attention:
            item = self._attention.chosen
            return f"{item.where} {item.subject}: {item.reason}" if item else None
        row = self._matrix.chosen_environment
        return str(row.id) if row else None

    def action_back(self) -> None:
        """Back to the whole environment, and to the matrix; never out of the program."""
        self._matrix.chosen_column = None
        self.set_focus(self._matrix)

    @on(FleetMatrix.CellChosen)
    def _open_cell(self, event: FleetMatrix.CellChosen) -> None:
        event.stop()
        place: Place = EnvironmentPlace(event.environment)
        if event.service is not None:
            place = ServicePlace(event.service, event.environment)
        self.post_message(Visit(place))

    @on(Listing.Chosen, "#attention")
    def _open_finding(self, event: Listing.Chosen) -> None:
        event.stop()
        item = self._attention.items.get(event.key)
        if item is not None:
            self.post_message(Visit(place_of(item)))


def _told(count: int, hidden: int) -> str:
    parts = [
        f"{count}" if count or hidden else "",
        f"{hidden} finding{'' if hidden == 1 else 's'} not in view" if hidden else "",
    ]
    return " · ".join(part for part in parts if part)


def place_of(item: AttentionItem) -> Place:
    """Where an item is explained: its resource, else its service, else the account that is the cause of several."""
    environment = item.environments[0]
    if item.resource is not None:
        return ResourcePlace(item.resource, environment)
    if len(item.environments) > 1 or not item.service:
        return AccountsPlace(item.account)
    return ServicePlace(item.service, environment)
