"""Turns what is known into snapshots: seldom enough not to stall anything, soon enough to be called live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from cockpit.engine.defects import OnDefect
from cockpit.model.snapshot import Snapshot

SHORTEST_PAUSE_SECONDS = 0.2
"""At most five snapshots a second, however many polls land."""
_BUILD_SHARE = 4.0
"""A pause is at least this many times as long as the build before it, so that building never takes over a core."""
IDLE_SECONDS = 5.0
"""A new snapshot although nothing landed: data age, and become stale."""

T = TypeVar("T")


class Painter(Generic[T]):
    """Builds snapshots one after the other in a thread of its own, and shows them on the loop."""

    def __init__(
        self,
        collect: Callable[[], T],
        build: Callable[[T], Snapshot],
        show: Callable[[Snapshot], None],
        *,
        on_defect: OnDefect,
    ) -> None:
        """Make a painter.

        Args:
            collect: Gathers what a snapshot is made of; on the loop, so quick, and a copy.
            build: Makes the snapshot; on the painter's thread.
            show: Receives it on the loop.
            on_defect: Hears of a build that failed; the next change tries again.
        """
        self._collect = collect
        self._build = build
        self._show = show
        self._on_defect = on_defect
        self._changed = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cockpit-snapshot")

    def touch(self) -> None:
        """Something has changed. On the loop only."""
        self._changed.set()

    async def paint(self) -> float:
        """Build and show one snapshot now; how long it took, in seconds."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._changed.clear()
        try:
            self._show(await loop.run_in_executor(self._thread, self._build, self._collect()))
        except Exception as error:  # noqa: BLE001 - a defect in judging must not stop polling
            self._on_defect("snapshot", error)
        return loop.time() - began

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                pass
            took = await self.paint()
            await asyncio.sleep(max(SHORTEST_PAUSE_SECONDS, _BUILD_SHARE * took))

    def close(self) -> None:
        """End the thread, without waiting for a build that is under way."""
        self._thread.shutdown(wait=False, cancel_futures=True)
