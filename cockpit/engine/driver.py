"""Runs what the schedule decides, each in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from cockpit.engine.scheduler import Run, Schedule

_LONGEST_SLEEP_SECONDS = 30.0
"""The driver looks at the clock at least this often: it may jump when a laptop wakes up."""


class Driver:
    """Starts what is due, each in a task of its own, so that no slot waits for another."""

    def __init__(
        self,
        schedule: Schedule,
        poll: Callable[[Run], Awaitable[None]],
        *,
        clock: Callable[[], float],
    ) -> None:
        """Make a driver.

        Args:
            schedule: Decides.
            poll: Does one run, and tells the schedule that it has finished.
            clock: Epoch seconds.
        """
        self._schedule = schedule
        self._poll = poll
        self._clock = clock
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def in_flight(self) -> int:
        """How many slots are being polled."""
        return len(self._tasks)

    def wake(self) -> None:
        """Something has become due. On the driver's loop only."""
        self._wake.set()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            self._wake.clear()
            for run in self._schedule.due(self._clock()):
                task = asyncio.create_task(self._one(run), name=f"poll {run.slot}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            await self._sleep()

    async def close(self) -> None:
        """End the runs in flight, and wait until they have: a call that is still leaving would open a connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _one(self, run: Run) -> None:
        try:
            await self._poll(run)
        finally:
            self.wake()

    async def _sleep(self) -> None:
        due_at = self._schedule.next_at()
        seconds = _LONGEST_SLEEP_SECONDS if due_at is None else due_at - self._clock()
        try:
            async with asyncio.timeout(min(max(seconds, 0.0), _LONGEST_SLEEP_SECONDS)):
                await self._wake.wait()
        except TimeoutError:
            return
