"""The interface while the engine polls: how long either event loop was ever kept from its work.

`python -m benchmarks.interface --endpoint URL --accounts 25` opens the real app without a terminal on the real
engine: a cold start, then refreshes of everything one after the other. It prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from functools import partial
from typing import Any

from benchmarks.fleets import hermetic, settings
from cockpit.engine.engine import Engine
from cockpit.model.snapshot import Snapshot
from cockpit.services import catalogue
from screens.app import CockpitApp

PROBE_SECONDS = 0.01
REFRESHES = 3


class Probe:
    """The longest time that a loop did not come round."""

    def __init__(self) -> None:
        self.longest_seconds = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            asleep_at = time.perf_counter()
            await asyncio.sleep(PROBE_SECONDS)
            self.longest_seconds = max(self.longest_seconds, time.perf_counter() - asleep_at - PROBE_SECONDS)

    def take(self) -> float:
        """The longest so far, in milliseconds; starts anew."""
        longest, self.longest_seconds = self.longest_seconds, 0.0
        return longest * 1000


async def measure(endpoint: str, accounts: int) -> dict[str, Any]:
    """Start, wait until everything was seen, refresh a few times."""
    fleet_settings, services = settings(accounts, endpoint), catalogue()
    engine = Engine(fleet_settings, services, history=None)
    begun = time.perf_counter()
    engine.start()
    app = CockpitApp(engine, fleet_settings, services)
    probe = Probe()
    found: dict[str, Any] = {"accounts": accounts}
    async with app.run_test(size=(120, 40)):
        watching = asyncio.create_task(probe.run())
        found["first_paint_seconds"] = time.perf_counter() - begun
        await _until(lambda: _whole(engine.snapshot))
        found["all_seen_seconds"] = time.perf_counter() - begun
        found["interface_stall_cold_ms"] = probe.take()
        found["engine_stall_cold_ms"] = engine.longest_stall_seconds * 1000
        for _ in range(REFRESHES):
            asked = time.time()
            engine.refresh()
            await _until(partial(_all_newer, engine, asked))
        found["interface_stall_refresh_ms"] = probe.take()
        watching.cancel()
    engine.stop()
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _whole(snapshot: Snapshot) -> bool:
    cells = [cell for environment in snapshot.environments for cell in environment.cells.values()]
    return bool(cells) and not any(cell.pending for cell in cells)


def _newer(snapshot: Snapshot, asked: float) -> bool:
    """Whether everything but costs, which are not paid for twice, was looked at since."""
    return all(one.attempted_at > asked for slot, one in snapshot.observations.items() if slot.service != "cost")


def _all_newer(engine: Engine, asked: float) -> bool:
    return _newer(engine.snapshot, asked)


async def _until(condition: Any, timeout_seconds: float = 90.0) -> None:
    async with asyncio.timeout(timeout_seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in the engine's thread
            await asyncio.sleep(0.05)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--accounts", type=int, default=25)
    options = parser.parse_args()
    hermetic()
    print(json.dumps(asyncio.run(measure(options.endpoint, options.accounts))))


if __name__ == "__main__":
    main()
