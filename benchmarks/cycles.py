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
from pathlib import Path
from typing import Any

from benchmarks.fleets import hermetic, settings
from benchmarks.plan import Recorded, save

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

    def __init__(self) -> None:
        self.calls: list[Recorded] = []
        self.ids: dict[str, str] = {}

    def install(self) -> None:
        """Listen on every client that the cockpit will make."""
        from cockpit.aws import clients as room

        make = room.Clients._make  # noqa: SLF001 - the only place where clients are made

        async def made(pool: Any, service: str, region: str, endpoint: str | None) -> Any:
            client = await make(pool, service, region, endpoint)

            def note(params: dict[str, Any], model: Any, **_: Any) -> None:
                account = self.ids[room._binding.get().account]  # noqa: SLF001
                self.calls.append(Recorded(account, region, service, model.name, params))

            client.meta.events.register("provide-client-params", note)
            return client

        room.Clients._make = made  # type: ignore[method-assign]  # noqa: SLF001


async def measure(endpoint: str, accounts: int, record: Path | None) -> dict[str, Any]:
    """Run the cycles."""
    from cockpit.aws.meter import Meter
    from cockpit.aws.room import AwsRoom
    from cockpit.engine.fleet import Fleet
    from cockpit.engine.scheduler import Run
    from cockpit.engine.slots import slots_of
    from cockpit.services import catalogue

    recorder = Recorder()
    if record is not None:
        recorder.install()
    fleet_settings, services = settings(accounts, endpoint), catalogue()
    recorder.ids = {name: account.id for name, account in fleet_settings.accounts.items()}
    slots = slots_of(fleet_settings, services)
    clock = Clock()
    meter = Meter(1e6, since=clock())
    found: dict[str, Any] = {"accounts": accounts, "slots": len(slots)}
    problems: list[str] = []

    async def cycle(*, discover: bool) -> dict[str, Any]:
        clock.ahead_seconds += STEP_SECONDS
        await asyncio.sleep(REFILL_SECONDS)
        before, cpu, begun = meter.reading(clock()), _cpu(), time.perf_counter()
        runs = []
        for slot in slots:
            kinds = {kind for cadence in fleet.spec(slot).cadences for kind in cadence.kinds}
            runs.append(Run(slot, discover=discover, kinds=frozenset(kinds)))
        seen = await asyncio.gather(*map(fleet.look, runs))
        took, after = time.perf_counter() - begun, meter.reading(clock())
        problems.extend(f"{one.slot}: {one.failures[:1]}" for one in seen if one is not None and one.failures)
        return {
            "seconds": took,
            "cpu_seconds": _cpu() - cpu,
            "calls": after.calls - before.calls,
            "billed_metrics": sum(m.billed_metrics for m in after.lines) - sum(m.billed_metrics for m in before.lines),
            "cost_usd": after.cost_usd - before.cost_usd,
        }

    begun = time.perf_counter()
    async with AwsRoom(fleet_settings.accounts, fleet_settings.polling, services, meter=meter, clock=clock) as room:
        fleet = Fleet(
            room,
            fleet_settings,
            services,
            history=None,
            clock=clock,
            on_defect=lambda where, error: problems.append(f"{where}: {error!r}"),
            restored={},
        )
        await room.warm(slots)
        found["warm_up_seconds"] = time.perf_counter() - begun
        found["cold"] = await cycle(discover=True)
        for name, discover in (("warm", True), ("steady", False)):
            rounds = []
            for _ in range(ROUNDS):
                recorder.calls.clear()
                rounds.append(await cycle(discover=discover))
            found[name] = min(rounds, key=lambda one: one["seconds"])
            if record is not None:
                save(recorder.calls, record.with_suffix(f".{name}.json"))
        found["resources"] = sum(len(one.resources) for one in fleet.observations.values())
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["problems"] = problems[:5]
    return found


def _cpu() -> float:
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
