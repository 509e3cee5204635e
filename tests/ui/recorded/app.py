"""The app on the recorded fleet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from screens.app import CockpitApp
from screens.context import Source
from tests.ui.driving import Drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.recorded.fleet import demo_settings, recorded, recorded_snapshot


def recorded_engine() -> FakeEngine:
    """An engine that knows what was recorded, and answers what was asked then."""
    seen = recorded()
    engine = FakeEngine(recorded_snapshot())
    engine.courses = {(one.resource, one.span_seconds): one for one in seen.courses}
    engine.pages = {key: [page] for key, page in seen.pages.items()}
    engine.details = {one.resource: one for one in seen.details}
    engine.happened = list(seen.events)
    return engine


@asynccontextmanager
async def drive_recorded(
    *, size: tuple[int, int] = (120, 40), source: Source | None = None, **flags: object
) -> AsyncIterator[Drive]:
    """The app on the recorded fleet, with the clock at the moment of the recording."""
    engine = recorded_engine()
    settings, known = demo_settings(**flags)
    app = CockpitApp(source or engine, settings, known, clock=lambda: recorded().now, demo=True)
    async with app.run_test(size=size) as pilot:
        running = Drive(app, pilot, engine)
        await running.settle()
        yield running
