"""The cockpit's own polling cycles against the recorded fleet, in a process of their own.

`python -m benchmarks.cycles --endpoint URL --accounts 25 [--record FILE]` prints one JSON object:
cold (nothing is known: clients, credentials, identities, lists, an hour of metrics), warm (every list and every metric
again) and steady (metrics only). Warm and steady are the best of three, as for the rivals.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.fleets import hermetic, settings
from benchmarks.plan import Recorded, save
from cockpit.engine.garbage import settle
from cockpit.engine.scheduler import Run
from cockpit.model.service import ServiceSpec
from cockpit.model.snapshot import MeterReading

ROUNDS = 3


STEP_SECONDS = 180.0
"""Time between cycles, so that each finds new minutes to ask for."""


REFILL_SECONDS = 2.0
"""Real cycles are minutes apart, so every one finds its token buckets full; here they need a moment for it."""


class Clock:
    """The time of day, moved ahead between cycles instead of waiting."""

    ahead_seconds = 0.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return time.time() + self.ahead_seconds


class Recorder:
    """Notes the calls of a cycle where botocore takes their parameters."""

    def __init__(self, ids: dict[str, str]) -> None:
        self.calls: list[Recorded] = []
        self.ids = ids

    def install(self) -> None:
        """Listen on every client that the cockpit will make."""
        from cockpit.aws import clients as room

        make = room.Clients._make

        async def made(pool: Any, service: str, region: str, endpoint: str | None) -> Any:
            client = await make(pool, service, region, endpoint)

            def note(params: dict[str, Any], model: Any, **_: Any) -> None:
                account = self.ids[room._binding.get().account]  # noqa: SLF001 - what is recorded is who was called for
                self.calls.append(Recorded(account, region, service, model.name, params))

            client.meta.events.register("provide-client-params", note)
            return client

        # The rivals make these very calls, so they are noted where clients are made.
        room.Clients._make = made  # type: ignore[method-assign]  # as above


class Cycles:
    """The engine room over one recorded fleet, cycle by cycle."""

    def __init__(self, endpoint: str, accounts: int) -> None:
        from cockpit.aws.meter import Meter
        from cockpit.engine.slots import slots_of
        from cockpit.services import catalogue

        self.settings, self.services = settings(accounts, endpoint), catalogue()
        self.slots = slots_of(self.settings, self.services)
        self.clock = Clock()
        self.meter = Meter(1e6, since=self.clock())
        self.problems: list[str] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[float]:
        """Open the AWS room and build its clients; gives the seconds that this took."""
        from cockpit.aws.room import AwsRoom
        from cockpit.engine.fleet import Fleet

        begun = time.perf_counter()
        polling = self.settings.polling
        async with AwsRoom(self.settings.accounts, polling, self.services, meter=self.meter, clock=self.clock) as room:
            self.fleet = Fleet(
                room,
                self.settings,
                self.services,
                history=None,
                clock=self.clock,
                on_defect=lambda where, error: self.problems.append(f"{where}: {error!r}"),
                restored={},
            )
            await room.warm(self.slots)
            settle()
            yield time.perf_counter() - begun

    async def cycle(self, *, discover: bool) -> dict[str, Any]:
        """Look at every slot once, metrics of every kind included."""
        self.clock.ahead_seconds += STEP_SECONDS
        await asyncio.sleep(REFILL_SECONDS)
        runs = [Run(slot, discover=discover, kinds=_kinds(self.fleet.spec(slot))) for slot in self.slots]
        before, cpu, begun = self.meter.reading(self.clock()), cpu_seconds(), time.perf_counter()
        seen = await asyncio.gather(*map(self.fleet.look, runs))
        took, after = time.perf_counter() - begun, self.meter.reading(self.clock())
        self.problems += [f"{one.slot}: {one.failures[:1]}" for one in seen if one is not None and one.failures]
        return {
            "seconds": took,
            "cpu_seconds": cpu_seconds() - cpu,
            "calls": after.calls - before.calls,
            "billed_metrics": _billed(after) - _billed(before),
            "cost_usd": after.cost_usd - before.cost_usd,
        }


def _kinds(spec: ServiceSpec) -> frozenset[str]:
    return frozenset(kind for cadence in spec.cadences for kind in cadence.kinds)


def _billed(reading: MeterReading) -> int:
    return sum(line.billed_metrics for line in reading.lines)


async def measure(endpoint: str, accounts: int, record: Path | None) -> dict[str, Any]:
    """Run the cycles."""
    cycles = Cycles(endpoint, accounts)
    recorder = Recorder({name: account.id for name, account in cycles.settings.accounts.items()})
    if record is not None:
        recorder.install()
    found: dict[str, Any] = {"accounts": accounts, "slots": len(cycles.slots)}
    async with cycles.open() as found["warm_up_seconds"]:
        found["cold"] = await cycles.cycle(discover=True)
        for name, discover in (("warm", True), ("steady", False)):
            rounds = []
            for _ in range(ROUNDS):
                recorder.calls.clear()
                rounds.append(await cycles.cycle(discover=discover))
            found[name] = min(rounds, key=lambda one: one["seconds"])
            if record is not None:
                save(recorder.calls, record.with_suffix(f".{name}.json"))
        found["resources"] = sum(len(one.resources) for one in cycles.fleet.observations.values())
    found |= {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "problems": cycles.problems[:5]}
    return found


def cpu_seconds() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--accounts", type=int, default=25)
    parser.add_argument("--record", type=Path)
    options = parser.parse_args()
    hermetic()
    print(json.dumps(asyncio.run(measure(options.endpoint, options.accounts, options.record))))


if __name__ == "__main__":
    main()
