"""A bill of which one question failed in passing is asked for again soon; what must be mended is not paid for twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.config.settings import Polling
from cockpit.engine.cadence import PARTIAL_LOOK_SECONDS, paid_look_lasts_seconds
from cockpit.engine.paid import PaidLooks
from cockpit.engine.scheduler import Run
from cockpit.model.observation import Observation
from cockpit.model.verdict import Outcome
from cockpit.store.history import FILE_NAME, History
from tests.engine.rooms import BILL, IDS, NOW, Clock, failure
from tests.engine.schedules import schedule, seen

SIX_HOURS = 6 * 3600.0


def partial(outcome: Outcome) -> Observation:
    whole = seen(BILL, at=NOW, discovered_at=NOW, metrics_at={})
    return replace(whole, outcome=Outcome.PARTIAL, failures=(failure(BILL, outcome),))


@pytest.mark.parametrize(
    ("outcome", "lasts"),
    [
        (Outcome.THROTTLED, PARTIAL_LOOK_SECONDS),
        (Outcome.UNREACHABLE, PARTIAL_LOOK_SECONDS),
        (Outcome.DENIED, SIX_HOURS),
        (Outcome.EXPIRED, SIX_HOURS),
    ],
)
def test_how_long_a_partial_look_serves(outcome: Outcome, lasts: float) -> None:
    assert paid_look_lasts_seconds(partial(outcome), SIX_HOURS) == lasts
    assert paid_look_lasts_seconds(partial(outcome), 60.0) == 60.0


@pytest.mark.parametrize(("outcome", "soon"), [(Outcome.THROTTLED, True), (Outcome.DENIED, False)])
def test_the_schedule_comes_back_to_it(outcome: Outcome, soon: bool) -> None:
    one = schedule(BILL, polling=Polling(cost_every_seconds=SIX_HOURS))
    (run,) = one.due(NOW)
    one.finished(run, partial(outcome), NOW)
    due = one.next_at()
    assert due is not None
    assert (due - NOW < 2 * PARTIAL_LOOK_SECONDS) is soon
    (again,) = one.due(due)
    assert again.discover


async def test_the_store_does_not_hand_it_out_for_hours(tmp_path: Path) -> None:
    clock, paid = Clock(), 0
    history = History.open(tmp_path / FILE_NAME, clock=clock)

    async def poll(_run: Run, _previous: Observation | None) -> Observation:
        nonlocal paid
        paid += 1
        return partial(Outcome.THROTTLED)

    looks = PaidLooks(history, every_seconds=SIX_HOURS, clock=clock)
    for ahead in (0.0, 300.0, 2 * PARTIAL_LOOK_SECONDS):
        clock.now = NOW + ahead
        await looks.look(Run(BILL, True, frozenset()), IDS["dev"], None, poll)
    history.close()
    assert paid == 2
