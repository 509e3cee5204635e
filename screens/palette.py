"""The command line and palette: type what to do or where to go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from cockpit.model.ids import EnvironmentId
from screens.commands import Cockpit, Command, Found, commands, resources
from screens.context import Preferences
from screens.search import Entry, Index, Match
from widgets.listing import Listing
from widgets.offers import FoundList, Offer

SHOWN = 60
RESOURCES_SHOWN = 20
RECENT = 8
"""How many of what was run last are remembered."""
_RECENT_NAME = "palette.recent"
_RECENT_BONUS = 12.0
_RESOURCE_MALUS = -15.0
"""Of a command and a resource that match alike, the command is meant."""


def recent_titles(preferences: Preferences) -> list[str]:
    """Titles of what was run last, the newest first."""
    kept = preferences.recall(_RECENT_NAME)
    return [title for title in kept if isinstance(title, str)][:RECENT] if isinstance(kept, list) else []


def remember_recent(preferences: Preferences, title: str) -> None:
    """Keep what was run now."""
    before = [one for one in recent_titles(preferences) if one != title]
    preferences.remember(_RECENT_NAME, [title, *before][:RECENT])


class PaletteScreen(ModalScreen[Command | None]):
    """A line to type in, and what is called so. Ends with what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "run", "Run", id="palette.run"),
        Binding("down,ctrl+n", "move(1)", "Next", show=False, id="palette.down"),
        Binding("up,ctrl+p", "move(-1)", "Previous", show=False, id="palette.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="palette.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="palette.page_up"),
        Binding("tab", "complete", "Complete", show=False, id="palette.complete"),
        Binding("escape", "leave", "Close", id="palette.close"),
    ]

    def __init__(self, app: Cockpit, recent: Sequence[str]) -> None:
        """Make a palette.

        Args:
            app: What can be done there, and the fleet.
            recent: Titles of what was run last.
        """
        super().__init__()
        self._cockpit = app
        self._newest = {title: len(recent) - place for place, title in enumerate(recent)}
        known = list(commands(app))
        self._commands = Index(Entry(one, one.title, one.also, self._bonus(one.title)) for one in known)
        self._resources: Index[Found] = Index(())
        self._first = sorted(known, key=lambda one: -self._newest.get(one.title, 0))
        self._searched = ""
        self._found: dict[str, Command] = {}

    def _bonus(self, title: str) -> float:
        return _RECENT_BONUS if title in self._newest else 0.0

    def compose(self) -> ComposeResult:
        """A prompt over a list."""
        with Vertical(id="palette"):
            with Horizontal(id="palette-line"):
                yield Label(":", id="palette-prompt")
                yield Input(placeholder="a command, an environment, a service, a resource", compact=True)
            yield FoundList(id="palette-list")

    def on_mount(self) -> None:
        """Ready to type."""
        self.set_focus(self.query_one(Input))
        self._search("")
        self._index_resources()

    @work(exclusive=True)
    async def _index_resources(self) -> None:
        """Thousands of them take some tens of milliseconds, in which one types already."""
        # Not an argument: the decorator would write it out, the whole fleet, for its description.
        snapshot = self._cockpit.snapshot
        if snapshot is None:
            return

        def index() -> Index[Found]:
            places: dict[tuple[EnvironmentId, str], str] = {}
            entries = []
            for one in resources(snapshot):
                where = (one.environment, one.service)
                if where not in places:
                    places[where] = f"{one.environment.system} {one.environment.environment} {one.service}"
                entries.append(Entry(one, one.name, places[where], _RESOURCE_MALUS + self._bonus(one.name)))
            return Index(entries)

        self._resources = await asyncio.to_thread(index)
        self._search(self.query_one(Input).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._search(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_run()

    def _catch_up(self) -> None:
        """What was typed last may still be on its way to the list, where keys come in one burst."""
        typed = self.query_one(Input).value
        if typed != self._searched:
            self._search(typed)

    def _search(self, typed: str) -> None:
        self._searched = typed
        typed = typed.strip().lstrip(":")
        matches = self.matches(typed) if typed else [Match(Entry(one, one.title), ()) for one in self._first]
        self._found = {str(place): match.entry.what for place, match in enumerate(matches)}
        self.query_one(FoundList).show(
            [
                Offer(str(place), match.entry.title, match.entry.what.help, match.spans)
                for place, match in enumerate(matches)
            ]
        )

    def matches(self, typed: str) -> list[Match[Command]]:
        """What is called so, best first."""
        found = self._commands.best(typed, SHOWN)
        for match in self._resources.best(typed, RESOURCES_SHOWN):
            command = match.entry.what.command(self._cockpit)
            found.append(Match(Entry(command, command.title), match.spans, match.score))
        return sorted(found, key=lambda match: -match.score)[:SHOWN]

    def action_move(self, step: int) -> None:
        """Choose another."""
        self._catch_up()
        self.query_one(FoundList).action_cursor(step)

    def action_page(self, step: int) -> None:
        """Choose another, a page away."""
        self._catch_up()
        self.query_one(FoundList).action_page(step)

    def action_complete(self) -> None:
        """Write out what is under the cursor, to type on from there."""
        chosen = self.query_one(FoundList).chosen
        if chosen is not None:
            box = self.query_one(Input)
            box.value = f"{chosen.title} "
            box.cursor_position = len(box.value)

    @on(Listing.Chosen)
    def _clicked(self, event: Listing.Chosen) -> None:
        event.stop()
        self.action_run()

    def action_run(self) -> None:
        """Do what is under the cursor."""
        self._catch_up()
        chosen = self.query_one(FoundList).chosen
        if chosen is not None:
            self.dismiss(self._found[chosen.key])

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)
