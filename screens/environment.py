"""One environment: a panel for each service, its findings in words, its links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.widget import Widget
from textual.widgets import Label

from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.snapshot import EnvironmentState, Snapshot
from screens.context import Context
from screens.home import place_of
from screens.muting import FindingScreen
from screens.panels import panel_facts
from screens.places import ServicePlace, Visit
from screens.sight import View
from widgets.attention import AttentionList
from widgets.heading import Heading
from widgets.listing import Listing
from widgets.names import environment_text
from widgets.panel import PanelFacts, ServicePanel, lines_wanted

PANEL_WIDTH = 56
"""A panel is at least so wide where there is a choice."""
NARROW_PANEL_WIDTH = 38
SHARED_ROWS = 8
"""A row of panels with charts has at least so many lines before others get all that they want."""


class EnvironmentScreen(FindingScreen):
    """Panels arrange themselves by width; digits choose one, enter opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("c", "copy", "Copy", id="screen.copy"),
    ]

    def __init__(self, context: Context, environment: EnvironmentId) -> None:
        super().__init__(context)
        self._environment = environment
        self._attention = AttentionList(id="findings", with_environment=False)
        self._services: tuple[str, ...] = ()
        self._facts: list[PanelFacts] = []

    def compose_body(self) -> ComposeResult:
        """Findings on top: they are why one came. Then the panels, then the links."""
        yield self._attention
        yield Heading("SERVICES")
        yield Grid(id="panels")
        yield Label("", id="links", markup=False)

    def trail(self) -> tuple[str, ...]:
        """The environment."""
        return (environment_text(self._environment),)

    def environment_id(self) -> EnvironmentId | None:
        """The environment."""
        return self._environment

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:
        """Everything the environment draws on."""
        state = snapshot.environment(self._environment)
        return frozenset(slot for cell in state.cells.values() for slot in cell.slots) if state else frozenset()

    def finding_list(self) -> AttentionList:
        """Its findings."""
        return self._attention

    def panels(self) -> Iterable[Widget]:
        """The panels, in the order of the columns."""
        return self.query(ServicePanel)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Everything anew; panels are made once, and again only if the services of the environment change."""
        state = snapshot.environment(self._environment)
        if state is None:
            self._attention.show((), now, waiting=False)
            self.query_one("#links", Label).update(
                f"{self._environment} is no longer there; it may have been a preview."
            )
            return
        waiting = any(cell.pending for cell in state.cells.values())
        view = View(snapshot, self.context, now)
        self._attention.show(view.looked_at(state.findings), now, waiting=waiting, look=snapshot.resource)
        self._show_panels(state, view)
        links = "   ".join(f"{link.title}: {link.url}" for link in state.links)
        line = self.query_one("#links", Label)
        line.update(links)
        line.display = bool(links)
        self._share_room()

    def _show_panels(self, state: EnvironmentState, view: View) -> None:
        specs = [spec for spec in self.context.specs if spec.key in state.cells]
        facts = [panel_facts(state.cells[spec.key], spec, number, view) for number, spec in enumerate(specs, start=1)]
        self._facts = facts
        if tuple(spec.key for spec in specs) != self._services:
            self._services = tuple(spec.key for spec in specs)
            self._rebuild(facts)
            return
        for panel, fact in zip(self.query(ServicePanel), facts, strict=False):
            panel.facts = fact

    def _rebuild(self, facts: list[PanelFacts]) -> None:
        grid = self.query_one("#panels", Grid)
        grid.remove_children()
        grid.mount_all([ServicePanel(fact) for fact in facts])
        self.call_after_refresh(self._focus_worst)

    def _focus_worst(self) -> None:
        """The findings come first, as they are why one came; without any, the first panel."""
        if self._attention.items:
            self.set_focus(self._attention)
        elif not isinstance(self.focused, ServicePanel):
            self.set_focus(next(iter(self.query(ServicePanel)), self._attention))

    def on_resize(self) -> None:
        """Arrange the panels anew."""
        self._share_room()

    def _share_room(self) -> None:
        count = max(1, len(self._services))
        wide = self.size.width // PANEL_WIDTH
        columns = max(wide, 2 if self.size.width >= 2 * NARROW_PANEL_WIDTH and self.size.height < 40 else 1)
        columns = max(1, min(columns, count))
        # Rows of even length look calm: five panels in four columns are better three and two.
        rows = -(-count // columns)
        columns = -(-count // rows)
        grid = self.query_one("#panels", Grid)
        grid.styles.grid_size_columns = columns
        for panel in self.query(ServicePanel):
            # The last one takes what its row leaves.
            last = panel.facts is not None and panel.facts.number == count
            panel.styles.column_span = columns - (count - 1) % columns if last else 1
        body = self.size.height - 4
        step = self._attention.row_height
        findings = min(self._attention.lines_wanted, max(2, body // 4 // step * step))
        self._attention.styles.height = findings
        grid.styles.grid_rows = " ".join(_row_heights(self._facts, columns, body - findings - 1))

    def text_to_copy(self) -> str | None:
        """The finding under the cursor, or the environment's name."""
        item = self._attention.chosen if self.focused is self._attention else None
        return f"{self._environment} {item.subject}: {item.reason}" if item else str(self._environment)

    @on(ServicePanel.Chosen)
    def _open_service(self, event: ServicePanel.Chosen) -> None:
        event.stop()
        self.post_message(Visit(ServicePlace(event.service, self._environment)))

    @on(Listing.Chosen, "#findings")
    def _open_finding(self, event: Listing.Chosen) -> None:
        event.stop()
        item = self._attention.items.get(event.key)
        if item is not None:
            self.post_message(Visit(place_of(item)))


def _row_heights(facts: list[PanelFacts], columns: int, room: int) -> list[str]:
    """Rows with a chart share the room; a row without any takes what its lines need, unless nothing were left."""
    heights: list[int | None] = []
    for first in range(0, max(1, len(facts)), columns):
        wanted = [lines_wanted(fact) for fact in facts[first : first + columns]]
        known = [lines for lines in wanted if lines is not None]
        heights.append(None if len(known) < len(wanted) or not known else min(12, max(known)))
    fixed = sum(lines for lines in heights if lines is not None)
    enough = None in heights and room - fixed >= SHARED_ROWS * heights.count(None)
    return [str(lines) if lines is not None and enough else "1fr" for lines in heights]
