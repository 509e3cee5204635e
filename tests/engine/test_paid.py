"""What costs money is looked at once for every process on the machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.engine.paid import PaidLooks
from cockpit.engine.scheduler import Run
from cockpit.model.observation import Observation
from cockpit.model.verdict import Outcome
from cockpit.store.history import FILE_NAME, History
from tests.engine.rooms import BILL, IDS, NOW, Clock, failure, thing

RUN = Run(BILL, True, frozenset())
EVERY = 3600.0


class Process:
    """One process with a store of its own on the shared file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.history = History.open(path, clock=clock)
        self.clock = clock
        self.paid = 0
        self.fails = False
        self.hold: asyncio.Event | None = None
        self.asking = asyncio.Event()
        self._gate = PaidLooks(self.history, every_seconds=EVERY, clock=clock)

    async def look(self, previous: Observation | None = None) -> Observation | None:
        return await self._gate.look(RUN, IDS["dev"], previous, self._poll)

    async def _poll(self, run: Run, previous: Observation | None) -> Observation:
        self.paid += 1
        self.asking.set()
        if self.hold:
            await self.hold.wait()
        now = self.clock()
        if self.fails:
            return Observation(BILL, IDS["dev"], Outcome.DENIED, now, None, failures=(failure(BILL, Outcome.DENIED),))
        return Observation(BILL, IDS["dev"], Outcome.OK, now, now, (thing(BILL, "bill"),), discovered_at=now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def process(tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Process]]:
    made: list[Process] = []

    def make() -> Process:
        made.append(Process(tmp_path / FILE_NAME, clock))
        return made[-1]

    yield make
    for one in made:
        one.history.close()


async def test_one_look_serves_them_all(process: Callable[[], Process], clock: Clock) -> None:
    one, other = process(), process()
    first = await one.look()
    clock.now += 600
    second = await other.look()
    assert (one.paid, other.paid) == (1, 0)
    assert second == first
    assert second is not None
    assert not second.restored


async def test_it_is_paid_for_again_only_when_it_is_old(process: Callable[[], Process], clock: Clock) -> None:
    one = process()
    seen = await one.look()
    clock.now += 3000
    assert await one.look(seen) == seen
    clock.now += 1000
    again = await one.look(seen)
    assert one.paid == 2
    assert again is not None
    assert again.observed_at == NOW + 4000


async def test_two_processes_at_once_pay_once(process: Callable[[], Process]) -> None:
    one, other = process(), process()
    one.hold = asyncio.Event()
    asking = asyncio.create_task(one.look())
    await one.asking.wait()
    assert await other.look() is None
    one.hold.set()
    seen = await asking
    one.history.flush()
    assert await other.look() == seen
    assert (one.paid, other.paid) == (1, 0)


async def test_a_look_that_failed_serves_nobody(process: Callable[[], Process]) -> None:
    one, other = process(), process()
    one.fails = True
    await one.look()
    one.history.flush()
    seen = await other.look()
    assert other.paid == 1
    assert seen is not None
    assert seen.outcome is Outcome.OK


async def test_a_look_that_is_cancelled_gives_its_place_to_the_next(process: Callable[[], Process]) -> None:
    one, other = process(), process()
    one.hold = asyncio.Event()
    asking = asyncio.create_task(one.look())
    await one.asking.wait()
    asking.cancel()
    await asyncio.wait([asking])
    one.history.flush()
    assert await other.look() is not None
    assert other.paid == 1


async def test_a_look_of_the_future_serves_nobody(process: Callable[[], Process], clock: Clock) -> None:
    one, other = process(), process()
    clock.now += 7200
    await one.look()
    clock.now -= 7200
    await other.look()
    assert (one.paid, other.paid) == (1, 1)
