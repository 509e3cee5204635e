"""Aliases: which version answers, since when, and how few calls it takes to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.services._lambda_aliases import ROTATION
from cockpit.services.lambda_ import SERVICE
from tests.services.lambda_answers import alias, answers, arn, look, many, pages_of, version
from tests.services.recorded import NOW, Answer, RecordedReader, Refusal, named


async def test_an_alias_tells_its_version_since_when_and_the_one_before() -> None:
    live = named(await look(RecordedReader(SERVICE, answers())), "checkout:live")
    assert live.facts["version"] == "42"
    assert live.facts["published_at"] == NOW - 360
    # By number, not by text: 9 is not newer than 41.
    assert live.facts["previous_version"] == "41"
    assert live.facts["code_sha256"] == "hash-42"
    assert live.related == {"function": arn("checkout")}


async def test_a_weighted_alias_has_series_of_its_additional_version() -> None:
    routed = alias("checkout", "41", RoutingConfig={"AdditionalVersionWeights": {"42": 0.1}})
    live = named(await look(RecordedReader(SERVICE, answers(ListAliases={"Aliases": [routed]}))), "checkout:live")
    assert live.facts["routing"] == "42 10 %"
    metric = SERVICE.metric("routed_errors")
    assert metric is not None
    assert metric.dimensions(live) == {
        "FunctionName": "checkout",
        "Resource": "checkout:live",
        "ExecutedVersion": "42",
    }
    plain = named(await look(RecordedReader(SERVICE, answers())), "checkout:live")
    assert metric.dimensions(plain) is None


async def test_versions_are_listed_again_only_when_an_alias_has_moved() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    still = RecordedReader(SERVICE, answers())
    second = await look(still, first)
    assert still.times("ListVersionsByFunction") == 0
    assert named(second, "checkout:live").facts == named(first, "checkout:live").facts
    moved = RecordedReader(SERVICE, answers(ListAliases={"Aliases": [alias("checkout", "41")]}))
    third = await look(moved, second)
    assert moved.times("ListVersionsByFunction") == 1
    assert named(third, "checkout:live").facts["previous_version"] == "9"


async def test_an_alias_that_cannot_be_read_stays_as_it_was() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    second = await look(RecordedReader(SERVICE, answers(ListAliases=Refusal("ServiceException"))), first)
    assert named(second, "checkout:live") == named(first, "checkout:live")
    assert [failure.resource for failure in second.failures] == ["checkout"]


async def test_a_deleted_alias_vanishes() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    second = await look(RecordedReader(SERVICE, answers(ListAliases={"Aliases": []})), first)
    assert not [resource for resource in second.resources if resource.kind == "alias"]


async def test_a_function_deleted_meanwhile_is_no_failure() -> None:
    found = await look(RecordedReader(SERVICE, answers(ListAliases=Refusal("ResourceNotFoundException"))))
    assert found.failures == ()


def traffic(*resources: str) -> dict[str, Any]:
    """ListMetrics as CloudWatch answers for Invocations with the dimension Resource."""
    return {
        "Metrics": [
            {
                "Namespace": "AWS/Lambda",
                "MetricName": "Invocations",
                "Dimensions": [
                    {"Name": "FunctionName", "Value": resource.partition(":")[0]},
                    {"Name": "Resource", "Value": resource},
                ],
            }
            for resource in resources
        ]
    }


def only(name: str) -> Answer:
    """ListAliases: one function has an alias."""

    def answer(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"Aliases": [alias(name, "1")] if parameters["FunctionName"] == name else []}

    return answer


def large(**more: Answer) -> dict[str, Answer]:
    """311 functions, of which the last has an alias with traffic."""
    return answers(
        **{
            "ListFunctions": pages_of(many(311)),
            "ListAliases": only("job-310"),
            "ListMetrics": traffic("job-310:live", "job-310", "job-200:7"),
            "ListVersionsByFunction": {"Versions": [version("job-310", "1", "2026-03-01T09:00:00.000+0000")]},
            **more,
        }
    )


async def test_in_a_large_account_aliases_with_traffic_are_found_at_once_and_few_calls() -> None:
    reader = RecordedReader(SERVICE, large())
    found = await look(reader)
    assert named(found, "job-310:live")
    assert reader.times("ListAliases") == 1
    again = RecordedReader(SERVICE, large())
    await look(again, found)
    assert again.times("ListAliases") == ROTATION + 1


async def test_the_other_aliases_arrive_by_rotation_and_the_account_counts_what_is_unread() -> None:
    found = await look(RecordedReader(SERVICE, large()))
    unread = []
    for _ in range(6):
        (account,) = [resource for resource in found.resources if resource.kind == "account"]
        unread.append(account.facts["functions_without_aliases_read"])
        found = await look(RecordedReader(SERVICE, large()), found)
    assert unread == [310, 250, 190, 130, 70, 10]


async def test_without_the_hint_of_cloudwatch_every_alias_is_read_at_once() -> None:
    reader = RecordedReader(SERVICE, large(ListMetrics=Refusal()))
    found = await look(reader)
    assert reader.times("ListAliases") == 311
    assert named(found, "job-310:live")
    assert found.failures == ()


async def test_within_the_hour_only_functions_with_aliases_are_asked_again() -> None:
    three = answers(ListFunctions={"Functions": many(3)}, ListAliases=only("job-001"))
    first = await look(RecordedReader(SERVICE, three))
    soon = RecordedReader(SERVICE, three, now=NOW + 300)
    await look(soon, first)
    assert [asked["FunctionName"] for operation, asked in soon.asked if operation == "ListAliases"] == ["job-001"]
    hour = RecordedReader(SERVICE, three, now=NOW + 3600)
    await look(hour, first)
    assert hour.times("ListAliases") == 3


async def test_denied_aliases_are_one_failure_and_not_one_for_each_function() -> None:
    pages = pages_of(many(40))
    found = await look(RecordedReader(SERVICE, answers(ListFunctions=pages, ListAliases=Refusal())))
    (failure,) = found.failures
    assert (failure.operation, failure.resource) == ("ListAliases", None)
    assert sum(one.kind == "function" for one in found.resources) == 40
