"""The engine, over a room with nothing behind it: snapshots arrive, and nothing stops it but `stop`."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.aws.meter import Meter
from cockpit.engine import session
from cockpit.engine.engine import Engine
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from cockpit.store.history import FILE_NAME, History
from tests.engine.rooms import CATALOGUE, DEV, IDS, NOW, PROD, TINY, Clock, Room, failure, listing, settings, thing

PATIENCE_SECONDS = 5.0


class Bench:
    """Engines that are stopped at the end, and what they complained of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock()
        self.room = Room()
        self.defects: list[tuple[str, Exception]] = []
        self._engines: list[Engine] = []
        self._histories: list[History] = []

    def engine(self, *accounts: str, **changes: Any) -> Engine:
        given: dict[str, Any] = {
            "history": None,
            "clock": self.clock,
            "open_room": self.room.opened(),
            "on_defect": lambda where, error: self.defects.append((where, error)),
        }
        one = Engine(settings(*accounts or ("dev", "prod")), changes.pop("catalogue", CATALOGUE), **(given | changes))
        self._engines.append(one)
        return one

    def history(self) -> History:
        one = History.open(self.path / FILE_NAME, clock=self.clock)
        self._histories.append(one)
        return one

    def close(self) -> None:
        for engine in self._engines:
            engine.stop()
        for history in self._histories:
            history.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.close()


