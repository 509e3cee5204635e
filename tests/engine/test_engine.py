"""The engine, over a room with nothing behind it: snapshots arrive, and nothing stops it but `stop`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.aws.meter import Meter
from cockpit.engine import session
from cockpit.model.ids import SlotId
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health, Outcome
from cockpit.store.history import FILE_NAME
from tests.engine.engines import Bench, until
from tests.engine.rooms import DEV, NOW, PROD, Room, failure, listing, thing


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.close()


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
    front = second.snapshot.environments[0].cells["tiny"]
    judged = until(second, lambda one: DEV in one.observations)
    assert replace(front, findings=()) == replace(judged.environments[0].cells["tiny"], findings=())
    restored = judged.observations[DEV]
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
    until(second, lambda one: DEV in one.observations and not one.observations[DEV].restored)


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
    monkeypatch.setattr(session, "ACCOUNT_CHECK_SECONDS", 0.05)
    bench.room.identities["dev"] = failure(DEV, Outcome.EXPIRED, "credentials")
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: outcome_of(one, DEV) is Outcome.EXPIRED)
    bench.room.identities.clear()
    until(engine, lambda one: outcome_of(one, DEV) is Outcome.OK)


def test_a_session_that_ran_out_in_the_middle_of_a_poll_is_tried_again_soon(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "ACCOUNT_CHECK_SECONDS", 0.05)
    bench.room.listings[DEV] = failure(DEV, Outcome.EXPIRED)
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: outcome_of(one, DEV) is Outcome.EXPIRED)
    bench.room.listings.clear()
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


def test_near_the_spending_ceiling_polling_is_slowed_and_said(bench: Bench) -> None:
    meters: list[Meter] = []

    @asynccontextmanager
    async def opening(meter: Meter) -> AsyncIterator[Room]:
        meters.append(meter)
        yield bench.room

    engine = bench.engine("dev", open_room=opening)
    engine.start()
    until(engine, lambda one: one.health is Health.OK)
    meters[0].record(account="dev", client="cloudwatch", operation="GetMetricData", now=NOW, cost_usd=1.99)
    engine.refresh()
    snapshot = until(engine, lambda one: bool(one.notices))
    assert snapshot.notices == ("Polling is slowed: the ceiling of $2.00 a day is near.",)
    assert snapshot.meter.cost_usd == 1.99


def test_notices_of_the_store_are_shown(bench: Bench) -> None:
    (bench.path / FILE_NAME).write_bytes(b"no database at all" * 100)
    engine = bench.engine("dev", history=bench.history())
    engine.start()
    snapshot = until(engine, lambda one: one.health is Health.OK)
    assert "damaged" in snapshot.notices[0]


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
