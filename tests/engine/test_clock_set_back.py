"""A clock that is set back (another system on the machine, a suspended one) proves nothing."""

from __future__ import annotations

from cockpit.engine.scheduler import Run
from cockpit.model.series import Series
from tests.engine.rooms import DEV, NOW
from tests.engine.schedules import EVERYTHING, begun, due_at, schedule, seen, unseen
from tests.engine.test_poller import END, KEY, Bench


def test_what_was_read_under_a_clock_that_was_set_back_is_due_now() -> None:
    one = schedule()
    begun(one, NOW + 7200)
    assert due_at(one) > NOW
    assert one.due(NOW) == [Run(DEV, True, EVERYTHING)]


def test_a_clock_that_is_set_back_shortens_a_wait_after_failures() -> None:
    one = schedule()
    (run,) = one.due(NOW + 7200)
    one.finished(run, unseen(), NOW + 7200)
    one.due(NOW)
    assert due_at(one) <= NOW + 60


def test_metrics_that_an_earlier_process_read_in_the_future_are_read_again() -> None:
    one = schedule()
    one.restore(seen(at=NOW + 7200))
    assert one.due(NOW) == [Run(DEV, True, EVERYTHING)]


async def test_holes_of_minutes_that_are_yet_to_come_do_not_prove_that_nothing_happens() -> None:
    bench = Bench()
    bench.clock.now = NOW + 1200
    bench.room.value = lambda query: None
    await bench.poll()
    bench.clock.now = NOW
    bench.room.value = lambda query: 9.0
    seen = await bench.poll()
    assert seen.by_key[KEY].series["errors"] == Series(END - 3600, 60, (9.0,) * 60)