def until(engine: Engine, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot that is as `wanted`."""
    arrived = threading.Condition()

    def hear(_: Snapshot) -> None:
        with arrived:
            arrived.notify_all()

    leave = engine.subscribe(hear)
    with arrived:
        there = arrived.wait_for(lambda: wanted(engine.snapshot), PATIENCE_SECONDS)
    leave()
    assert there, "the wanted snapshot never came"
    return engine.snapshot


def outcome_of(snapshot: Snapshot, slot: SlotId) -> Outcome | None:
    observation = snapshot.observations.get(slot)
    return observation.outcome if observation else None


def health_of(snapshot: Snapshot, account: str) -> Health:
    return next(one.health for one in snapshot.environments if one.id.environment == account)


def test_a_snapshot_is_there_at_once_and_nothing_in_it_is_green(bench: Bench) -> None:
    engine = bench.engine()
    assert engine.snapshot.health is Health.UNKNOWN
    assert [account.name for account in engine.snapshot.accounts] == ["dev", "prod"]


def test_what_is_polled_arrives_judged(bench: Bench) -> None:
    engine = bench.engine()
    engine.start()
    snapshot = until(engine, lambda one: one.health is Health.OK)
    assert set(snapshot.observations) == {DEV, PROD}
    assert snapshot.accounts[0].identity_arn == "arn:aws:sts::111122223333:me"
    assert snapshot.accounts[0].source == "profile dev"
    assert bench.defects == []


def test_one_account_that_never_answers_delays_no_other(bench: Bench) -> None:
    bench.room.holds[DEV] = asyncio.Event()
    engine = bench.engine()
    engine.start()
    snapshot = until(engine, lambda one: PROD in one.observations)
    assert health_of(snapshot, "prod") is Health.OK
    assert health_of(snapshot, "dev") is Health.UNKNOWN


def test_callbacks_come_on_the_engines_thread_and_a_broken_one_harms_nobody(bench: Bench) -> None:
    engine = bench.engine()
    threads: set[str] = set()

    def broken(_: Snapshot) -> None:
        raise RuntimeError("no terminal")

    engine.subscribe(broken)
    engine.subscribe(lambda _: threads.add(threading.current_thread().name))
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    assert threads == {"cockpit-engine"}
    assert {where for where, _ in bench.defects} == {"subscriber"}


def test_versions_grow(bench: Bench) -> None:
    engine = bench.engine()
    versions: list[int] = []
    engine.subscribe(lambda one: versions.append(one.version))
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    assert versions == sorted(set(versions))


def test_a_restart_paints_the_last_state_at_once_marked_with_its_age(bench: Bench) -> None:
    first = bench.engine("dev", history=bench.history())
    first.start()
    until(first, lambda one: one.health is Health.OK)
    first.stop()
    bench.clock.now += 240

    @asynccontextmanager
    async def never(_: Meter) -> AsyncIterator[Room]:
        await asyncio.sleep(60)
        yield bench.room

    second = bench.engine("dev", history=bench.history(), open_room=never)
    second.start()
    restored = second.snapshot.observations[DEV]
    assert restored.restored
    assert restored.age_seconds(bench.clock()) == 240
    assert [resource.name for resource in restored.resources] == ["account", "one"]


def test_what_was_restored_is_confirmed_by_the_first_poll(bench: Bench) -> None:
    first = bench.engine("dev", history=bench.history())
    first.start()
    until(first, lambda one: DEV in one.observations)
    first.stop()
    second = bench.engine("dev", history=bench.history())
    second.start()
    until(second, lambda one: not one.observations[DEV].restored)


def test_an_account_that_stops_answering_is_unknown_with_its_last_good_data(bench: Bench) -> None:
    engine = bench.engine()
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    bench.room.identities["dev"] = failure(DEV, Outcome.UNREACHABLE, "GetCallerIdentity")
    bench.clock.now += 300
    engine.refresh()
    snapshot = until(engine, lambda one: outcome_of(one, DEV) is Outcome.UNREACHABLE)
    seen = snapshot.observations[DEV]
    assert [resource.name for resource in seen.resources] == ["account", "one"]
    assert seen.age_seconds(snapshot.at) == 300
    assert health_of(snapshot, "dev") is Health.UNKNOWN
    assert snapshot.accounts[0].outcome is Outcome.UNREACHABLE


def test_a_login_that_is_renewed_shows_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "FAILED_ACCOUNT_CHECK_SECONDS", 0.05)
    bench.room.identities["dev"] = failure(DEV, Outcome.EXPIRED, "credentials")
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: outcome_of(one, DEV) is Outcome.EXPIRED)
    bench.room.identities.clear()
    until(engine, lambda one: outcome_of(one, DEV) is Outcome.OK)


def test_refresh_polls_now_and_pause_starts_nothing_else(bench: Bench) -> None:
    engine = bench.engine("dev")
    engine.pause(True)
    engine.start()
    assert not until(engine, lambda one: one.accounts[0].outcome is Outcome.OK).polling
    assert bench.room.asked == []
    engine.refresh([DEV])
    until(engine, lambda one: DEV in one.observations)
    engine.pause(False)
    until(engine, lambda one: one.polling)


def test_a_close_look_follows_what_the_account_cannot_rule_out(bench: Bench) -> None:
    bench.room.value = lambda query: 9.0
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: one.health is Health.CRITICAL)
    things = thing(DEV, "one").key
    before = len(bench.room.queries)
    bench.clock.now += 76
    engine.look_at([])
    engine.pause(False)
    until(engine, lambda one: len(bench.room.queries) > before)
    assert things in {query.resource for queries in bench.room.queries[before:] for query in queries}


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


def test_notices_of_the_store_are_shown(bench: Bench) -> None:
    (bench.path / FILE_NAME).write_bytes(b"no database at all" * 100)
    engine = bench.engine("dev", history=bench.history())
    engine.start()
    snapshot = until(engine, lambda one: one.health is Health.OK)
    assert "damaged" in snapshot.notices[0]


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
    assert engine.longest_stall_seconds < 0.25
    engine.subscribe(lambda _: time.sleep(0.3))
    engine.refresh()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while engine.longest_stall_seconds < 0.2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert engine.longest_stall_seconds >= 0.2


def test_many_polls_at_once_are_one_picture(bench: Bench) -> None:
    things = [f"thing-{number}" for number in range(50)]
    bench.room.listings = {slot: listing(slot, *things) for slot in (DEV, PROD)}
    engine = bench.engine()
    shown: list[Snapshot] = []
    engine.subscribe(shown.append)
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    for _ in range(50):
        engine.refresh()
    asked = len(bench.room.asked)
    until(engine, lambda one: len(bench.room.asked) > asked)
    assert len(shown) < 10


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
