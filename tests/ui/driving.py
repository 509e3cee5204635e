"""The app with a fake engine, and what stands on its screen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from cockpit.model.snapshot import Snapshot
from screens.app import CockpitApp
from screens.base import CockpitScreen
from screens.context import Preferences
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE

ROUNDS = 5
"""A key may push a screen, which mounts widgets, which are shown a snapshot, which moves a cursor."""
PATIENCE_SECONDS = 10.0
"""A machine that has other work takes its time."""

S = TypeVar("S", bound=CockpitScreen)


def _key(name: str) -> Key:
    character = name if len(name) == 1 else {"slash": "/", "colon": ":", "space": " "}.get(name)
    return Key(_character_to_key(name) if len(name) == 1 else name, character)


@dataclass
class Drive:
    """A running app."""

    app: CockpitApp
    pilot: Pilot[None]
    engine: FakeEngine

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, each when the one before has been dealt with.

        `Pilot.press` waits until the whole process is idle, which takes ten times as long as the work.
        """
        for key in keys:
            self.app.post_message(_key(key))
            await self.settle()

    async def settle(self) -> None:
        """Wait until every widget has dealt with what it was sent, and with what that led to."""
        for _ in range(ROUNDS):
            await self.pilot.pause(0)

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait for what happens in the background, then for what that led to."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not done():
            assert time.monotonic() < ends, f"it never happened:\n{self.text()}"
            await self.pilot.pause(0.01)
        await self.settle()

    async def burst(self, *keys: str) -> None:
        """Keys that arrive all at once, as they do when pasted or typed ahead."""
        for key in keys:
            self.app.post_message(_key(key))
        await self.settle()

    async def finish(self) -> None:
        """Wait for what the screen on top does in the background."""
        for worker in [one for one in self.app.workers if one.node is self.app.screen]:
            await worker.wait()
        await self.settle()

    async def write(self, text: str) -> None:
        """Paste into the input that has the focus: quicker than key by key."""
        box = self.app.focused
        assert isinstance(box, Input)
        box.value = text
        await self.settle()

    async def command(self, text: str) -> None:
        """Type a command into the palette and run what comes first."""
        await self.press("ctrl+p")
        await self.finish()
        self.app.screen.query_one(Input).value = text
        await self.settle()
        await self.press("enter")

    async def publish(self, snapshot: Snapshot) -> None:
        """The engine has something newer."""
        self.engine.publish(snapshot)
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Another terminal size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    def lines(self) -> list[str]:
        """The text on screen."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def text(self) -> str:
        """The text on screen, in one."""
        return "\n".join(self.lines())

    def line(self, *words: str) -> str:
        """The first line that has all of `words`."""
        found = [line for line in self.lines() if all(word in line for word in words)]
        assert found, f"no line has {words}:\n{self.text()}"
        return found[0]

    def screen(self, kind: type[S]) -> S:
        """The screen on top, which must be of `kind`."""
        assert isinstance(self.app.screen, kind), f"on top is {self.app.screen}"
        return self.app.screen


@asynccontextmanager
async def drive(
    snapshot: Snapshot | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    preferences: Preferences | None = None,
    **options: object,
) -> AsyncIterator[Drive]:
    """The app on a snapshot, with a frozen clock."""
    engine = FakeEngine(snapshot or fleet())
    app = CockpitApp(engine, settings(**options), CATALOGUE, clock=lambda: NOW, preferences=preferences)
    async with app.run_test(size=size) as pilot:
        running = Drive(app, pilot, engine)
        await running.settle()
        yield running
