"""The engine goes on whatever breaks, and ends when it is told to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.aws.meter import Meter
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from tests.engine.engines import PATIENCE_SECONDS, Bench, until
from tests.engine.rooms import DEV, IDS, NOW, PROD, TINY, Room


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.close()


def test_a_defect_in_judging_does_not_stop_polling(bench: Bench) -> None:
    def headline(_: object) -> Any:
        raise ZeroDivisionError

    engine = bench.engine("dev", catalogue=Catalogue((replace(TINY, headline=headline),)))
    engine.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not bench.defects and time.monotonic() < deadline:
        time.sleep(0.01)
    assert {where for where, _ in bench.defects} == {"snapshot"}
    asked = len(bench.room.asked)
    engine.refresh()
    while len(bench.room.asked) == asked and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(bench.room.asked) > asked


def test_a_room_that_cannot_be_opened_is_said(bench: Bench) -> None:
    @asynccontextmanager
    async def broken(_: Meter) -> AsyncIterator[Room]:
        raise OSError("no certificates")
        yield bench.room

    engine = bench.engine("dev", open_room=broken)
    engine.start()
    snapshot = until(engine, lambda one: bool(one.notices))
    assert "Polling could not start" in snapshot.notices[0]
    assert snapshot.health is Health.UNKNOWN


@pytest.mark.parametrize("stubborn", [False, True])
def test_stop_takes_less_than_two_seconds_whatever_is_in_flight(bench: Bench, *, stubborn: bool) -> None:
    bench.room.holds = {DEV: asyncio.Event(), PROD: asyncio.Event()}
    engine = bench.engine(history=bench.history())
    engine.start()
    until(engine, lambda one: one.accounts[0].outcome is Outcome.OK)
    let_go = threading.Event()
    if stubborn:
        blocked = threading.Event()

        def block(_: Snapshot) -> None:
            blocked.set()
            let_go.wait(4)

        engine.subscribe(block)
        engine.refresh()
        engine.pause(True)
        blocked.wait(PATIENCE_SECONDS)
    began = time.monotonic()
    engine.stop()
    assert time.monotonic() - began < 2.0
    let_go.set()
    engine.stop()


def test_stop_before_start_and_calls_after_stop_do_nothing(bench: Bench) -> None:
    engine = bench.engine()
    engine.stop()
    engine.start()
    engine.refresh()
    engine.look_at([DEV])
    assert engine.snapshot.version == 0
    assert bench.room.asked == []


def test_the_engine_measures_how_long_its_loop_was_held_up(bench: Bench) -> None:
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    engine.subscribe(lambda _: time.sleep(0.3))
    engine.refresh()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while engine.longest_stall_seconds < 0.2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert engine.longest_stall_seconds >= 0.2


def test_observations_are_saved(bench: Bench) -> None:
    history = bench.history()
    engine = bench.engine("dev", history=history)
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    engine.stop()
    stored = history.load(IDS)[DEV]
    assert stored == replace(engine.snapshot.observations[DEV], restored=True)
    assert isinstance(stored, Observation)
    assert stored.observed_at == NOW
