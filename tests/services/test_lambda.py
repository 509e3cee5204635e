"""Lambda: every function, aliases within the quota, and rules that the account can clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cockpit.aws.errors import CallFailed
from cockpit.model.service import Discovery, Settled
from cockpit.model.verdict import Health, Outcome
from cockpit.services._lambda_aliases import ROTATION
from cockpit.services.lambda_ import SERVICE, discover
from tests.services.recorded import ACCOUNT_ID, NOW, REGION, Answer, RecordedReader, Refusal, named, observed
from tests.services.samples import later, sample, verdict

SETTLED = Settled({})


def arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


def function(name: str, **more: Any) -> dict[str, Any]:
    return {
        "FunctionName": name,
        "FunctionArn": arn(name),
        "Runtime": "python3.13",
        "Role": f"arn:aws:iam::{ACCOUNT_ID}:role/run",
        "Handler": "app.handler",
        "CodeSize": 2048,
        "Timeout": 30,
        "MemorySize": 512,
        "LastModified": "2026-03-03T11:30:00.000+0000",
        "CodeSha256": "aGFzaA==",
        "Version": "$LATEST",
        "Architectures": ["arm64"],
        **more,
    }


def alias(name: str, version: str, **more: Any) -> dict[str, Any]:
    return {"AliasArn": f"{arn(name)}:live", "Name": "live", "FunctionVersion": version, "RevisionId": "r1", **more}


def version(name: str, number: str, moment: str) -> dict[str, Any]:
    return function(name, Version=number, LastModified=moment, CodeSha256=f"hash-{number}")


VERSIONS = {
    "Versions": [
        function("checkout"),
        version("checkout", "9", "2026-02-01T09:00:00.000+0000"),
        version("checkout", "41", "2026-03-01T09:00:00.000+0000"),
        version("checkout", "42", "2026-03-03T11:54:00.000+0000"),
    ]
}
SETTINGS = {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900}}


def tagged(name: str, **tags: str) -> dict[str, Any]:
    return {"ResourceARN": arn(name), "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def answers(**more: Answer) -> dict[str, Answer]:
    """One function, `checkout`, whose alias points at version 42."""
    return {
        "ListFunctions": {"Functions": [function("checkout")]},
        "GetResources": {"ResourceTagMappingList": []},
        "GetAccountSettings": SETTINGS,
        "ListAliases": {"Aliases": [alias("checkout", "42")]},
        "ListVersionsByFunction": VERSIONS,
        "ListMetrics": {"Metrics": []},
        **more,
    }


def many(count: int) -> list[dict[str, Any]]:
    return [function(f"job-{number:03}") for number in range(count)]


def pages_of(functions: Sequence[dict[str, Any]], size: int = 50) -> list[dict[str, Any]]:
    return [{"Functions": list(functions[start : start + size])} for start in range(0, len(functions), size)]


async def look(reader: RecordedReader, previous: Discovery | None = None) -> Discovery:
    return await discover(reader, observed(SERVICE, previous) if previous else None, SETTLED)


async def test_a_function_is_described_without_the_values_of_its_environment() -> None:
    config = function("checkout", Environment={"Variables": {"B_TOKEN": "hunter2-secret", "A_URL": "https://x"}})
    found = await look(RecordedReader(SERVICE, answers(ListFunctions={"Functions": [config]})))
    resource = named(found, "checkout")
    assert resource.facts["environment_keys"] == "A_URL, B_TOKEN"
    assert resource.facts["memory_mb"] == 512
    assert resource.facts["last_modified"] == NOW - 1800
    assert "hunter2" not in repr(found)


async def test_311_functions_are_all_listed() -> None:
    reader = RecordedReader(SERVICE, answers(ListFunctions=pages_of(many(311)), ListAliases={"Aliases": []}))
    found = await look(reader)
    assert sum(resource.kind == "function" for resource in found.resources) == 311


async def test_tags_and_stack_come_from_the_tagging_api() -> None:
    rows = [tagged("checkout", **{"stage": "prod", "aws:cloudformation:stack-name": "shop-prod"})]
    found = await look(RecordedReader(SERVICE, answers(GetResources={"ResourceTagMappingList": rows})))
    assert named(found, "checkout").tags["stage"] == "prod"
    assert named(found, "checkout").stack == "shop-prod"
    assert named(found, "checkout:live").stack == "shop-prod"


async def test_denied_tags_are_a_failure_and_the_tags_of_before_stay() -> None:
    rows = [tagged("checkout", stage="prod")]
    first = await look(RecordedReader(SERVICE, answers(GetResources={"ResourceTagMappingList": rows})))
    second = await look(RecordedReader(SERVICE, answers(GetResources=Refusal())), first)
    assert named(second, "checkout").tags == {"stage": "prod"}
    (failure,) = second.failures
    assert (failure.outcome, failure.iam_action) == (Outcome.DENIED, "tag:GetResources")


async def test_denied_functions_fail_the_whole_look() -> None:
    with pytest.raises(CallFailed) as failed:
        await look(RecordedReader(SERVICE, answers(ListFunctions=Refusal())))
    assert failed.value.failure.iam_action == "lambda:ListFunctions"


async def test_the_account_is_shared_and_holds_its_limit() -> None:
    found = await look(RecordedReader(SERVICE, answers()))
    (account,) = [resource for resource in found.resources if resource.kind == "account"]
    assert account.shared
    assert account.facts["concurrency_limit"] == 1000


async def test_a_limit_that_cannot_be_read_is_a_failure_and_the_one_of_before_stays() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    second = await look(RecordedReader(SERVICE, answers(GetAccountSettings=Refusal())), first)
    (account,) = [resource for resource in second.resources if resource.kind == "account"]
    assert account.facts["concurrency_limit"] == 1000
    assert [failure.operation for failure in second.failures] == ["GetAccountSettings"]


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
    assert reader.times("ListAliases") == ROTATION + 1


async def test_the_other_aliases_arrive_by_rotation_and_the_account_counts_what_is_unread() -> None:
    found = await look(RecordedReader(SERVICE, large()))
    unread = []
    for _ in range(6):
        (account,) = [resource for resource in found.resources if resource.kind == "account"]
        unread.append(account.facts["functions_without_aliases_read"])
        found = await look(RecordedReader(SERVICE, large()), found)
    assert unread == [250, 190, 130, 70, 10, 0]


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
    assert len(found.resources) == 41


def dimensions(kind: str, name: str, **facts: str) -> Any:
    metric = SERVICE.metric("errors")
    assert metric is not None
    return metric.dimensions(sample(SERVICE, kind, name, facts))


def test_dimensions_are_the_exact_combinations_of_lambda() -> None:
    assert dimensions("account", "all") == {}
    assert dimensions("function", "checkout") == {"FunctionName": "checkout"}
    assert dimensions("alias", "checkout:live", function="checkout") == {
        "FunctionName": "checkout",
        "Resource": "checkout:live",
    }


# Rules, as they are by default.


def test_more_than_5_percent_errors_for_5_minutes_is_critical() -> None:
    bad = sample(SERVICE, "alias", "checkout:live", {"function": "checkout"}, errors=[7.0] * 5, invocations=[100.0] * 5)
    judged = verdict(SERVICE, "lambda.error_rate", bad)
    assert judged is not None
    assert judged.health is Health.CRITICAL
    assert "7.0 % > 5.0 %" in judged.reason


@pytest.mark.parametrize(
    ("errors", "invocations"),
    [([5.0] * 5, [100.0] * 5), ([7.0, 7, 7, 7, 5], [100.0] * 5), ([7.0] * 5, [100.0, 100, None, 100, 100])],
    ids=["exactly 5 %", "one good minute", "errors of calls that began a minute before"],
)
def test_less_than_that_is_not_critical(errors: list[float], invocations: list[float | None]) -> None:
    judged = verdict(SERVICE, "lambda.error_rate", sample(SERVICE, "function", errors=errors, invocations=invocations))
    assert judged is not None
    assert judged.health is not Health.CRITICAL


def test_a_quiet_function_that_fails_every_minute_is_critical() -> None:
    quiet = sample(SERVICE, "function", errors=[1.0] * 5, invocations=[1.0] * 5)
    judged = verdict(SERVICE, "lambda.error_rate", quiet)
    assert judged is not None
    assert judged.health is Health.CRITICAL


def test_an_idle_function_is_ok() -> None:
    judged = verdict(
        SERVICE, "lambda.error_rate", sample(SERVICE, "function", errors=[None] * 5, invocations=[None] * 5)
    )
    assert judged is not None
    assert judged.health is Health.OK


def test_an_account_without_errors_clears_functions_that_were_read_long_ago() -> None:
    calm = sample(SERVICE, "account", errors=[None] * 5, invocations=[9.0] * 5)
    old = later(sample(SERVICE, "function", errors=[7.0] * 5, invocations=[9.0] * 5), -7200)
    judged = verdict(SERVICE, "lambda.error_rate", old, calm)
    assert judged is not None
    assert judged.health is Health.OK


def test_an_account_with_errors_clears_nothing() -> None:
    busy = sample(SERVICE, "account", errors=[1.0] * 5, invocations=[9.0] * 5)
    old = later(sample(SERVICE, "function", errors=[0.0] * 5, invocations=[9.0] * 5), -7200)
    judged = verdict(SERVICE, "lambda.error_rate", old, busy)
    assert judged is not None
    assert judged.health is Health.UNKNOWN


def test_p99_over_2_seconds_for_5_minutes_is_critical() -> None:
    slow = sample(SERVICE, "function", duration_p99=[2.5] * 5, invocations=[200.0] * 5)
    judged = verdict(SERVICE, "lambda.duration_p99", slow)
    assert judged is not None
    assert judged.health is Health.CRITICAL


def test_p99_of_a_handful_of_calls_is_not_judged() -> None:
    slow = sample(SERVICE, "function", duration_p99=[2.5] * 5, invocations=[19.0] * 5)
    judged = verdict(SERVICE, "lambda.duration_p99", slow)
    assert judged is None or judged.health is Health.OK


def test_an_account_whose_longest_call_is_short_clears_p99() -> None:
    calm = sample(SERVICE, "account", duration_max=[1.9] * 5)
    old = later(sample(SERVICE, "function", duration_p99=[2.5] * 5, invocations=[200.0] * 5), -7200)
    judged = verdict(SERVICE, "lambda.duration_p99", old, calm)
    assert judged is not None
    assert judged.health is Health.OK


def test_any_throttle_is_a_warning() -> None:
    judged = verdict(SERVICE, "lambda.throttles", sample(SERVICE, "function", throttles=[1.0]))
    assert judged is not None
    assert judged.health is Health.WARNING


@pytest.mark.parametrize(("used", "health"), [(700, Health.OK), (850, Health.WARNING), (960, Health.CRITICAL)])
def test_concurrency_is_judged_against_the_accounts_limit(used: float, health: Health) -> None:
    account = sample(SERVICE, "account", facts={"concurrency_limit": 1000}, concurrent=[used] * 5)
    judged = verdict(SERVICE, "lambda.concurrency", account)
    assert judged is not None
    assert judged.health is health


def test_concurrency_is_silent_where_the_limit_is_not_known() -> None:
    assert verdict(SERVICE, "lambda.concurrency", sample(SERVICE, "account", concurrent=[900.0] * 5)) is None


# The cell.


def test_the_cell_names_what_fails_steadily() -> None:
    fails = sample(
        SERVICE, "alias", "checkout:live", {"function": "checkout"}, errors=[36.0] * 5, invocations=[500.0] * 5
    )
    whole = sample(SERVICE, "function", "checkout", errors=[36.0] * 5, invocations=[500.0] * 5)
    once = sample(SERVICE, "function", "nightly", errors=[0.0, 0, 0, 0, 1], invocations=[0.0, 0, 0, 0, 1])
    shown = SERVICE.headline([once, whole, fails])
    assert (shown.text, shown.label) == ("err 7.2 %", "checkout:live")
    assert shown.trend[-5:] == pytest.approx((7.2,) * 5)


def test_the_cell_shows_all_together_where_nothing_fails_steadily() -> None:
    once = sample(SERVICE, "function", "nightly", errors=[0.0, 0, 0, 0, 1], invocations=[0.0, 0, 0, 0, 1])
    busy = sample(SERVICE, "function", "checkout", errors=[0.0] * 5, invocations=[200.0] * 5)
    assert SERVICE.headline([once, busy]).text == "err 0.1 %"


def test_a_calm_account_speaks_for_functions_that_were_read_long_ago() -> None:
    old = later(sample(SERVICE, "function", errors=[9.0] * 5, invocations=[10.0] * 5), -7200)
    calm = sample(SERVICE, "account", errors=[0.0] * 5, invocations=[100.0] * 5)
    assert SERVICE.headline([calm, old]).text == "err 0.0 %"


def test_a_calm_account_does_not_speak_for_another() -> None:
    calm = sample(SERVICE, "account", "one", errors=[0.0] * 5, invocations=[100.0] * 5)
    other = sample(SERVICE, "account", "two", errors=[5.0] * 5, invocations=[50.0] * 5)
    bad = sample(SERVICE, "function", "bad", errors=[5.0] * 5, invocations=[50.0] * 5)
    assert SERVICE.headline([calm, other, bad]).text == "err 10 %"


def test_throttles_stand_beside_the_error_rate() -> None:
    throttled = sample(SERVICE, "function", errors=[0.0] * 5, invocations=[9.0] * 5, throttles=[0.0, 0, 0, 2, 1])
    assert SERVICE.headline([throttled]).text == "err 0.0 % thr 3"


def test_without_traffic_the_cell_is_idle() -> None:
    assert SERVICE.headline([sample(SERVICE, "account", errors=[None] * 5, invocations=[None] * 5)]).text == "idle"
