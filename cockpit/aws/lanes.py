"""Bounded concurrency in which no lane can hold up another.

A lane is an account (or a source of credentials). Three rules see to it: a lane has a bound of its own; a free
place goes to the lanes in turn, not to the longest queue; and whoever has held a place for longer than the
patience is waiting for the network, not using this machine, so the place is given on while the lane's own bound
still counts it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Lane:
    inside: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


@dataclass(slots=True)
class _Place:
    held: bool = True


class Lanes:
    """Places for `total` at once over all lanes, `per_lane` in each. Lives on one event loop."""

    def __init__(self, *, total: int, per_lane: int, patience_seconds: float) -> None:
        self._free = total
        self._per_lane = per_lane
        self._patience_seconds = patience_seconds
        self._lanes: dict[str, _Lane] = {}
        self._turns: deque[str] = deque()

    @asynccontextmanager
    async def enter(self, name: str) -> AsyncIterator[None]:
        """Hold a place in lane `name`."""
        lane = self._lanes.setdefault(name, _Lane())
        await self._admission(name, lane)
        place = _Place()
        timer = asyncio.get_running_loop().call_later(self._patience_seconds, self._give_on, place)
        try:
            yield
        finally:
            timer.cancel()
            lane.inside -= 1
            self._give_on(place)
            self._admit()

    async def _admission(self, name: str, lane: _Lane) -> None:
        turn = asyncio.get_running_loop().create_future()
        lane.waiting.append(turn)
        if name not in self._turns:
            self._turns.append(name)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                lane.inside -= 1
                self._give_on(_Place())
            raise

    def _give_on(self, place: _Place) -> None:
        """Let somebody else in, once."""
        if place.held:
            place.held = False
            self._free += 1
            self._admit()

    def _admit(self) -> None:
        """Give free places to the lanes in turn."""
        skipped = 0
        while self._free > 0 and skipped < len(self._turns):
            name = self._turns.popleft()
            lane = self._lanes[name]
            while lane.waiting and lane.waiting[0].done():
                lane.waiting.popleft()
            if not lane.waiting:
                continue
            self._turns.append(name)
            if lane.inside >= self._per_lane:
                skipped += 1
                continue
            lane.waiting.popleft().set_result(None)
            lane.inside += 1
            self._free -= 1
            skipped = 0
