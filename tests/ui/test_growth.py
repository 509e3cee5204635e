"""It runs for weeks: whatever was opened and closed leaves nothing behind, neither widgets nor tasks."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter

from textual.widget import Widget

from cockpit.model.ids import EnvironmentId
from screens.home import HomeScreen
from screens.places import (
    AccountsPlace,
    CostPlace,
    EnvironmentPlace,
    ErrorsPlace,
    LogsPlace,
    MutesPlace,
    Place,
    ResourcePlace,
    ServicePlace,
    TimelinePlace,
    VersionsPlace,
)
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet

ROUNDS = 2
PROD = EnvironmentId("tim-combo", "prod")
FOUND = next(one for one in fleet().findings if one.environment == PROD and one.resource is not None)
KEY = str(FOUND.resource)
PLACES: dict[Place, tuple[str, ...]] = {
    EnvironmentPlace(PROD): ("tab", "o"),
    ServicePlace("lambda", PROD): ("slash", "x", "enter", "K"),
    ResourcePlace(KEY, PROD): ("right_square_bracket", "y"),
    AccountsPlace(): ("L",),
    CostPlace(): ("b", "slash"),
    TimelinePlace(): ("slash",),
    MutesPlace(): (),
    ErrorsPlace(): ("ctrl+s",),
    LogsPlace(KEY): ("space", "slash"),
    VersionsPlace(KEY): ("space",),
}
"""Where one can go, and keys that open something there."""
PATIENCE = 30
"""So often it is looked again, a tenth of a second apart."""
DIALOGS = ("question_mark", "P", "R", "colon", "ctrl+s", "m")


async def home(on: Drive) -> None:
    for _ in range(20):
        if isinstance(on.app.screen, HomeScreen):
            return
        await on.press("escape")
    raise AssertionError(f"there is no way back from {on.app.screen}")


async def walk(on: Drive) -> None:
    """Everything that can be opened, once."""
    for place, keys in PLACES.items():
        on.app.visit(place)
        await on.settle()
        await on.press(*keys)
        await home(on)
    for key in DIALOGS:
        await on.press(key)
        await home(on)


async def alive(on: Drive) -> Counter[str]:
    """Widgets by kind, and tasks, among which are timers and workers."""
    await on.pilot.pause()
    gc.collect()
    found = Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, Widget))
    found["tasks"] = sum(not task.done() for task in asyncio.all_tasks())
    return found


async def test_whatever_was_opened_and_closed_leaves_nothing_behind() -> None:
    async with drive() as on:
        await walk(on)
        before = await alive(on)
        for _ in range(ROUNDS):
            await walk(on)
        for _ in range(PATIENCE):
            after = await alive(on)
            grown = {kind: (before[kind], count) for kind, count in after.items() if count > before[kind]}
            if not grown:
                break
            # The last screen may still be on its way out.
            await on.pilot.pause(0.1)
        assert grown == {}
