"""An hour and more of polling, compressed: does anything grow?

`python -m benchmarks.soak --endpoint URL --cycles 600` opens the real app without a terminal on the real engine with a
store, has everything polled again and again, and walks through the screens meanwhile. After each tenth cycle it notes
memory, objects, threads and open files. What happens before the program has seen everything often enough to fill its
caches is warm-up and is not judged. It prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psutil
from textual import events

from benchmarks.fleets import hermetic, settings
from cockpit.engine.engine import Engine
from cockpit.services import catalogue
from cockpit.store.history import FILE_NAME, History
from screens.app import CockpitApp

WALK: tuple[tuple[str, ...], ...] = (
    ("enter",),
    ("escape", "right", "enter"),
    ("enter", "right_square_bracket", "left_square_bracket"),
    ("y", "y", "v"),
    ("escape", "l"),
    ("escape", "escape", "slash", "h"),
    ("escape", "escape", "A"),
    ("escape", "T"),
    ("escape", "C"),
    ("escape", "question_mark"),
    ("escape", "exclamation_mark"),
    ("escape", "colon", "a"),
    ("escape", "j", "g", "tab", "shift+tab"),
)
"""Keys pressed between two cycles, one entry after the other: through the screens and back home."""
WARM_UP_SHARE = 1 / 3
EVERY = 10
KEY_SECONDS = 0.03
_CHARACTERS = {"slash": "/", "question_mark": "?", "exclamation_mark": "!", "colon": ":"}


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process holds at one moment."""

    cycle: int
    resident_mb: float
    objects: int
    threads: int
    files: int
    cpu_seconds: float


def sample(process: psutil.Process, cycle: int) -> Sample:
    """Now."""
    gc.collect()
    times = process.cpu_times()
    return Sample(
        cycle,
        process.memory_info().rss / 2**20,
        len(gc.get_objects()),
        process.num_threads(),
        process.num_fds(),
        times.user + times.system,
    )


async def soak(endpoint: str, accounts: int, cycles: int) -> dict[str, Any]:
    """Poll and walk; what was noted, and how it grew."""
    fleet, services = settings(accounts, endpoint), catalogue()
    history = History.open(fleet.state_dir / FILE_NAME, clock=time.time)
    engine = Engine(fleet, services, history=history)
    engine.start()
    app, process, walk = CockpitApp(engine, fleet, services), psutil.Process(), _walk()
    samples: list[Sample] = []
    begun = time.perf_counter()
    async with app.run_test(size=(120, 40)):
        for cycle in range(1, cycles + 1):
            asked = time.time()
            engine.refresh()
            await _press(app, next(walk))
            await _until_newer(engine, asked)
            if cycle % EVERY == 0:
                samples.append(sample(process, cycle))
    seconds = time.perf_counter() - begun
    engine.stop()
    history.close()
    return {"accounts": accounts, "cycles": cycles, "seconds": seconds, **growth(samples)}


def _walk() -> Iterator[tuple[str, ...]]:
    while True:
        yield from WALK


async def _press(app: CockpitApp, keys: Sequence[str]) -> None:
    """Press keys, each with time enough to be dealt with. A pilot would wait until the process idles: never."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else _CHARACTERS.get(key)))
        await asyncio.sleep(KEY_SECONDS)


async def _until_newer(engine: Engine, asked: float, timeout_seconds: float = 60.0) -> None:
    """Until everything but costs, which are not paid for twice, was looked at since."""

    def newer() -> bool:
        seen = [one for slot, one in engine.snapshot.observations.items() if slot.service != "cost"]
        return bool(seen) and all(one.attempted_at > asked for one in seen)

    async with asyncio.timeout(timeout_seconds):
        while not newer():  # noqa: ASYNC110 - what is waited for happens in the engine's thread
            await asyncio.sleep(0.02)


def growth(samples: Sequence[Sample]) -> dict[str, Any]:
    """First and last third after warm-up, side by side, by their medians; and the slope in MB per 100 cycles."""
    judged = samples[int(len(samples) * WARM_UP_SHARE) :]
    third = max(1, len(judged) // 3)
    first, last = judged[:third], judged[-third:]
    found: dict[str, Any] = {}
    for name in ("resident_mb", "objects", "threads", "files"):
        found[name] = [statistics.median(getattr(one, name) for one in part) for part in (first, last)]
    slope = statistics.linear_regression([one.cycle for one in judged], [one.resident_mb for one in judged]).slope
    span = judged[-1].cycle - judged[0].cycle
    found["mb_per_100_cycles"] = 100 * slope
    found["cpu_seconds_per_cycle"] = (judged[-1].cpu_seconds - judged[0].cpu_seconds) / span
    found["samples"] = [asdict(one) for one in samples]
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--accounts", type=int, default=5)
    parser.add_argument("--cycles", type=int, default=600)
    options = parser.parse_args()
    hermetic()
    json.dump(asyncio.run(soak(options.endpoint, options.accounts, options.cycles)), sys.stdout)


if __name__ == "__main__":
    main()
