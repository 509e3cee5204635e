"""Metrics agree with each other and with the state they rest on, over the wire, with a clock that the tests turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from moto.iam.models import iam_backends

from cockpit.demo.fleet.tim import BAD_FUNCTION, BAD_VERSION, GOOD_VERSION
from tests.demo.conftest import START, Emulator
from tests.demo.test_metric_data import ask, query

SETTLED = 120


def by_minute(client: Any, metric: str, statistic: str, start: float, end: float, **dimensions: str) -> list[float]:
    """A metric from `start` to `end`, one value a minute; a minute without a point is 0."""
    (result,) = ask(client, query("a", metric, statistic, **dimensions), start=int(start), end=int(end))[
        "MetricDataResults"
    ]
    found = {int(t.timestamp()): v for t, v in zip(result["Timestamps"], result["Values"], strict=True)}
    return [found.get(second, 0.0) for second in range(int(start), int(end), 60)]


def error_rates(client: Any, start: float, end: float, **dimensions: str) -> list[float]:
    errors = by_minute(client, "Errors", "Sum", start, end, **dimensions)
    calls = by_minute(client, "Invocations", "Sum", start, end, **dimensions)
    return [100 * bad / all_ for bad, all_ in zip(errors, calls, strict=True)]


def minute(second: float) -> int:
    return int(second // 60) * 60


@pytest.mark.parametrize("account", ["tim-sandbox", "timeclout", "scheduler-production"])
@pytest.mark.parametrize("metric", ["Invocations", "Errors", "Throttles"])
def test_an_account_is_the_sum_of_its_functions(emulator: Emulator, account: str, metric: str) -> None:
    client = emulator.of(account, "cloudwatch")
    names = list(emulator.place(account).functions)
    end = minute(START) - SETTLED
    queries = [query(f"m{i}", metric, "Sum", FunctionName=name) for i, name in enumerate(names)]
    results = ask(client, *queries, start=end - 600, end=end)["MetricDataResults"]
    sums = {}
    for result in results:
        for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
            sums[moment] = sums.get(moment, 0.0) + value
    (whole,) = ask(client, query("a", metric, "Sum"), start=end - 600, end=end)["MetricDataResults"]
    assert dict(zip(whole["Timestamps"], whole["Values"], strict=True)) == sums
    assert len(sums) == 10


def test_an_accounts_longest_call_is_its_functions_longest(emulator: Emulator) -> None:
    client = emulator.of("timeclout", "cloudwatch")
    end = minute(START) - SETTLED
    names = list(emulator.place("timeclout").functions)
    queries = [query(f"m{i}", "Duration", "Maximum", FunctionName=name) for i, name in enumerate(names)]
    longest: dict[Any, float] = {}
    for result in ask(client, *queries, start=end - 600, end=end)["MetricDataResults"]:
        for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
            longest[moment] = max(longest.get(moment, 0.0), value)
    (whole,) = ask(client, query("a", "Duration", "Maximum"), start=end - 600, end=end)["MetricDataResults"]
    assert dict(zip(whole["Timestamps"], whole["Values"], strict=True)) == pytest.approx(longest)


def test_an_accounts_concurrency_holds_that_of_each_function(emulator: Emulator) -> None:
    client = emulator.of("tim-sandbox", "cloudwatch")
    end = minute(START) - SETTLED
    whole = by_minute(client, "ConcurrentExecutions", "Maximum", end - 600, end)
    one = by_minute(client, "ConcurrentExecutions", "Maximum", end - 600, end, FunctionName=BAD_FUNCTION)
    assert all(mine <= everyones < 1000 for mine, everyones in zip(one, whole, strict=True))


def test_the_bad_release_fails_every_minute_since_it_was_published(emulator: Emulator) -> None:
    client = emulator.of("tim-sandbox", "cloudwatch")
    functions = emulator.of("tim-sandbox", "lambda")
    versions = functions.list_versions_by_function(FunctionName=BAD_FUNCTION)["Versions"]
    published = datetime.fromisoformat(versions[-1]["LastModified"]).timestamp()
    assert versions[-1]["Version"] == str(BAD_VERSION)
    assert 6 * 60 <= START - published <= 9 * 60
    end = minute(START) - SETTLED
    before = error_rates(client, minute(published) - 1800, minute(published), FunctionName=BAD_FUNCTION)
    since = error_rates(client, minute(published), end, FunctionName=BAD_FUNCTION)
    assert len(since) >= 5
    assert all(5.2 < rate < 10 for rate in since)
    assert sum(before) / len(before) < 0.5


def test_rolled_back_it_stops_failing_within_two_minutes(sandbox: Emulator) -> None:
    client, functions = sandbox.of("tim-sandbox", "cloudwatch"), sandbox.of("tim-sandbox", "lambda")
    functions.update_alias(FunctionName=BAD_FUNCTION, Name="live", FunctionVersion=str(GOOD_VERSION))
    sandbox.clock.now = START + 600
    settled = minute(START) + 120
    for dimensions in ({}, {"FunctionName": BAD_FUNCTION}):
        before = by_minute(client, "Errors", "Sum", minute(START) - 300, minute(START), **dimensions)
        after = by_minute(client, "Errors", "Sum", settled, settled + 300, **dimensions)
        assert min(before) >= 9, "what was, stays"
        assert max(after) <= 5
        assert sum(after) / 5 < 3
    assert max(error_rates(client, settled, settled + 300, FunctionName=BAD_FUNCTION)) < 1.5


def test_the_minute_of_the_change_is_mixed(sandbox: Emulator) -> None:
    functions = sandbox.of("tim-sandbox", "lambda")
    sandbox.clock.now = minute(START) + 30
    functions.update_alias(FunctionName=BAD_FUNCTION, Name="live", FunctionVersion=str(GOOD_VERSION))
    sandbox.clock.now = START + 600
    client = sandbox.of("tim-sandbox", "cloudwatch")
    (rate,) = error_rates(client, minute(START), minute(START) + 60, FunctionName=BAD_FUNCTION)
    assert 2 < rate < 5.5


@pytest.mark.parametrize("weight", [0.1, 0.5])
def test_shared_traffic_fails_in_proportion(sandbox: Emulator, weight: float) -> None:
    functions, client = sandbox.of("tim-sandbox", "lambda"), sandbox.of("tim-sandbox", "cloudwatch")
    functions.update_alias(
        FunctionName=BAD_FUNCTION,
        Name="live",
        FunctionVersion=str(GOOD_VERSION),
        RoutingConfig={"AdditionalVersionWeights": {str(BAD_VERSION): weight}},
    )
    sandbox.clock.now = START + 2400
    start, end = minute(START) + 60, minute(START) + 1860
    rates = error_rates(client, start, end, FunctionName=BAD_FUNCTION)
    assert sum(rates) / len(rates) == pytest.approx(7.1 * weight + 0.1 * (1 - weight), rel=0.25)
    alias = {"FunctionName": BAD_FUNCTION, "Resource": f"{BAD_FUNCTION}:live"}
    whole, bad, good = (
        by_minute(client, "Invocations", "Sum", start, end, **dimensions)
        for dimensions in (
            alias,
            alias | {"ExecutedVersion": str(BAD_VERSION)},
            alias | {"ExecutedVersion": str(GOOD_VERSION)},
        )
    )
    assert [b + g for b, g in zip(bad, good, strict=True)] == whole
    assert sum(bad) / sum(whole) == pytest.approx(weight, abs=0.02)


def test_a_function_without_concurrency_is_throttled_and_does_nothing(sandbox: Emulator) -> None:
    functions, client = sandbox.of("tim-sandbox", "lambda"), sandbox.of("tim-sandbox", "cloudwatch")
    functions.put_function_concurrency(FunctionName=BAD_FUNCTION, ReservedConcurrentExecutions=0)
    sandbox.clock.now = START + 600
    start, end = minute(START) + 60, minute(START) + 360
    assert by_minute(client, "Invocations", "Sum", start, end, FunctionName=BAD_FUNCTION) == [0.0] * 5
    assert min(by_minute(client, "Throttles", "Sum", start, end, FunctionName=BAD_FUNCTION)) > 100
    assert min(by_minute(client, "Throttles", "Sum", start, end)) > 100


def test_a_new_function_is_called_and_counts(emulator: Emulator) -> None:
    functions = emulator.of("scheduler-local", "lambda")
    place = emulator.place("scheduler-local")
    known = set(place.functions)
    iam_backends["000000000000"]["aws"].create_role("fresh", "{}", "/", None, "", [], "3600")
    functions.create_function(
        FunctionName="fresh",
        Runtime="nodejs20.x",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/fresh",
        Code={"ZipFile": b"x"},
    )
    assert set(place.functions) == known | {"fresh"}
    functions.delete_function(FunctionName="fresh")
    assert set(place.functions) == known
