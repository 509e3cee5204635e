"""One ceiling for every process on the machine: what each spends, the others learn from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.aws.meter import Meter
from cockpit.store.history import FILE_NAME, History

DAY = 20_412
NOON = DAY * 86_400 + 43_200.0


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], History]]:
    made: list[History] = []

    def make() -> History:
        made.append(History.open(tmp_path / FILE_NAME, clock=lambda: NOON))
        return made[-1]

    yield make
    for history in made:
        history.close()


def spend(meter: Meter, usd: float) -> None:
    meter.record(account="a", client="ce", operation="GetCostAndUsage", now=NOON, cost_usd=usd)


def test_two_processes_know_what_they_spent_together(opened: Callable[[], History]) -> None:
    one, other = Meter(1.0, since=NOON), Meter(1.0, since=NOON)
    first, second = opened(), opened()
    spend(one, 0.3)
    spend(other, 0.4)
    one.share(first.spend, NOON)
    other.share(second.spend, NOON)
    one.share(first.spend, NOON)
    assert one.reading(NOON).usd_today == pytest.approx(0.7)
    assert other.reading(NOON).usd_today == pytest.approx(0.7)


def test_what_was_told_is_not_told_twice(opened: Callable[[], History]) -> None:
    meter, history = Meter(1.0, since=NOON), opened()
    spend(meter, 0.3)
    for _ in range(3):
        meter.share(history.spend, NOON)
    assert meter.reading(NOON).usd_today == pytest.approx(0.3)


def test_the_ceiling_refuses_what_other_processes_have_used_up(opened: Callable[[], History]) -> None:
    """A check every few minutes is bounded too: each run begins where the last one ended."""
    earlier, later = Meter(1.0, since=NOON), Meter(1.0, since=NOON)
    spend(earlier, 0.74)
    earlier.share(opened().spend, NOON)
    assert later.allows(0.02, NOON)
    later.share(opened().spend, NOON)
    assert not later.allows(0.02, NOON)
    assert later.allows(0.0, NOON)


def test_a_new_day_begins_at_nothing(opened: Callable[[], History]) -> None:
    meter, history = Meter(1.0, since=NOON), opened()
    spend(meter, 0.7)
    meter.share(history.spend, NOON)
    tomorrow = NOON + 86_400
    meter.share(history.spend, tomorrow)
    assert meter.reading(tomorrow).usd_today == 0


def test_where_nobody_listens_the_meter_counts_alone() -> None:
    meter = Meter(1.0, since=NOON)
    spend(meter, 0.3)
    meter.share(lambda _day, _usd: None, NOON)
    assert meter.reading(NOON).usd_today == pytest.approx(0.3)
