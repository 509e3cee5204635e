"""One resource: what is wrong with it, its course, what it is, what belongs to it, and all that was read of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from cockpit.model.event import Event, EventQuery
from cockpit.model.finding import Finding
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.resource import Resource
from cockpit.model.snapshot import Snapshot
from screens.context import Context
from screens.happenings import EventFeed
from screens.inspected import logged, versioned
from screens.muting import FindingScreen
from screens.places import LogsPlace, ResourcePlace, VersionsPlace, Visit
from screens.relations import Relations
from screens.resource_charts import ResourceCharts
from screens.resource_rows import about_rows, changes, event_rows, raw_text, related_rows
from screens.sight import View
from widgets.attention import AttentionList
from widgets.attention_lines import is_told_by_line, item_lines, untold_lines
from widgets.facts import FactList, FactRow
from widgets.line import Line, text_of
from widgets.listing import Listing
from widgets.text_lines import TextLines

SIDE_BY_SIDE = 100
"""From this width on, facts stand beside the charts."""
THREE_COLUMNS = 180
"""From this width on, what belongs to it and what happened has a column of its own."""
EVENTS_ASKED = 200
TOLD_FROM, TOLD_LINES = 36, 3
"""A terminal with so many lines has some for a finding in full."""


class ResourceScreen(FindingScreen):
    """Charts and facts of a resource; `y` shows the raw data, `l` its log, `v` its versions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left_square_bracket",
            "span(-1)",
            "Shorter span",
            key_display="[",
            show=False,
            tooltip="Shorter span",
            id="resource.shorter",
        ),
        Binding(
            "right_square_bracket", "span(1)", "Span", tooltip="Longer span", key_display="[ ]", id="resource.longer"
        ),
        Binding("l", "logs", "Logs", tooltip="Its log, as it is being written", id="resource.logs"),
        Binding(
            "v", "versions", "Versions", tooltip="Its versions, and what differs between two", id="resource.versions"
        ),
        Binding("y", "raw", "Raw data", tooltip="Everything that was read of it, as it is kept", id="resource.raw"),
    ]

    def __init__(self, context: Context, key: str, environment: EnvironmentId | None) -> None:
        super().__init__(context)
        self._key = key
        self._environment = environment
        self._resource: Resource | None = None
        self._name = key.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
        self._relations = Relations()
        self._events: tuple[Event, ...] = ()
        self._feed = EventFeed(self, EventQuery(resource=key, limit=EVENTS_ASKED), self._heard)
        self._offered: tuple[bool, bool] = (False, False)
        self._charts = ResourceCharts(key, context.source, id="course")
        self._facts = FactList(id="facts")
        self._around = FactList(id="around")
        self._findings = AttentionList(id="findings", with_environment=environment is None)

    def compose_body(self) -> ComposeResult:
        """Findings over charts and facts; the raw data in their place on demand."""
        yield self._findings
        yield TextLines(id="told")
        with Horizontal(id="resource-body"):
            yield self._charts
            yield self._facts
            yield self._around
        with VerticalScroll(id="raw"):
            yield Static("", id="raw-text", markup=False)

    def on_mount(self) -> None:
        """The facts have the first word: they can be walked."""
        self.set_focus(self._facts)

    def trail(self) -> tuple[str, ...]:
        """Environment, service, name."""
        where = (str(self._environment),) if self._environment else ()
        service = (self._resource.slot.service,) if self._resource else ()
        return (*where, *service, self._name)

    def environment_id(self) -> EnvironmentId | None:
        """The environment that it was opened from."""
        return self._environment

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:
        """Its own slot."""
        resource = snapshot.resource(self._key)
        return frozenset({resource.slot}) if resource else frozenset()

    def finding_list(self) -> AttentionList:
        """Its findings."""
        return self._findings

    def resource_here(self) -> str | None:
        """The resource itself, wherever the cursor is."""
        return self._key

    def panels(self) -> Iterable[Widget]:
        """1 charts, 2 facts, 3 findings, 4 what belongs to it."""
        return (self.query_one("#charts-scroll"), self._facts, self._findings, self._around)

    # Showing.

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Everything anew."""
        resource = snapshot.resource(self._key)
        self._show_findings(self._own_findings(snapshot), now)
        if resource is None:
            self._facts.show((FactRow("gone", "not here", "It is no longer there, or was not found yet."),))
            return
        self._resource, self._name = resource, resource.name
        view = View(snapshot, self.context, now)
        marks = changes(self._own_findings(snapshot), self._events)
        self._charts.show(resource, view, self._judged_in(snapshot), marks)
        self._arrange()
        self._show_rows(resource, view)
        self._feed.show(snapshot)
        self._offer(resource, snapshot)
        if self.has_class("-raw"):
            self._show_raw()

    def _show_again(self) -> None:
        """What was asked for has come."""
        if self.snapshot is not None and self.stands:
            self.show(self.snapshot, self.context.clock())

    def _own_findings(self, snapshot: Snapshot) -> list[Finding]:
        found = [finding for finding in snapshot.findings if finding.resource == self._key]
        return [one for one in found if self._environment in {None, one.environment}]

    def _show_findings(self, findings: Sequence[Finding], now: float) -> None:
        self._findings.show(findings, now, waiting=False)
        self._share_room()

    def _describe(self) -> None:
        """The finding under the cursor in full, where its line does not hold all of it and there is room.

        Nothing is told twice: a finding that is alone is told in full instead of in a list.
        """
        item, width = self._findings.chosen, self.size.width
        lines: tuple[Line, ...] = ()
        alone = False
        if item is not None and self.size.height >= TOLD_FROM and not is_told_by_line(item, width):
            alone = len(self._findings.items) == 1
            row = " ".join(map(text_of, self._findings.draw_row(self._findings.cursor_index, width)))
            now = self._findings.now
            told = item_lines(item, now, width, TOLD_LINES) if alone else untold_lines(item, row, width, TOLD_LINES)
            lines = tuple(line for line in told if line)
        self._findings.display = bool(self._findings.items) and not alone
        self.query_one("#told", TextLines).lines = lines

    def _show_rows(self, resource: Resource, view: View) -> None:
        around = (
            *related_rows(self._relations.of(resource, view.snapshot), view),
            *event_rows(self._events, view.now),
        )
        apart = self.size.width >= THREE_COLUMNS and bool(around)
        about = about_rows(resource, view)
        self._around.display = apart
        self._around.show(around if apart else ())
        self._facts.show(about if apart else (*around, *about))

    def _offer(self, resource: Resource, snapshot: Snapshot) -> None:
        offered = (
            logged(resource, snapshot, self.context) is not None,
            versioned(resource, snapshot, self.context) is not None,
        )
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def _judged_in(self, snapshot: Snapshot) -> EnvironmentId | None:
        """The environment by whose limits it is judged: where one came from, else the only one that has it."""
        if self._environment is not None or self._resource is None:
            return self._environment
        service = self._resource.slot.service
        found = [
            state.id
            for state in snapshot.environments
            if service in state.cells and self._key in state.cells[service].resources
        ]
        return found[0] if len(found) == 1 else None

    def _heard(self, events: tuple[Event, ...], snapshot: Snapshot) -> None:  # noqa: ARG002 - as the feed tells it
        self._events = events
        self._show_again()

    @on(ResourceCharts.Came)
    def _course_came(self, event: ResourceCharts.Came) -> None:
        event.stop()
        self._show_again()

    # Room.

    def on_resize(self) -> None:
        """Side by side, or below each other."""
        self._arrange()
        # The lists hear of it after the screen does, and then know how many lines an item takes.
        self.call_after_refresh(self._show_again)

    def _share_room(self) -> None:
        most = max(2, self.size.height // 5) // self._findings.row_height * self._findings.row_height
        self._findings.styles.height = min(self._findings.lines_wanted, max(self._findings.row_height, most))
        self._describe()

    def _arrange(self) -> None:
        wide = self.size.width >= SIDE_BY_SIDE
        self.set_class(not wide, "-stacked")
        body = self.size.height - 5
        self._charts.share_room(self.size.width, body if wide else body * 3 // 5)

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what there is here; nothing raw on a shared screen."""
        logs, versions = self._offered
        offered = {"logs": logs, "versions": versions, "raw": not self.context.shared}
        return super().check_action(action, parameters) if offered.get(action, True) else False

    def action_span(self, step: int) -> None:
        """A shorter or longer time."""
        self._charts.step(step)

    def action_logs(self) -> None:
        """Its log, or that of the function it belongs to."""
        if self._resource is not None:
            self.post_message(Visit(LogsPlace(self._key)))

    def action_versions(self) -> None:
        """Its versions."""
        if self._resource is not None:
            self.post_message(Visit(VersionsPlace(self._key)))

    def action_raw(self) -> None:
        """Everything that was read, as it is kept."""
        self.toggle_class("-raw")
        if self.has_class("-raw"):
            self._show_raw()
            self.set_focus(self.query_one("#raw"))
        else:
            self.set_focus(self._facts)

    def _show_raw(self) -> None:
        if self._resource is not None:
            self.query_one("#raw-text", Static).update(raw_text(self._resource))

    def action_back(self) -> None:
        """From the raw data to the charts; then one step back."""
        if self.has_class("-raw"):
            self.action_raw()
        else:
            super().action_back()

    def text_to_copy(self) -> str | None:
        """The raw data where it is shown; the finding or fact under the cursor; else the ARN or URL."""
        if self.has_class("-raw") and self._resource is not None:
            return raw_text(self._resource)
        if self.focused is self._findings and self._findings.chosen is not None:
            return f"{self._findings.chosen.subject}: {self._findings.chosen.reason}"
        row = self.focused.chosen if isinstance(self.focused, FactList) else None
        return row.text if row is not None and row.text else self._key

    @on(Listing.Chosen, "#facts,#around")
    def _open_related(self, event: Listing.Chosen) -> None:
        event.stop()
        row = event.listing.chosen if isinstance(event.listing, FactList) else None
        if row is not None and row.target is not None:
            self.post_message(Visit(ResourcePlace(row.target, self._environment)))

    @on(Listing.Highlighted, "#findings")
    def _moved(self, event: Listing.Highlighted) -> None:
        event.stop()
        self._describe()

    @on(Listing.Chosen, "#findings")
    def _stay(self, event: Listing.Chosen) -> None:
        event.stop()
