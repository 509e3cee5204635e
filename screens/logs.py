"""The log of one resource: its end, followed; paused, searched, and read back as far as memory allows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from cockpit.model.ids import SlotId
from cockpit.model.inquiry import LogLine, LogPage, LogQuery
from cockpit.model.snapshot import Snapshot
from screens.base import CockpitScreen
from screens.context import Context
from screens.inspected import logged
from screens.log_feed import LogFeed
from screens.log_words import empty_words, found_words, state_lines
from widgets.keys import hint
from widgets.log_buffer import LogBuffer
from widgets.log_rows import paragraphs
from widgets.log_view import LogView
from widgets.search_bar import SearchBar
from widgets.text_lines import TextLines
from widgets.times import local


class LogsScreen(CockpitScreen):
    """Follows a log. `space` pauses, `/` searches, `e` leaves only errors, enter shows a line whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is typed right after it goes into the search and not to the lines.
        Binding(
            "slash", "search", "Search", key_display="/", priority=True, tooltip="Search in the lines", id="logs.search"
        ),
    ]

    def __init__(self, context: Context, key: str, *, pace: float = 1.0) -> None:
        """Make the screen.

        Args:
            context: As every screen.
            key: Of the resource; an alias has the log of its function.
            pace: Factor on the time between two looks.
        """
        super().__init__(context)
        self._key = key
        self._pace = pace
        self._name, self._service = key.rsplit(":", 1)[-1], ""
        self._read_from: str | None = None
        self._buffer = LogBuffer()
        self._feed = LogFeed(self._ask, context.clock, self._buffer)
        self._view = LogView(id="lines")
        self._bar = SearchBar()
        self._whole = Static("", id="whole-text", markup=False)
        self._state = TextLines(id="state")
        self._new = 0
        self._looking_back = False

    def compose_body(self) -> ComposeResult:
        """The search, the lines, one of them whole on demand, and how things are."""
        yield self._bar
        yield self._view
        with VerticalScroll(id="whole"):
            yield self._whole
        yield self._state

    def on_mount(self) -> None:
        """The lines have the first word."""
        self.set_focus(self._view)
        self._tell()

    def trail(self) -> tuple[str, ...]:
        """Service, name, and that it is the log."""
        return (*((self._service,) if self._service else ()), self._name, "log")

    def panels(self) -> Iterable[Widget]:
        """1 the lines, 2 the whole line."""
        return (self._view, self.query_one("#whole"))

    def slots_in_view(self, snapshot: Snapshot) -> frozenset[SlotId]:
        """The slot of what it is the log of."""
        resource = snapshot.resource(self._key)
        return frozenset({resource.slot}) if resource else frozenset()

    def show(self, snapshot: Snapshot, now: float) -> None:  # noqa: ARG002 - as the others
        """Find out whose log it is; the reading has a pace of its own."""
        resource = snapshot.resource(self._key)
        if resource is not None:
            self._name, self._service = resource.name, resource.slot.service
            owner = logged(resource, snapshot, self.context)
            self._read_from = owner.key if owner else None
        self._follow()

    # Reading.

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:  # noqa: ARG002 - Textual's signature
        """Nobody looks: nothing is read."""
        self.workers.cancel_group(self, "follow")

    def _follow(self) -> None:
        under_way = any(one.group == "follow" and not one.is_finished for one in self.workers if one.node is self)
        if not under_way and self.is_current and self._read_from is not None:
            self.run_worker(self._keep_looking(), group="follow", exclusive=True)

    async def _keep_looking(self) -> None:
        while True:
            # While somebody reads a full memory, nothing is let go below their eyes.
            if self._view.following or self._buffer.room:
                added = await self._feed.look()
                self._new = 0 if self._view.following else self._new + added.new
                if added.new or added.dropped:
                    self._view.show(self._buffer.lines)
            self._tell()
            await asyncio.sleep(self._feed.delay_seconds * self._pace)

    async def _ask(self, query: LogQuery) -> LogPage:
        return await asyncio.wrap_future(self.context.source.logs(self._read_from or self._key, query))

    @on(LogView.TopReached)
    def _look_back(self) -> None:
        if self._feed.has_older and not self._looking_back:
            self._looking_back = True
            self.run_worker(self._read_older(), group="older")
            self._tell()

    async def _read_older(self) -> None:
        try:
            await self._feed.older()
        finally:
            self._looking_back = False
        self._view.show(self._buffer.lines)
        self._tell()

    # How things are.

    @on(LogView.Changed)
    def _tell(self) -> None:
        if not self.stands:
            return
        view = self._view
        if view.following:
            self._new = 0
        again = "" if view.layout_of_lines.lines else hint(self, "shows all again", "search.clear", "screen.back")
        view.empty = empty_words(self._feed, view.wanted, held=len(self._buffer.lines), again=again)
        self._bar.tell(found_words(view.layout_of_lines))
        self._state.lines = state_lines(
            self._feed, view, new=self._new, looking_back=self._looking_back, pace=self._pace
        )
        if self.has_class("-whole") and view.chosen is not None:
            self._whole.update(whole_text(view.chosen))
        self.refresh_bindings()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A slash that is typed into the search is a slash."""
        if action == "search" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Type what to search for."""
        self._bar.open()

    @on(SearchBar.Changed)
    def _search_changed(self, event: SearchBar.Changed) -> None:
        event.stop()
        only = self._view.wanted.only_matches and bool(event.text)
        self._view.wanted = replace(self._view.wanted, search=event.text, only_matches=only)

    @on(SearchBar.Left)
    def _search_left(self) -> None:
        self.set_focus(self._view)
        laid, line = self._view.layout_of_lines, self._view.chosen
        if laid.matches and line is not None and laid.wanted.pattern and not laid.wanted.pattern.search(line.text):
            # The newest match above is what one most likely looks for.
            self._view.action_match(-1)

    @on(LogView.Chosen)
    def _open_line(self) -> None:
        self.toggle_class("-whole")
        self._tell()

    def action_back(self) -> None:
        """First the whole line, then the search, then what hides lines is taken back; then one step back."""
        wanted = self._view.wanted
        if self.has_class("-whole"):
            self.remove_class("-whole")
            self.set_focus(self._view)
        elif self._bar.is_open or wanted.search:
            self._bar.close()
        elif wanted.only_errors:
            self._view.wanted = replace(wanted, only_errors=False)
        else:
            super().action_back()

    def text_to_copy(self) -> str | None:
        """The line under the cursor."""
        line = self._view.chosen
        return line.text if line is not None else None


def whole_text(line: LogLine) -> str:
    """A line with all that is known of it; JSON at its end is broken into lines."""
    head = f"{local(line.at):%Y-%m-%d %H:%M:%S.%f}"[:-3]
    first = "  ".join(filter(None, (head, line.level, line.stream)))
    before, brace, rest = line.text.partition("{")
    text = line.text
    if brace:
        with suppress(ValueError, RecursionError):
            text = f"{before.rstrip()}\n{json.dumps(json.loads(brace + rest), indent=2, ensure_ascii=False)}".lstrip(
                "\n"
            )
    return "\n".join((first, *paragraphs(text)))
