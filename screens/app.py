"""The app: hears of new snapshots, hands them to the screen on top, and goes where it is told. Nothing here waits."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, InputEvent
from textual.message import Message

from cockpit.config.settings import Settings
from cockpit.model.ids import SlotId
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from screens.accounts import AccountsScreen
from screens.base import CockpitScreen
from screens.commands import Command
from screens.context import Context, Preferences, Source
from screens.cost import CostScreen
from screens.errors import ErrorsScreen
from screens.help import HelpScreen, key_rows
from screens.home import HomeScreen
from screens.masked import as_shown
from screens.mutes import MutesScreen
from screens.places import AccountsPlace, CostPlace, ErrorsPlace, MutesPlace, Place, TimelinePlace, Visit
from screens.rotating import Rotator
from screens.routes import screen_for
from screens.scope import EVERYTHING, Scope
from screens.shell import Shell
from screens.timeline import TimelineScreen

_AGAIN_SECONDS = 3.0
"""A second ctrl+c within this time leaves."""


class SnapshotArrived(Message):
    """There is a newer snapshot. A burst of these is handled once: only the newest snapshot counts."""

    def can_replace(self, message: Message) -> bool:
        """Whether this makes the other unnecessary."""
        return isinstance(message, SnapshotArrived)


class CockpitApp(Shell):
    """The interactive cockpit."""

    TITLE = "cockpit"
    CSS_PATH = Path(__file__).with_name("cockpit.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", key_display="?", tooltip="This list", id="app.help"),
        Binding(
            "ctrl+r",
            "refresh",
            "Refresh",
            show=False,
            tooltip="Poll what is on screen now, out of turn",
            id="app.refresh",
        ),
        Binding("p", "pause", "Pause", show=False, tooltip="Stop polling, or go on with it", id="app.pause"),
        Binding(
            "A",
            "accounts",
            "Accounts",
            show=False,
            tooltip="Identities, sessions, failures, calls and dollars of every account",
            id="app.accounts",
        ),
        Binding("C", "cost", "Cost", show=False, tooltip="What everything costs, against its budget", id="app.cost"),
        Binding("T", "timeline", "Timeline", show=False, tooltip="What happened, and when", id="app.timeline"),
        Binding(
            "exclamation_mark",
            "errors",
            "Errors",
            key_display="!",
            show=False,
            tooltip="What could not be seen, why, and what would help",
            id="app.errors",
        ),
        Binding(
            "ctrl+c",
            "interrupt",
            "Leave (twice)",
            show=False,
            priority=True,
            tooltip="Leave; the second press within seconds does it",
            id="app.interrupt",
        ),
    ]

    def __init__(
        self,
        engine: Source,
        settings: Settings,
        catalogue: Catalogue,
        *,
        clock: Callable[[], float] = time.time,
        demo: bool = False,
        preferences: Preferences | None = None,
        leave_on_signals: bool = False,
    ) -> None:
        """Make the app.

        Args:
            engine: Where snapshots come from.
            settings: What is configured.
            catalogue: The services.
            clock: Epoch seconds.
            demo: Whether the fleet is the embedded one; the header says so.
            preferences: What the user chose before; None: nothing is kept.
            leave_on_signals: End when the terminal goes away or the process is asked to.
        """
        super().__init__()
        self._leave_on_signals = leave_on_signals
        source, settings, preferences = as_shown(engine, settings, catalogue, preferences)
        self.engine = source
        self.context = Context(settings, catalogue, clock, source, demo, preferences)
        self.snapshot: Snapshot | None = None
        self.scope = EVERYTHING
        """What the lists show. Polling goes on for everything."""
        self.arrivals_handled = 0
        """How many arrivals were shown; bursts count once."""
        self._looked_at: frozenset[SlotId] = frozenset()
        self._unsubscribe: Callable[[], None] | None = None
        self.crash: Exception | None = None
        """The defect that ended the app, if one did."""
        self._interrupted_at = -_AGAIN_SECONDS
        self._rotator = Rotator(self, settings.rotate_seconds) if settings.rotate_seconds else None
        self.dress()

    # Life.

    def on_mount(self) -> None:
        """Show what is known, then listen."""
        self.snapshot = self.engine.snapshot
        self.scope = self.remembered_scope(self.snapshot)
        self.push_screen(HomeScreen(self.context))
        self._unsubscribe = self.engine.subscribe(self._heard)
        self.set_interval(1.0, self._tick)
        if self._leave_on_signals:
            for number in (signal.SIGHUP, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def on_unmount(self) -> None:
        """Stop listening before the loop is gone."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    def _heard(self, snapshot: Snapshot) -> None:  # noqa: ARG002 - the newest is read when it is shown
        """On the engine's thread: leave a message and return."""
        # The loop may close between two polls; then nobody is left to tell.
        with contextlib.suppress(RuntimeError):
            self.post_message(SnapshotArrived())

    def on_snapshot_arrived(self) -> None:
        """Show the newest snapshot."""
        self.arrivals_handled += 1
        self.snapshot = self.engine.snapshot
        self._present()

    async def on_event(self, event: Event) -> None:
        """Whoever presses a key or moves the mouse stops a rotation for a while."""
        if self._rotator is not None and isinstance(event, InputEvent):
            self._rotator.touched()
        await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        """Textual's door for what nobody has caught: the app ends, and whoever ran it words the defect."""
        self.crash = self.crash or error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _fatal_error(self) -> None:
        """Textual's words for a crash are a page with the values of all local variables; there are none of ours."""
        self.panic()

    def _tick(self) -> None:
        if self._rotator is not None:
            self._rotator.tick()
        screen = self.screen
        if isinstance(screen, CockpitScreen) and screen.stands:
            screen.tick(self.context.clock())

    def _present(self) -> None:
        screen = self._top()
        if screen is None or self.snapshot is None or not screen.stands:
            return
        screen.present(self.snapshot, self.context.clock(), self.scope)
        looked_at = screen.slots_in_view(self.snapshot)
        if looked_at != self._looked_at:
            self._looked_at = looked_at
            self.engine.look_at(looked_at)

    def _top(self) -> CockpitScreen | None:
        """The topmost screen of ours; a dialog over it changes nothing."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, CockpitScreen)), None)

    def on_cockpit_screen_shown(self) -> None:
        """Another screen is on top."""
        self._present()

    # Going places.

    def on_visit(self, event: Visit) -> None:
        """A screen wants to go somewhere."""
        self.visit(event.place)

    def visit(self, place: Place) -> None:
        """Go to a place."""
        screen = screen_for(place, self.context)
        if screen is not None:
            self.push_screen(screen)

    def action_home(self) -> None:
        """Back to the root."""
        while len(self.screen_stack) > 2:
            self.pop_screen()

    def action_accounts(self) -> None:
        """The accounts."""
        if not isinstance(self.screen, AccountsScreen):
            self.visit(AccountsPlace())

    def action_cost(self) -> None:
        """What everything costs; the cursor is on the environment that is on screen."""
        screen = self.screen
        if isinstance(screen, CockpitScreen) and not isinstance(screen, CostScreen):
            self.visit(CostPlace(screen.environment_id()))

    def action_timeline(self) -> None:
        """What happened, in the environment that is on screen or in the whole fleet."""
        screen = self.screen
        if isinstance(screen, CockpitScreen) and not isinstance(screen, TimelineScreen):
            self.visit(TimelinePlace(screen.environment_id()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """On a shared screen nobody stops the polling for all, and names and notes of people are not shown."""
        if action in {"mutes", "pause"} and self.context.shared:
            return False
        return super().check_action(action, parameters)

    def action_mutes(self) -> None:
        """What is acknowledged or muted."""
        if not isinstance(self.screen, MutesScreen):
            self.visit(MutesPlace())

    def action_errors(self) -> None:
        """What could not be seen."""
        if not isinstance(self.screen, ErrorsScreen):
            self.visit(ErrorsPlace())

    def look_only_at(self, scope: Scope) -> None:
        """Show only what is in a scope. Polling goes on for everything."""
        self.scope = scope
        self._present()

    def commands_here(self) -> Iterable[Command]:
        """What the screen on top offers."""
        screen = self._top()
        return screen.commands() if screen is not None and screen.stands else ()

    def action_help(self) -> None:
        """Keys that are live now."""
        bindings = list(self.screen.active_bindings.values())
        self.push_screen(HelpScreen(key_rows(bindings, [self.get_key_display(one.binding) for one in bindings])))

    # Doing things.

    def action_refresh(self) -> None:
        """Poll what is on screen now, or everything."""
        slots = self._looked_at or None
        self.engine.refresh(slots)
        self.notify(f"Polling {len(slots)} slots" if slots else "Polling everything", timeout=2)

    def action_pause(self) -> None:
        """Pause or resume polling."""
        paused = self.snapshot is not None and not self.snapshot.polling
        self.engine.pause(not paused)
        self.notify(
            "Polling goes on" if paused else f"Polling is paused; {self.key_of('app.pause', 'p')} resumes it", timeout=3
        )

    def action_interrupt(self) -> None:
        """One ctrl+c warns, a second leaves."""
        now = time.monotonic()
        if now - self._interrupted_at < _AGAIN_SECONDS:
            self.exit()
            return
        self._interrupted_at = now
        self.notify(
            f"Press {self.key_of('app.interrupt', 'ctrl+c')} again to leave", timeout=_AGAIN_SECONDS, severity="warning"
        )
