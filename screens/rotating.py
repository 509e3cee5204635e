"""Takes the app from one stop of a rotation to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from textual.screen import Screen

from cockpit.model.snapshot import Snapshot
from screens.base import CockpitScreen
from screens.context import Context
from screens.environment import EnvironmentScreen
from screens.home import HomeScreen
from screens.places import EnvironmentPlace, Place
from screens.rotation import Rotation
from screens.scope import InView, Scope, narrowed


class Rotatable(Protocol):
    """What a rotation needs of the app."""

    context: Context
    snapshot: Snapshot | None
    scope: Scope

    @property
    def screen_stack(self) -> Sequence[Screen[object]]:
        """The screens, the lowest first."""

    def action_home(self) -> None:
        """Back to the root."""

    def visit(self, place: Place) -> None:
        """Go to a place."""


class Rotator:
    """Holds the rotation of one app, which calls `tick` every second and `touched` for every key and mouse event."""

    def __init__(self, app: Rotatable, every_seconds: float) -> None:
        self._app = app
        self._seen_at = app.context.clock()
        self._rotation = Rotation(every_seconds, self._seen_at)

    def touched(self) -> None:
        """Somebody is here."""
        self._rotation = self._rotation.touched(self._app.context.clock())

    def tick(self) -> None:
        """Go on if it is time, and tell the screen on top where the rotation stands."""
        now = self._app.context.clock()
        if now < self._seen_at:
            # The clock was set back: the present stop begins anew, instead of lasting until the old time comes again.
            self._rotation = replace(self._rotation, since=now, paused_until=None)
        self._seen_at = now
        if self._rotation.due(now) and self._free_to_go():
            self._go(now)
        top = self._app.screen_stack[-1]
        if isinstance(top, CockpitScreen):
            top.rotation_words = self._rotation.words(now)

    def _free_to_go(self) -> bool:
        """Whether nobody is taken away from what they are at. A shared screen belongs to nobody."""
        stack = self._app.screen_stack[1:]
        own = all(isinstance(screen, (HomeScreen, EnvironmentScreen)) for screen in stack)
        return self._app.context.shared or own

    def _go(self, now: float) -> None:
        snapshot = self._app.snapshot
        if snapshot is None:
            return
        in_view = InView.of(self._app.scope, self._app.context.specs)
        self._rotation = self._rotation.onward(narrowed(snapshot, in_view).environments, now)
        self._app.action_home()
        if self._rotation.stop.environment is not None:
            self._app.visit(EnvironmentPlace(self._rotation.stop.environment))
