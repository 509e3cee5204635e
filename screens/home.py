"""Home: the whole fleet on one screen. What is wrong is at the top, and in words below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cockpit.model.event import Event, EventKind, EventQuery
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_age, format_counted
from screens.below import CHARTS, Below
from screens.context import Context
from screens.happenings import EventFeed, changes_since
from screens.money import cost_line
from screens.nearest import NearestFeed
from screens.overview import OverviewScreen
from screens.panels import finding_plots
from screens.places import EnvironmentPlace, Place, ServicePlace, Visit
from screens.saved_rows import finding_table, fleet_table
from screens.scope import narrowed, states_by_name
from screens.sight import View
from screens.view_table import ViewTable
from widgets.attention import AttentionList
from widgets.attention_lines import item_lines
from widgets.band import FleetBand
from widgets.heading import Heading
from widgets.line import Run
from widgets.listing import Listing
from widgets.matrix import FleetMatrix, worst_first
from widgets.plot import Plot
from widgets.status import muted_count, oldest_at, severity_counts
from widgets.text_lines import TextLines

WALL = (160, 45)
"""From this size on (columns, lines) the fleet is told in large letters too."""
DETAIL_LINES = (3, 6)
"""The finding in full is given no fewer lines, and no more."""
_LATELY = (EventKind.CHANGED, EventKind.ENDED)


class HomeScreen(OverviewScreen):
    """The matrix of environments and services, and what needs attention."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False, tooltip="Back to the matrix", id="screen.back"),
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding(
            "A",
            "app.accounts",
            "Accounts",
            tooltip="Identities, sessions, failures, calls and dollars of every account",
            id="app.accounts",
        ),
        Binding("C", "app.cost", "Cost", tooltip="What everything costs, against its budget", id="app.cost"),
        Binding("T", "app.timeline", "Timeline", tooltip="What happened, and when", id="app.timeline"),
        Binding(
            "exclamation_mark",
            "app.errors",
            "Errors",
            key_display="!",
            tooltip="What could not be seen, why, and what would help",
            id="app.errors",
        ),
        Binding("q", "app.quit", "Quit", tooltip="Leave the program", id="app.quit"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._band = FleetBand(id="band")
        self._matrix = FleetMatrix(context.specs, id="matrix")
        self._attention = AttentionList(id="attention")
        self._below = Below(id="lower")
        self._changes = self._below.changes
        self._wrong: tuple[Plot, ...] = ()
        self._nearest = NearestFeed(self, self._share_room, limit=CHARTS)
        self._feed = EventFeed(self, EventQuery(kinds=_LATELY, limit=60), self._told_of_changes)
        self._cost = TextLines(id="cost")
        self._detail_rows = 0

    def compose_body(self) -> ComposeResult:
        """Matrix and attention list; where there is more room, charts and changes, or the finding in full."""
        yield self._band
        yield self._matrix
        yield Heading("ATTENTION", id="attention-heading")
        yield self._attention
        yield self._below
        yield self._cost
        yield TextLines(id="detail")

    def finding_list(self) -> AttentionList:
        """Its findings."""
        return self._attention

    def panels(self) -> Iterable[Widget]:
        """1 is the matrix, 2 the attention list, 3 what changed."""
        return (self._matrix, self._attention, self._changes)

    def counts_itself(self) -> bool:
        """In large letters, where there are any."""
        return self._is_wall

    def on_mount(self) -> None:
        """The matrix has the first word."""
        self.set_focus(self._matrix)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Everything anew; the lists keep cursor and scroll."""
        states = snapshot.environments
        waiting = not states or any(cell.pending for state in states for cell in state.cells.values())
        view = View(snapshot, self.context, now)
        stale_seconds = {spec.key: view.stale_seconds(spec) for spec in self.context.specs}
        in_view = narrowed(snapshot, self.in_view)
        self._band.counts, self._band.muted = severity_counts(snapshot), muted_count(snapshot)
        self._matrix.narrowed = not self.in_view.scope.whole
        self._matrix.limits = view.trend_limits()
        self._matrix.show(in_view, now, stale_seconds)
        found, known = view.looked_at(snapshot.findings), states_by_name(snapshot)
        shown = [one for one in found if self.in_view.holds_part(one.slot, known.get(str(one.environment)))]
        self._attention.calm = _calm(snapshot, now, self.context.slow_services, len(found) - len(shown))
        self._attention.show(shown, now, waiting=waiting, look=snapshot.resource)
        heading = self.query_one("#attention-heading", Heading)
        news = changes_since(snapshot, self.context.preferences)
        heading.detail = _told(self._attention.counted, len(found) - len(shown), news)
        self._wrong = tuple(finding_plots(view, shown, limit=CHARTS))
        if self._is_wall:
            self._nearest.show(view, in_view.environments)
        self._feed.show(snapshot)
        self._show_cost(in_view)
        self._share_room()

    def _show_cost(self, in_view: Snapshot) -> None:
        names = {str(state.id) for state in in_view.environments}
        bills = [bill for bill in in_view.bills if bill.name in names]
        line = cost_line(bills, max(0, self.size.width - 8), names=True)
        self._cost.lines = ((Run(" COST  ", "heading"), *line),) if line and self._is_wall else ()

    def _told_of_changes(self, events: tuple[Event, ...], snapshot: Snapshot) -> None:  # noqa: ARG002 - a feed's
        self._below.show_changes(events, self.context.clock())
        self._share_room()

    @property
    def _is_wall(self) -> bool:
        """Whether the screen is large enough to be read from afar."""
        return self.size.width >= WALL[0] and self.size.height >= WALL[1]

    def on_resize(self) -> None:
        """Share the lines anew."""
        if self.snapshot is not None:
            self._show_cost(narrowed(self.snapshot, self.in_view))
            self.tick(self.context.clock())
        self._share_room()

    def _share_room(self) -> None:
        """Attention gets what it needs, up to two fifths, the matrix the rest; what neither needs goes below."""
        self._band.display = self._is_wall
        fixed = self._band.lines_wanted + 1 if self._is_wall else 0
        body = self.size.height - 4 - fixed - len(self._cost.lines)
        wanted = min(self._attention.lines_wanted, max(4, body * 2 // 5))
        matrix = min(self._matrix.lines_wanted, max(5, body - wanted))
        self._matrix.styles.max_height = matrix
        spare = body - matrix - wanted - 1
        self._below.show(self._wrong, self._nearest.plots)
        below = self._below.share(spare, self.size.width, wall=self._is_wall)
        self._attention.styles.height = wanted + 1 if below else "1fr"
        self._detail_rows = 0 if below or spare < DETAIL_LINES[0] else min(spare, DETAIL_LINES[1])
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

    def table(self) -> ViewTable | None:
        """The matrix; the findings while they have the focus."""
        if self.snapshot is None:
            return None
        in_view = narrowed(self.snapshot, self.in_view)
        if self.focused is self._attention:
            known = {key for item in self._attention.items.values() for key in item.findings}
            return finding_table(one for one in in_view.findings if one.key in known)
        return fleet_table(worst_first(in_view.environments), [spec.key for spec in self.context.specs])

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


def _calm(snapshot: Snapshot, now: float, slow: frozenset[str], hidden: int) -> str:
    """Good news, with how old it is; and only of what is in view."""
    oldest = oldest_at(snapshot, slow)
    age = f" The oldest data is {format_age(now - oldest)} old." if oldest is not None else ""
    if hidden:
        return f"Nothing in view needs attention; {format_counted(hidden, 'finding')} elsewhere.{age}"
    return f"Nothing needs attention.{age}"


def _told(count: str, hidden: int, news: int) -> str:
    parts = [
        count or ("0" if hidden else ""),
        f"{format_counted(hidden, 'finding')} not in view" if hidden else "",
        f"{format_counted(news, 'change')} since you last looked" if news else "",
    ]
    return " · ".join(part for part in parts if part)
