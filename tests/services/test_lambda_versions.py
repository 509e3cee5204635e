"""The versions of a function: what can differ between them, which aliases lead to them, and what is never kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.inquiry import Detail, Version
from cockpit.model.resource import Resource
from cockpit.services.lambda_ import SERVICE
from tests.services.lambda_answers import VERSIONS, alias, answers, arn, function, look, version
from tests.services.recorded import NOW, Answer, RecordedReader, Refusal, named


async def found(name: str, **more: Answer) -> tuple[Detail, RecordedReader]:
    reader = RecordedReader(SERVICE, answers(**more))
    resource = named(await look(RecordedReader(SERVICE, answers())), name)
    assert SERVICE.detail is not None
    return await SERVICE.detail(reader, resource), reader


def by_name(detail: Detail) -> dict[str, Version]:
    return {one.name: one for one in detail.versions}


@pytest.mark.parametrize("name", ["checkout", "checkout:live"])
async def test_versions_come_newest_first_by_number(name: str) -> None:
    detail, reader = await found(name)
    assert [one.name for one in detail.versions] == ["$LATEST", "42", "41", "9"]
    assert by_name(detail)["42"].at == NOW - 360
    assert by_name(detail)["$LATEST"].at is None, "it was never published"
    assert [parameters["FunctionName"] for _, parameters in reader.asked] == ["checkout", "checkout"]


async def test_every_page_is_read() -> None:
    pages = [{"Versions": VERSIONS["Versions"][:2]}, {"Versions": VERSIONS["Versions"][2:]}]
    detail, _ = await found("checkout", ListVersionsByFunction=pages)
    assert len(detail.versions) == 4


async def test_what_differs_between_versions_is_told_and_values_of_variables_never() -> None:
    rich: dict[str, Any] = {
        "Environment": {"Variables": {"TABLE": "secret-table", "API_KEY": "very-secret"}},
        "Layers": [{"Arn": f"{arn('x').rpartition(':function:')[0]}:layer:otel:7"}],
        "EphemeralStorage": {"Size": 1024},
        "TracingConfig": {"Mode": "Active"},
        "VpcConfig": {"VpcId": "vpc-1", "SubnetIds": ["subnet-b", "subnet-a"], "SecurityGroupIds": ["sg-1"]},
        "PackageType": "Zip",
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/shop/checkout"},
        "State": "Active",
        "Description": "release 2",
    }
    row = version("checkout", "42", "2026-03-03T11:54:00.000+0000") | rich
    detail, _ = await found("checkout", ListVersionsByFunction={"Versions": [row]})
    facts = detail.versions[0].facts
    assert facts["environment_keys"] == "API_KEY, TABLE"
    assert facts["layers"] == "otel:7"
    assert facts["subnets"] == "subnet-a, subnet-b"
    assert (facts["code_sha256"], facts["code_bytes"], facts["memory_mb"]) == ("hash-42", 2048, 512)
    assert (facts["ephemeral_storage_mb"], facts["tracing"], facts["vpc"]) == (1024, "Active", "vpc-1")
    assert (facts["package_type"], facts["log_format"], facts["state"]) == ("Zip", "JSON", "Active")
    assert "secret" not in repr(detail)


async def test_aliases_stand_at_their_versions_with_their_share() -> None:
    routed = alias("checkout", "41", RoutingConfig={"AdditionalVersionWeights": {"42": 0.25}})
    other = alias("checkout", "9") | {"Name": "before"}
    detail, _ = await found("checkout", ListAliases={"Aliases": [routed, other]})
    versions = by_name(detail)
    assert versions["41"].aliases == (("live", 0.75),)
    assert versions["42"].aliases == (("live", 0.25),)
    assert versions["9"].aliases == (("before", 1.0),)
    assert versions["$LATEST"].aliases == ()


async def test_versions_are_shown_where_aliases_are_denied() -> None:
    detail, _ = await found("checkout", ListAliases=Refusal())
    assert len(detail.versions) == 4
    assert [failure.iam_action for failure in detail.failures] == ["lambda:ListAliases"]


async def test_denied_versions_are_a_failure() -> None:
    with pytest.raises(CallFailed) as caught:
        await found("checkout", ListVersionsByFunction=Refusal())
    assert caught.value.failure.iam_action == "lambda:ListVersionsByFunction"


async def test_what_is_no_function_has_no_versions_and_no_log() -> None:
    discovery = await look(RecordedReader(SERVICE, answers()))
    shared = [resource for resource in discovery.resources if resource.shared]
    assert shared
    assert SERVICE.detail is not None
    assert SERVICE.logs is not None
    for resource in shared:
        reader = RecordedReader(SERVICE, {})
        assert await SERVICE.detail(reader, resource) == Detail(resource.key)
        assert SERVICE.logs(resource) is None


async def test_the_log_of_a_function_is_where_its_configuration_says() -> None:
    def group(resource: Resource) -> str | None:
        assert SERVICE.logs is not None
        return SERVICE.logs(resource)

    own = function("checkout", LoggingConfig={"LogFormat": "Text", "LogGroup": "/shop/checkout"})
    configured = await look(RecordedReader(SERVICE, answers(ListFunctions={"Functions": [own]})))
    assert group(named(configured, "checkout")) == group(named(configured, "checkout:live")) == "/shop/checkout"
    plain = await look(RecordedReader(SERVICE, answers()))
    live = named(plain, "checkout:live")
    assert group(named(plain, "checkout")) == group(live) == "/aws/lambda/checkout"
    older = replace(live, facts={name: value for name, value in live.facts.items() if name != "log_group"})
    assert group(older) == "/aws/lambda/checkout", "as an earlier program stored it"
