"""One look at everything, with an end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.aws.meter import Meter
from cockpit.aws.metrics import MetricQuery
from cockpit.engine.sweep import Progress, sweep
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from cockpit.store.history import FILE_NAME, History
from tests.engine.rooms import BILL, CATALOGUE, DEV, NOW, PROD, Clock, Room, failure, listing, settings, thing

THING = thing(DEV, "one").key


class Bench:
    def __init__(self, history: History, clock: Clock) -> None:
        self.history = history
        self.clock = clock
        self.room = Room()
        self.told: list[Progress] = []

    async def sweep(self, *accounts: str, services: tuple[str, ...] = ("tiny",), **changes: Any) -> Snapshot:
        given: dict[str, Any] = {
            "history": None,
            "clock": self.clock,
            "deadline": 5.0,
            "progress": self.told.append,
            "open_room": self.room.opened(),
        }
        return await sweep(settings(*accounts or ("dev", "prod"), services=services), CATALOGUE, **(given | changes))

    @property
    def read(self) -> set[str]:
        """Keys of the resources whose metrics were asked for."""
        return {query.resource for queries in self.room.queries for query in queries}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    clock = Clock()
    history = History.open(tmp_path / FILE_NAME, clock=clock)
    yield Bench(history, clock)
    history.close()


async def test_every_slot_is_looked_at_and_told(bench: Bench) -> None:
    snapshot = await bench.sweep()
    assert set(snapshot.observations) == {DEV, PROD}
    assert snapshot.health is Health.OK
    assert [(one.done, one.total, one.failed, one.outcome) for one in bench.told] == [
        (1, 2, 0, Outcome.OK),
        (2, 2, 0, Outcome.OK),
    ]
    assert snapshot.accounts[0].outcome is Outcome.OK


async def test_things_are_not_read_where_the_account_rules_a_breach_out(bench: Bench) -> None:
    snapshot = await bench.sweep("dev")
    assert bench.read == {thing(DEV, "account").key}
    assert snapshot.health is Health.OK


async def test_things_are_read_where_the_account_leaves_a_doubt(bench: Bench) -> None:
    bench.room.value = lambda query: 9.0
    snapshot = await bench.sweep("dev")
    assert THING in bench.read
    assert snapshot.health is Health.CRITICAL
    assert snapshot.findings[0].resource == THING


async def test_a_doubt_that_the_things_dispel_is_ok(bench: Bench) -> None:
    def value(query: MetricQuery) -> float:
        return 0.0 if query.resource == THING else 1.0

    bench.room.value = value
    snapshot = await bench.sweep("dev")
    assert THING in bench.read
    assert snapshot.health is Health.OK


async def test_without_the_account_things_speak_for_themselves(bench: Bench) -> None:
    alone = replace(listing(DEV), resources=(thing(DEV, "one"),))
    bench.room.listings[DEV] = alone
    snapshot = await bench.sweep("dev")
    assert bench.read == {THING}
    assert snapshot.health is Health.OK


async def test_at_the_deadline_what_is_not_done_is_unknown_and_the_snapshot_says_so(bench: Bench) -> None:
    bench.room.holds[DEV] = asyncio.Event()
    began = time.monotonic()
    snapshot = await bench.sweep(deadline=0.2)
    assert time.monotonic() - began < 1.0
    assert set(snapshot.observations) == {PROD}
    assert snapshot.health is Health.UNKNOWN
    assert "1 of 2 slots" in snapshot.notices[0]


async def test_stored_data_never_stand_in_for_a_look_that_was_not_done(bench: Bench) -> None:
    await bench.sweep("dev", history=bench.history)
    bench.room.holds[DEV] = asyncio.Event()
    snapshot = await bench.sweep("dev", history=bench.history, deadline=0.2)
    assert snapshot.observations == {}
    assert snapshot.health is Health.UNKNOWN


async def test_a_failure_is_in_the_snapshot_beside_what_went_well(bench: Bench) -> None:
    bench.room.listings[DEV] = failure(DEV, Outcome.DENIED)
    snapshot = await bench.sweep()
    assert snapshot.observations[DEV].outcome is Outcome.DENIED
    assert snapshot.observations[PROD].outcome is Outcome.OK
    assert bench.told[-1].failed == 1


async def test_stored_looks_that_are_young_enough_are_used(bench: Bench) -> None:
    await bench.sweep(history=bench.history)
    bench.clock.now += 200
    asked = len(bench.room.asked)
    snapshot = await bench.sweep(history=bench.history, max_age=300.0)
    assert len(bench.room.asked) == asked
    assert snapshot.health is Health.OK
    assert bench.told[-1].done == bench.told[-1].total == 2
    bench.clock.now += 200
    await bench.sweep(history=bench.history, max_age=300.0)
    assert len(bench.room.asked) == asked + 2


async def test_stored_data_that_no_longer_conclude_are_looked_at_anew_however_old_they_may_be(bench: Bench) -> None:
    await bench.sweep(history=bench.history)
    bench.clock.now += 600
    asked = len(bench.room.asked)
    snapshot = await bench.sweep(history=bench.history, max_age=3600.0)
    assert len(bench.room.asked) == asked + 2
    assert snapshot.health is Health.OK


async def test_stored_data_of_a_clock_that_was_set_back_are_not_used(bench: Bench) -> None:
    await bench.sweep(history=bench.history)
    bench.clock.now -= 3600
    asked = len(bench.room.asked)
    assert (await bench.sweep(history=bench.history, max_age=300.0)).health is Health.OK
    assert len(bench.room.asked) == asked + 2


async def test_a_stored_failure_is_never_used(bench: Bench) -> None:
    bench.room.listings[DEV] = failure(DEV)
    await bench.sweep("dev", history=bench.history)
    bench.room.listings.clear()
    assert (await bench.sweep("dev", history=bench.history, max_age=3600.0)).health is Health.OK


async def test_without_a_maximum_age_everything_is_looked_at(bench: Bench) -> None:
    await bench.sweep("dev", history=bench.history)
    await bench.sweep("dev", history=bench.history)
    assert bench.room.asked == [DEV, DEV]


async def test_a_check_does_not_make_the_stored_history_poorer(bench: Bench) -> None:
    bench.room.value = lambda query: 9.0
    await bench.sweep("dev", history=bench.history)
    bench.room.value = lambda query: 0.0
    bench.clock.now += 3600
    snapshot = await bench.sweep("dev", history=bench.history)
    series = snapshot.observations[DEV].by_key[THING].series["errors"]
    assert series.total > 0


async def test_what_costs_money_is_looked_at_once_for_all_checks(bench: Bench) -> None:
    await bench.sweep("dev", services=("bill",), history=bench.history)
    bench.history.flush()
    snapshot = await bench.sweep("dev", services=("bill",), history=bench.history)
    assert bench.room.asked == [BILL]
    assert snapshot.observations[BILL].observed_at == NOW


async def test_only_the_chosen_slots_are_looked_at(bench: Bench) -> None:
    snapshot = await bench.sweep(slots=[PROD])
    assert set(snapshot.observations) == {PROD}
    assert bench.room.asked == [PROD]


async def test_discovery_alone_reads_no_metrics(bench: Bench) -> None:
    snapshot = await bench.sweep("dev", discover_only=True)
    assert bench.room.queries == []
    assert [one.name for one in snapshot.observations[DEV].resources] == ["account", "one"]


async def test_a_room_that_cannot_be_opened_leaves_everything_unknown(bench: Bench) -> None:
    @asynccontextmanager
    async def broken(_: Meter) -> AsyncIterator[Room]:
        raise OSError("no certificates")
        yield bench.room

    defects: list[str] = []
    snapshot = await bench.sweep(open_room=broken, on_defect=lambda where, error: defects.append(where))
    assert snapshot.health is Health.UNKNOWN
    assert snapshot.notices == ("Nothing could be looked at (OSError).",)
    assert defects == ["sweep"]
