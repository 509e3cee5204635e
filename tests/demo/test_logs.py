"""Logs of the fleet's functions: what is in them agrees with the metrics, and pages, limits and patterns are AWS's."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from cockpit.demo.fleet.tim import BAD_FUNCTION
from tests.demo.conftest import START, Emulator
from tests.demo.test_services import code

GROUP = f"/aws/lambda/{BAD_FUNCTION}"
MINUTE = int(START // 60) * 60 - 180
"""A whole minute of the bad release."""


@pytest.fixture
def logs(emulator: Emulator) -> Any:
    return emulator.of("tim-sandbox", "logs")


def events(logs: Any, **parameters: Any) -> list[dict[str, Any]]:
    """Every event, over all pages."""
    asked = {"logGroupName": GROUP, "startTime": MINUTE * 1000, "endTime": (MINUTE + 60) * 1000 - 1} | parameters
    return [event for page in logs.get_paginator("filter_log_events").paginate(**asked) for event in page["events"]]


def counted(emulator: Emulator, metric: str) -> float:
    answer = emulator.of("tim-sandbox", "cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": BAD_FUNCTION}],
        StartTime=MINUTE,
        EndTime=MINUTE + 60,
        Period=60,
        Statistics=["Sum"],
    )
    return float(answer["Datapoints"][0]["Sum"])


def test_a_log_tells_of_every_invocation_and_of_every_error_that_is_counted(emulator: Emulator, logs: Any) -> None:
    messages = [event["message"] for event in events(logs)]
    for start in ("START RequestId", "END RequestId", "REPORT RequestId"):
        assert sum(message.startswith(start) for message in messages) == counted(emulator, "Invocations")
    errors = events(logs, filterPattern="ERROR")
    assert len(errors) == counted(emulator, "Errors") > 10
    assert all("\tERROR\tInvoke Error" in event["message"] for event in errors)


def test_the_bad_release_says_why_it_fails(logs: Any) -> None:
    (error, *_) = events(logs, filterPattern='"TypeError"')
    told = json.loads(error["message"].rpartition("\t")[2])
    assert told["errorMessage"] == "Cannot read properties of undefined (reading 'currency')"
    assert "at priceOf (/var/task/src/pricing/price.js:88:31)" in "".join(told["stack"])
    assert "[42]" in error["logStreamName"]
    before = int(START - 3600) * 1000
    assert events(logs, startTime=before, endTime=before + 60_000, filterPattern="TypeError") == []


def test_a_rollback_shows_in_the_log_as_soon_as_it_is_made(sandbox: Emulator) -> None:
    logs, functions = sandbox.of("tim-sandbox", "logs"), sandbox.of("tim-sandbox", "lambda")
    functions.update_alias(FunctionName=BAD_FUNCTION, Name="live", FunctionVersion="41")
    sandbox.clock.now = START + 120
    found = events(logs, startTime=int(START * 1000) + 20_000, endTime=int(sandbox.clock.now * 1000))
    assert {event["logStreamName"].split("/")[3][:4] for event in found} == {"[41]"}
    assert not any("TypeError" in event["message"] for event in found)


def test_events_are_in_order_and_each_has_an_id_that_stays(logs: Any) -> None:
    found, again = events(logs), events(logs)
    assert found == again
    moments = [event["timestamp"] for event in found]
    assert moments == sorted(moments)
    assert MINUTE * 1000 <= moments[0] <= moments[-1] < (MINUTE + 60) * 1000
    ids = [event["eventId"] for event in found]
    assert len(set(ids)) == len(ids) > 1000
    assert {len(one) for one in ids} == {56}


def test_pages_by_a_limit_add_up_to_the_whole(logs: Any) -> None:
    asked = {"logGroupName": GROUP, "startTime": MINUTE * 1000, "endTime": (MINUTE + 60) * 1000 - 1}
    pages = list(logs.get_paginator("filter_log_events").paginate(**asked, limit=400))
    assert all(len(page["events"]) <= 400 for page in pages)
    assert [event for page in pages for event in page["events"]] == events(logs)


def test_the_newest_come_first_where_that_is_asked_for(logs: Any) -> None:
    newest = logs.filter_log_events(logGroupName=GROUP, startTime=MINUTE * 1000, startFromHead=False, limit=50)
    moments = [event["timestamp"] for event in newest["events"]]
    assert moments == sorted(moments, reverse=True)
    assert START * 1000 - 5000 < moments[0] < START * 1000
    older = logs.filter_log_events(logGroupName=GROUP, startTime=MINUTE * 1000, nextToken=newest["nextToken"], limit=50)
    assert older["events"][0]["timestamp"] <= moments[-1], "the token keeps the direction"
    backwards = events(logs, startFromHead=False)
    assert sorted(event["eventId"] for event in backwards) == sorted(event["eventId"] for event in events(logs))


def test_a_tail_goes_on_where_it_was(emulator: Emulator, logs: Any) -> None:
    first = events(logs, startTime=int(START - 10) * 1000, endTime=int(START + 999) * 1000)
    emulator.clock.now = START + 5
    both = events(logs, startTime=int(START - 10) * 1000, endTime=int(START + 999) * 1000)
    assert both[: len(first)] == first
    assert len(both) > len(first)
    assert both[-1]["timestamp"] <= (START + 5) * 1000


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("ERROR TypeError", lambda text: "ERROR" in text and "TypeError" in text),
        ("?ERROR ?INFO", lambda text: "ERROR" in text or "INFO" in text),
        ("RequestId -START", lambda text: "RequestId" in text and "START" not in text),
        ('"Version: 42"', lambda text: "Version: 42" in text),
        (r"%order \d+ paid%", lambda text: "order" in text and "paid" in text),
    ],
)
def test_patterns(logs: Any, pattern: str, matches: Any) -> None:
    found = [event["message"] for event in events(logs, filterPattern=pattern)]
    assert found == [event["message"] for event in events(logs) if matches(event["message"])]
    assert found


@pytest.mark.parametrize("pattern", ["a:b", '"open', "[ip, user]", "{ $.level = }", "%(%"])
def test_a_pattern_that_cannot_be_read_is_refused(logs: Any, pattern: str) -> None:
    asked = {"logGroupName": GROUP, "startTime": MINUTE * 1000, "filterPattern": pattern}
    assert code(logs.filter_log_events, **asked) == "InvalidParameterException"


def test_a_log_in_json_can_be_asked_by_its_fields(emulator: Emulator) -> None:
    logs = emulator.of("scheduler-production", "logs")
    (name, *_) = [
        function["FunctionName"]
        for function in emulator.of("scheduler-production", "lambda").list_functions()["Functions"]
        if function["LoggingConfig"]["LogFormat"] == "JSON"
    ]
    asked = {"logGroupName": f"/aws/lambda/{name}", "startTime": MINUTE * 1000, "endTime": (MINUTE + 120) * 1000}
    lines = [json.loads(event["message"]) for event in logs.filter_log_events(**asked)["events"]]
    assert {line.get("type", line.get("level")) for line in lines} >= {"platform.start", "INFO", "platform.report"}
    found = logs.filter_log_events(**asked, filterPattern='{ $.level = "INFO" }')["events"]
    assert len(found) == sum(line.get("level") == "INFO" for line in lines) > 0
    slow = logs.filter_log_events(**asked, filterPattern="{ $.record.metrics.durationMs >= 0.01 }")["events"]
    assert len(slow) == sum(line.get("type") == "platform.report" for line in lines)


def test_one_request_looks_at_so_much_and_leads_on(logs: Any) -> None:
    page = logs.filter_log_events(logGroupName=GROUP, startTime=0, filterPattern="nowhere_to_be_found")
    assert (page["events"], bool(page.get("nextToken"))) == ([], True)
    assert code(logs.filter_log_events, logGroupName=GROUP, nextToken="made up") == "InvalidParameterException"
    assert code(logs.filter_log_events, logGroupName=GROUP, limit=10_001) in {
        "InvalidParameterException",
        "ParamValidationError",
    }


def test_groups_come_in_pages_and_by_prefix(logs: Any) -> None:
    pages = list(logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/tim-"))
    names = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    assert (len(names), [len(page["logGroups"]) for page in pages][:2]) == (311, [50, 50])
    assert names == sorted(names)
    assert logs.describe_log_groups(logGroupNamePattern="checkout", limit=5)["logGroups"][0]["retentionInDays"] == 30


def test_streams_are_those_of_the_events(logs: Any) -> None:
    newest = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True, limit=20)
    names = [stream["logStreamName"] for stream in newest["logStreams"]]
    found = events(logs)
    assert {event["logStreamName"] for event in found} <= set(names)
    only = events(logs, logStreamNames=names[:1])
    assert only == [event for event in found if event["logStreamName"] == names[0]]
    assert len(events(logs, logStreamNamePrefix=names[0][:20])) >= len(only)


def test_a_group_that_is_not_there(logs: Any) -> None:
    asked = {"logGroupName": "/aws/lambda/nobody"}
    assert code(logs.filter_log_events, **asked) == "ResourceNotFoundException"
    assert code(logs.describe_log_streams, **asked) == "ResourceNotFoundException"


def test_a_group_that_somebody_makes_is_there_beside_them(logs: Any) -> None:
    logs.create_log_group(logGroupName="/own/group")
    try:
        logs.create_log_stream(logGroupName="/own/group", logStreamName="one")
        logs.put_log_events(
            logGroupName="/own/group",
            logStreamName="one",
            logEvents=[{"timestamp": int(time.time() * 1000), "message": "by hand"}],
        )
        found = logs.filter_log_events(logGroupName="/own/group")["events"]
        assert [event["message"] for event in found] == ["by hand"]
        assert logs.describe_log_groups(logGroupNamePrefix="/own")["logGroups"][0]["logGroupName"] == "/own/group"
    finally:
        logs.delete_log_group(logGroupName="/own/group")


def test_the_bad_release_differs_from_the_one_before(emulator: Emulator) -> None:
    listed = emulator.of("tim-sandbox", "lambda").list_versions_by_function(FunctionName=BAD_FUNCTION)["Versions"]
    versions = {version["Version"]: version for version in listed}
    good, bad, latest = versions["41"], versions["42"], versions["$LATEST"]
    for name in ("CodeSha256", "CodeSize", "MemorySize", "Layers", "Environment", "Description"):
        assert good[name] != bad[name], name
    assert good["Runtime"] == bad["Runtime"]
    assert (latest["CodeSha256"], latest["Environment"]) == (bad["CodeSha256"], bad["Environment"])
    assert set(good["Environment"]["Variables"]) - set(bad["Environment"]["Variables"]) == {"PRICE_LIST_URL"}
