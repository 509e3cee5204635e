"""When slots are due, and that none is ever forgotten."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from cockpit.config.settings import Polling
from cockpit.engine.driver import Driver
from cockpit.engine.scheduler import Run, Schedule
from cockpit.model.ids import SlotId
from cockpit.model.observation import Observation
from cockpit.model.verdict import Outcome
from tests.engine.rooms import BILL, DEV, NOW, PROD, Clock, failure
from tests.engine.schedules import EVERYTHING, begun, due_at, schedule, seen, unseen


def test_everything_of_every_slot_is_due_at_the_start() -> None:
    one = schedule(DEV, PROD)
    assert one.due(NOW) == [Run(DEV, True, EVERYTHING), Run(PROD, True, EVERYTHING)]


def test_one_run_is_in_flight_a_slot() -> None:
    one = schedule(DEV)
    one.due(NOW)
    assert one.due(NOW + 3600) == []
    assert one.next_at() is None


def test_the_account_tier_comes_every_minute_things_seldom() -> None:
    one = schedule()
    begun(one)
    minutes: list[float] = []
    things: list[float] = []
    while (now := due_at(one)) < NOW + 3600:
        (run,) = one.due(now)
        minutes += [now] if "account" in run.kinds else []
        things += [now] if "thing" in run.kinds else []
        before = seen(at=now)
        read = {"account": now, "thing": things[-1] if things else NOW}
        one.finished(run, seen(at=now, discovered_at=before.discovered_at, metrics_at=read), now)
    assert 59 <= len(minutes) <= 61
    assert {round(b - a) for a, b in itertools.pairwise(minutes)} == {60}
    assert {round(b - a) for a, b in itertools.pairwise(things)} == {600}


def test_what_needs_a_close_look_gets_one_at_once_and_then_every_minute() -> None:
    one = schedule()
    now = begun(one)
    (run,) = one.due(now)
    assert run.kinds == {"account"}
    one.finished(run, seen(at=now, metrics_at={"account": now, "thing": NOW}), now, close=frozenset({"thing"}))
    later = max(due_at(one), now)
    (run,) = one.due(later)
    assert "thing" in run.kinds
    assert later - now <= 60


def test_what_somebody_looks_at_is_read_every_minute() -> None:
    one = schedule(DEV, PROD)
    begun(one)
    one.look_at([PROD])
    looked_at = [run for at in range(0, 301, 5) for run in _runs(one, NOW + at) if "thing" in run.kinds]
    assert {run.slot for run in looked_at} == {PROD}
    assert 4 <= len(looked_at) <= 6
    one.look_at([])
    later = [run for at in range(305, 905, 5) for run in _runs(one, NOW + at) if "thing" in run.kinds]
    assert len([run for run in later if run.slot == PROD]) <= 1


def _runs(one: Schedule, now: float) -> list[Run]:
    runs = one.due(now)
    for run in runs:
        one.finished(run, _after(run, now), now)
    return runs


_KNOWN: dict[SlotId, Observation] = {}


def _after(run: Run, now: float) -> Observation:
    """What is known after a run that only did what it was asked for."""
    before = _KNOWN.get(run.slot, seen(run.slot))
    discovered = now if run.discover else before.discovered_at
    _KNOWN[run.slot] = seen(
        run.slot, at=now, discovered_at=discovered, metrics_at={**before.metrics_at, **dict.fromkeys(run.kinds, now)}
    )
    return _KNOWN[run.slot]


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    _KNOWN.clear()


def test_a_slot_that_fails_waits_longer_each_time_up_to_a_ceiling_and_is_never_forgotten() -> None:
    one = schedule()
    now, waits = NOW, []
    for _ in range(12):
        (run,) = one.due(now)
        one.finished(run, unseen(), now)
        waits.append(due_at(one) - now)
        now = due_at(one)
    assert waits[:3] == sorted(waits[:3])
    assert waits[0] >= 15
    assert waits[-1] == waits[-2] <= 360
    assert run.discover


def test_success_forgets_the_failures_before_it() -> None:
    one = schedule()
    (run,) = one.due(NOW)
    one.finished(run, unseen(), NOW)
    first = due_at(one) - NOW
    (run,) = one.due(due_at(one))
    now = NOW + first
    one.finished(run, seen(at=now), now)
    one.refresh()
    (run,) = one.due(now + 1)
    one.finished(run, unseen(), now + 1)
    one.refresh()
    assert due_at(one) == 0.0
    (run,) = one.due(now + 2)
    one.finished(run, unseen(), now + 2)
    assert due_at(one) - (now + 2) == pytest.approx(2 * first)


def test_only_the_part_that_failed_is_tried_again_early() -> None:
    one = schedule()
    (run,) = one.due(NOW)
    partly = seen(metrics_at={"account": NOW}, outcome=Outcome.PARTIAL, failures=(failure(DEV, Outcome.THROTTLED),))
    one.finished(run, partly, NOW)
    now = due_at(one)
    while "thing" not in (run := one.due(now)[0]).kinds:
        one.finished(run, seen(at=now, metrics_at={"account": now}), now)
        now = due_at(one)
    assert not run.discover
    assert 30 <= now - NOW <= 36


def test_an_expired_login_is_tried_seldom_until_it_works_again() -> None:
    one = schedule(DEV, PROD)
    for run in one.due(NOW):
        one.finished(run, unseen(run.slot, Outcome.EXPIRED), NOW)
    assert due_at(one) >= NOW + 300
    one.revive("dev")
    (run,) = one.due(NOW + 1)
    assert run == Run(DEV, True, EVERYTHING)


def test_revival_leaves_alone_what_was_well() -> None:
    one = schedule()
    at = begun(one)
    one.revive("dev")
    assert due_at(one) == at


def test_refresh_makes_everything_due_and_outruns_a_backoff() -> None:
    one = schedule(DEV, PROD)
    for run in one.due(NOW):
        one.finished(run, unseen(run.slot), NOW)
    one.refresh([DEV])
    assert one.due(NOW + 1) == [Run(DEV, True, EVERYTHING)]


def test_a_slot_that_is_refreshed_in_flight_runs_once_more() -> None:
    one = schedule()
    (run,) = one.due(NOW)
    one.refresh()
    one.refresh()
    assert one.due(NOW) == []
    one.finished(run, seen(), NOW)
    assert one.due(NOW) == [Run(DEV, True, EVERYTHING)]
    one.finished(run, seen(), NOW)
    assert one.due(NOW) == []


def test_a_slot_that_is_no_longer_configured_is_ignored() -> None:
    one = schedule(DEV)
    one.refresh([PROD])
    one.look_at([PROD])
    one.restore(seen(PROD))
    assert [run.slot for run in one.due(NOW)] == [DEV]


def test_while_paused_only_what_is_asked_for_is_polled() -> None:
    one = schedule(DEV, PROD)
    begun(one)
    one.pause(paused=True)
    assert one.due(NOW + 86400) == []
    one.refresh([DEV])
    (run,) = one.due(NOW + 86400)
    one.finished(run, seen(at=NOW + 86400), NOW + 86400)
    assert one.due(NOW + 2 * 86400) == []
    one.pause(paused=False)
    assert {run.slot for run in one.due(NOW + 2 * 86400)} == {DEV, PROD}


def test_after_a_restart_lists_are_read_at_once_but_young_metrics_are_not_paid_for_again() -> None:
    one = schedule()
    one.restore(seen(at=NOW - 20, metrics_at={"account": NOW - 20, "thing": NOW - 20}))
    (run,) = one.due(NOW)
    assert run.discover
    assert "thing" not in run.kinds


def test_a_paid_look_is_not_repeated_before_its_time_by_anything() -> None:
    one = schedule(BILL, polling=Polling(cost_every_seconds=3600, pace=0.1))
    (run,) = one.due(NOW)
    adopted = seen(BILL, at=NOW, discovered_at=NOW - 3000, metrics_at={})
    one.finished(run, adopted, NOW)
    assert due_at(one) == pytest.approx(NOW + 600, abs=180)


def test_a_look_that_another_process_is_paying_for_is_asked_for_again_soon() -> None:
    one = schedule(BILL)
    (run,) = one.due(NOW)
    one.finished(run, None, NOW)
    assert NOW < due_at(one) <= NOW + 20


def test_the_clock_of_the_machine_may_jump() -> None:
    one = schedule()
    begun(one)
    (run,) = one.due(NOW + 7 * 86400)
    one.finished(run, seen(at=NOW + 7 * 86400), NOW + 7 * 86400)
    assert due_at(one) <= NOW + 7 * 86400 + 75


async def test_the_driver_starts_what_is_due_side_by_side() -> None:
    clock, one = Clock(), schedule(DEV, PROD)
    started: list[SlotId] = []
    let_go = asyncio.Event()
    done = asyncio.Event()

    async def poll(run: Run) -> None:
        started.append(run.slot)
        if run.slot == DEV:
            await let_go.wait()
        one.finished(run, seen(run.slot), clock())
        done.set()

    driver = Driver(one, poll, clock=clock)
    task = asyncio.create_task(driver.run())
    await asyncio.wait_for(done.wait(), 1)
    assert started == [DEV, PROD]
    assert driver.in_flight == 1
    one.refresh([PROD])
    done.clear()
    driver.wake()
    await asyncio.wait_for(done.wait(), 1)
    assert started == [DEV, PROD, PROD]
    task.cancel()
    await driver.close()


async def test_the_driver_wakes_when_something_is_due() -> None:
    clock, one = Clock(), schedule()
    begun(one)
    clock.now = due_at(one) - 0.05
    polled = asyncio.Event()

    async def poll(run: Run) -> None:
        polled.set()

    task = asyncio.create_task(Driver(one, poll, clock=clock).run())
    await asyncio.sleep(0.02)
    clock.now += 0.06
    await asyncio.wait_for(polled.wait(), 1)
    task.cancel()


async def test_the_driver_has_ended_only_when_its_runs_have() -> None:
    leaving = []

    async def poll(run: Run) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.02)
            leaving.append(run.slot)

    driver = Driver(schedule(DEV, PROD), poll, clock=Clock())
    task = asyncio.create_task(driver.run())
    await asyncio.sleep(0.01)
    task.cancel()
    await driver.close()
    assert set(leaving) == {DEV, PROD}
    assert driver.in_flight == 0
