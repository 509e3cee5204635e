"""The cost screen on a fleet that costs money."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cockpit.model.snapshot import Snapshot
from screens.app import CockpitApp
from tests.ui.bills import CATALOGUE, NOW, usual
from tests.ui.driving import Drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.known import settings
from widgets.cost_list import CostList


@asynccontextmanager
async def costs(
    snapshot: Snapshot | None = None, *, size: tuple[int, int] = (160, 48), open_it: bool = True, **options: object
) -> AsyncIterator[Drive]:
    """The app on what costs money, with the cost screen on top."""
    engine = FakeEngine(snapshot or usual())
    app = CockpitApp(engine, settings(**options), CATALOGUE, clock=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        on = Drive(app, pilot, engine)
        await on.settle()
        if open_it:
            await on.press("C")
        yield on


def names(on: Drive) -> list[str]:
    return [row.label for row in on.app.screen.query_one(CostList).shown]
