"""What is counted, what it costs, and where the ceiling is."""

import threading

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.aws.meter import Meter, price
from cockpit.model.verdict import Outcome
from tests.aws.conftest import OpenRoom
from tests.aws.fleet import DEV, FUNCTIONS, HOME, SPEC, Clock
from tests.aws.test_metrics import QUERY, everything
from tests.aws.wire import Reply, Wire, error

MIDNIGHT = 1_700_006_400.0
"""A UTC midnight."""


def spend(meter: Meter, usd: float, now: float) -> None:
    meter.record(account="dev", client="ce", operation="GetCostAndUsage", now=now, cost_usd=usd)


def test_calls_are_counted_by_account_client_and_operation() -> None:
    meter = Meter(since=MIDNIGHT)
    for account in ("dev", "dev", "prod"):
        meter.record(account=account, client="sqs", operation="ListQueues", now=MIDNIGHT, attempts=2, throttles=1)
    meter.record(account="dev", client="sqs", operation="ListQueues", now=MIDNIGHT, failed=True)
    reading = meter.reading(MIDNIGHT)
    assert [(line.account, line.calls, line.attempts, line.throttles, line.failures) for line in reading.lines] == [
        ("dev", 3, 5, 2, 1),
        ("prod", 1, 2, 1, 0),
    ]
    assert reading.calls == 4


def test_threads_may_count_at_once() -> None:
    meter = Meter()

    def count() -> None:
        for _ in range(500):
            spend(meter, 0.001, MIDNIGHT)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reading = meter.reading(MIDNIGHT)
    assert reading.calls == 2000
    assert reading.usd_today == pytest.approx(2.0)


def test_the_rate_is_that_of_the_last_hour() -> None:
    meter = Meter(since=MIDNIGHT - 7200)
    spend(meter, 1.0, MIDNIGHT - 3700)
    spend(meter, 0.5, MIDNIGHT - 600)
    assert meter.reading(MIDNIGHT).usd_per_hour == pytest.approx(0.5)


def test_the_first_minutes_are_not_taken_for_an_hour() -> None:
    meter = Meter(since=MIDNIGHT)
    spend(meter, 0.01, MIDNIGHT + 5)
    assert meter.reading(MIDNIGHT + 10).usd_per_hour == pytest.approx(0.06)


def test_a_new_utc_day_starts_at_nothing() -> None:
    meter = Meter(ceiling_usd_per_day=1.0)
    spend(meter, 0.5, MIDNIGHT - 1)
    assert meter.reading(MIDNIGHT - 1).usd_today == 0.5
    assert meter.reading(MIDNIGHT).usd_today == 0.0
    assert meter.reading(MIDNIGHT).cost_usd == 0.5


def test_half_of_the_ceiling_is_there_at_once_and_the_rest_comes_over_the_day() -> None:
    meter = Meter(ceiling_usd_per_day=2.0)
    spend(meter, 0.99, MIDNIGHT + 1)
    assert meter.allows(0.01, MIDNIGHT + 1)
    assert not meter.allows(0.02, MIDNIGHT + 1)
    assert meter.allows(0.5, MIDNIGHT + 43_200)
    assert not meter.allows(0.52, MIDNIGHT + 43_200)
    assert meter.allows(1.0, MIDNIGHT + 86_399.999)


def test_a_day_never_costs_more_than_the_ceiling() -> None:
    meter = Meter(ceiling_usd_per_day=2.0)
    for minute in range(1440):
        now = MIDNIGHT + minute * 60
        for _ in range(3):
            if meter.reserve(0.005, now):
                meter.record(account="a", client="c", operation="o", now=now, cost_usd=0.005, reserved_usd=0.005)
    assert 1.9 < meter.reading(MIDNIGHT + 86_399).usd_today <= 2.0


def test_what_is_under_way_counts_against_the_ceiling() -> None:
    meter = Meter(ceiling_usd_per_day=2.0)
    assert meter.reserve(0.6, MIDNIGHT)
    assert not meter.reserve(0.6, MIDNIGHT)
    meter.record(account="a", client="c", operation="o", now=MIDNIGHT, failed=True, reserved_usd=0.6)
    assert meter.reserve(0.6, MIDNIGHT)


def test_free_calls_are_never_refused_and_a_near_ceiling_is_said() -> None:
    meter = Meter(ceiling_usd_per_day=2.0)
    assert not meter.reading(MIDNIGHT).throttled_by_ceiling
    spend(meter, 0.9, MIDNIGHT)
    assert meter.reading(MIDNIGHT).throttled_by_ceiling
    assert meter.allows(0.0, MIDNIGHT)
    assert Meter().allows(1000.0, MIDNIGHT)


def test_prices_are_those_of_the_service_then_ours_then_nothing() -> None:
    assert price("ce", "GetCostAndUsage", {"GetCostAndUsage": 0.01}) == 0.01
    assert price("sqs", "GetQueueAttributes") == pytest.approx(0.4e-6)
    assert price("lambda", "ListFunctions") == 0.0


async def test_billed_calls_are_refused_at_the_ceiling_while_free_calls_go_on(
    open_room: OpenRoom, wire: Wire, clock: Clock
) -> None:
    meter = Meter(ceiling_usd_per_day=0.01)
    wire.on(FUNCTIONS, Reply({"Functions": []}))
    wire.on("GetCostAndUsage", Reply({"ResultsByTime": []}))
    wire.on("GetMetricData", everything)
    period = {"TimePeriod": {"Start": "2023-11-01", "End": "2023-11-02"}, "Granularity": "DAILY", "Metrics": ["X"]}
    clock.now = MIDNIGHT
    async with open_room(DEV, meter=meter) as room:
        reader = room.reader(HOME, SPEC, clock.now)
        with pytest.raises(CallFailed) as caught:
            await reader.call("GetCostAndUsage", **period)
        await reader.call("ListFunctions")
        spend(meter, 0.0051, clock.now)
        answer = await room.load(HOME, [QUERY], clock.now)
    failure = caught.value.failure
    assert (failure.outcome, failure.code) == (Outcome.THROTTLED, "CeilingReached")
    assert [failure.code for failure in answer.failures] == ["CeilingReached"]
    assert wire.calls("GetCostAndUsage") == wire.calls("GetMetricData") == []


async def test_a_call_that_fails_is_not_billed(open_room: OpenRoom, wire: Wire, meter: Meter, clock: Clock) -> None:
    wire.on("GetCostAndUsage", [error("LimitExceededException"), Reply({"ResultsByTime": []})])
    wire.on("GetMetricData", error("AccessDeniedException", status=403))
    period = {"TimePeriod": {"Start": "2023-11-01", "End": "2023-11-02"}, "Granularity": "DAILY", "Metrics": ["X"]}
    async with open_room(DEV) as room:
        await room.reader(HOME, SPEC, clock.now).call("GetCostAndUsage", **period)
        await room.load(HOME, [QUERY], clock.now)
    lines = {line.operation: line for line in meter.reading(clock.now).lines}
    assert (lines["GetCostAndUsage"].attempts, lines["GetCostAndUsage"].cost_usd) == (2, 0.01)
    assert (lines["GetMetricData"].billed_metrics, lines["GetMetricData"].cost_usd) == (0, 0.0)
