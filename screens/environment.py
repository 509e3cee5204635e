"""One environment: a panel for each service, its findings in words, its links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget

from cockpit.model.event import Event, EventKind, EventQuery
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.snapshot import EnvironmentState, Snapshot
from cockpit.model.units import format_counted
from cockpit.model.verdict import Health
from screens.context import Context
from screens.happenings import EventFeed
from screens.home import WALL
from screens.links import Page
from screens.money import cost_line
from screens.overview import OverviewScreen
from screens.panels import panel_facts
from screens.places import ServicePlace, Visit
from screens.saved_rows import finding_table
from screens.sight import View
from screens.view_table import ViewTable
from widgets.attention import AttentionList
from widgets.banner import Banner
from widgets.board import PanelBoard
from widgets.changes import RecentChanges
from widgets.glyphs import glyph, role, state_word, verdict
from widgets.heading import Heading
from widgets.line import Line, Run, fit, join, width_of
from widgets.names import environment_text
from widgets.text_lines import TextLines

SIDE_COLUMNS, SIDE_WIDTH, SIDE_CHANGES = range(160, 180), 60, 9
"""On so many columns what changed stands beside the panels, this wide, unless it is less than so much.

On fewer it has no room there, and on more a third column of panels has.
"""
SHORT_LINES, SHORT_CHANGES = 30, 4
"""On a screen of so many lines there are this many changes below the panels; twice as many on one twice as high."""
_LATELY = 40


class EnvironmentScreen(OverviewScreen):
    """Findings first: they are why one came. Then a panel for each service, what changed, and the links."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Panel", tooltip="Next panel", id="screen.next"),
        Binding("c", "copy", "Copy", tooltip="Copy what is under the cursor, over ssh too", id="screen.copy"),
    ]

    def __init__(self, context: Context, environment: EnvironmentId) -> None:
        super().__init__(context)
        self._environment = environment
        self._banner = Banner(id="banner")
        self._summary = TextLines(id="summary")
        self._attention = AttentionList(id="findings", with_environment=False)
        self._board = PanelBoard(id="panels")
        self._changes = RecentChanges(id="changes")
        self._links = TextLines(id="links")
        query = EventQuery(environment=environment, kinds=(EventKind.CHANGED, EventKind.ENDED), limit=_LATELY)
        self._feed = EventFeed(self, query, self._told_of_changes)
        self._begun = False

    def compose_body(self) -> ComposeResult:
        """The environment in one line, its findings, its panels beside what changed, its links."""
        yield self._banner
        yield self._summary
        yield self._attention
        with Container(id="environment-body"):
            yield self._board
            with Vertical(id="lately"):
                yield Heading("RECENT CHANGES")
                yield self._changes
        yield self._links

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
        """The board: the digits choose a panel on it."""
        return (self._board,)

    def action_panel(self, number: int) -> None:
        """Choose a panel of the board."""
        if self._board.choose_number(number):
            self.set_focus(self._board)

    def show(self, snapshot: Snapshot, now: float) -> None:
        """Everything anew; the lists keep cursor and scroll."""
        state = snapshot.environment(self._environment)
        if state is None:
            self._attention.show((), now, waiting=False)
            self._board.show(())
            words = f" {self._environment} is no longer there; it may have been a preview."
            self._summary.lines = ((Run(words, "dim"),),)
            return
        waiting = any(cell.pending for cell in state.cells.values())
        view = View(snapshot, self.context, now)
        self._show_lines(state, snapshot)
        self._attention.show(view.looked_at(state.findings), now, waiting=waiting, look=snapshot.resource)
        specs = [spec for spec in self.context.specs if spec.key in state.cells]
        self._board.show([panel_facts(state.cells[one.key], one, n, view) for n, one in enumerate(specs, start=1)])
        self._feed.show(snapshot)
        if not self._begun:
            self._begun = True
            # The findings come first, as they are why one came; without any, the panels.
            self.set_focus(self._attention if self._attention.items else self._board)
        self._share_room()

    def _show_lines(self, state: EnvironmentState, snapshot: Snapshot) -> None:
        """What is cut to the width: the environment in a line, in large letters where they are, and its links."""
        self._banner.said = self._large(state)
        self._summary.lines = (summary_line(state, snapshot, self.size.width),)
        # Where addresses are masked there is nothing to follow.
        self._links.lines = () if self.context.shared else link_lines(state, self.size.width)

    def _large(self, state: EnvironmentState) -> tuple[str, Run] | None:
        """Name and state for those who look from afar: on a wall, which is shared or rotates."""
        context = self.context
        wall = self.size.width >= WALL[0] and self.size.height >= WALL[1]
        if not wall or not (context.shared or context.settings.rotate_seconds):
            return None
        health = verdict(state)
        word = state_word(health) if health is not Health.OK or not state.muted else "muted"
        return environment_text(self._environment), Run(word, role(health, state.muted))

    def _told_of_changes(self, events: tuple[Event, ...], snapshot: Snapshot) -> None:  # noqa: ARG002 - a feed's
        self._changes.show(events, self.context.clock())
        self._share_room()

    def on_resize(self) -> None:
        """Arrange everything anew."""
        state = self.snapshot.environment(self._environment) if self.snapshot else None
        if state is not None and self.snapshot is not None:
            self._show_lines(state, self.snapshot)
        self._share_room()

    def _share_room(self) -> None:
        """Findings get what they need, up to a quarter; beside or below the panels stands what changed."""
        body = self.size.height - 4 - self._banner.size.height
        step = self._attention.row_height
        self._attention.styles.height = min(self._attention.lines_wanted, max(2, body // 4 // step * step))
        count = len(self._changes.items)
        beside = self.size.width in SIDE_COLUMNS and count >= SIDE_CHANGES
        self.set_class(beside, "-beside")
        lately = self.query_one("#lately")
        lately.display = bool(count) and (beside or self.size.height >= SHORT_LINES)
        lately.styles.width = SIDE_WIDTH if beside else "1fr"
        most = SHORT_CHANGES * max(1, self.size.height // SHORT_LINES)
        lately.styles.height = "1fr" if beside else 1 + min(most, count)

    def text_to_copy(self) -> str | None:
        """The finding under the cursor, or the environment's name."""
        item = self._attention.chosen if self.focused is self._attention else None
        return f"{self._environment} {item.subject}: {item.reason}" if item else str(self._environment)

    def links(self) -> Iterable[Page]:
        """The console page of the finding under the cursor, and the links of the environment."""
        state = self.snapshot.environment(self._environment) if self.snapshot else None
        own = (Page(link.title, link.url) for link in state.links) if state else ()
        return (*super().links(), *own)

    def table(self) -> ViewTable | None:
        """The findings."""
        state = self.snapshot.environment(self._environment) if self.snapshot else None
        return finding_table(state.findings) if state else None

    @on(PanelBoard.Chosen)
    def _open_service(self, event: PanelBoard.Chosen) -> None:
        event.stop()
        self.post_message(Visit(ServicePlace(event.service, self._environment)))


def summary_line(state: EnvironmentState, snapshot: Snapshot, width: int) -> Line:
    """`✖ critical   2 accounts · 5 services · this month $357 of $700 (51 %) · forecast $540`."""
    health = verdict(state)
    word = state_word(health, state.muted)
    parts: list[Line] = []
    if len(state.accounts) == 1:
        parts.append((Run(state.accounts[0], "dim"),))
    elif state.accounts:
        parts.append((Run(f"{len(state.accounts)} accounts", "dim"),))
    parts.append((Run(format_counted(len(state.cells), "service"), "dim"),))
    left = (Run(f" {glyph(health, state.muted)} {word}", role(health, state.muted)), Run("   "), *join(parts, " · "))
    bills = [bill for bill in snapshot.bills if bill.name == str(state.id)]
    cost = cost_line(bills, max(0, width - width_of(left) - 5))
    return (*left, Run(" · ", "dim"), *cost) if cost else left


def link_lines(state: EnvironmentState, width: int) -> tuple[Line, ...]:
    """The links in one line, as many as fit; none where there are none."""
    parts = [(Run(f"{link.title} ", "strong"), Run(link.url, "dim")) for link in state.links]
    return (fit((Run(" "), *join(parts, "   ")), width),) if parts else ()
