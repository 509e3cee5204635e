"""Lambda where moto is wrong: pages, revisions, weights, versions, limits, tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.demo.conftest import Emulator
from tests.demo.test_services import code

FUNCTION = "tim-stage-checkout"


@pytest.fixture
def functions(emulator: Emulator) -> Any:
    return emulator.of("tim-sandbox", "lambda")


@pytest.fixture
def alias(functions: Any) -> Iterator[dict[str, Any]]:
    """`live` of a function in staging, put back afterwards."""
    before = functions.get_alias(FunctionName=FUNCTION, Name="live")
    yield before
    functions.update_alias(
        FunctionName=FUNCTION,
        Name="live",
        FunctionVersion=before["FunctionVersion"],
        RoutingConfig={"AdditionalVersionWeights": {}},
    )


@pytest.mark.parametrize("account", ["tim-sandbox", "tim-dev"])
def test_311_functions_come_in_pages_of_50(emulator: Emulator, account: str) -> None:
    pages = list(emulator.of(account, "lambda").get_paginator("list_functions").paginate())
    assert [len(page["Functions"]) for page in pages] == [50] * 6 + [11]
    names = [function["FunctionName"] for page in pages for function in page["Functions"]]
    assert len(set(names)) == 311
    assert "State" not in pages[0]["Functions"][0]


def test_sandbox_is_in_step_with_development_but_for_three(emulator: Emulator) -> None:
    def hashes(account: str, prefix: str) -> dict[str, str]:
        pages = emulator.of(account, "lambda").get_paginator("list_functions").paginate()
        listed = (function for page in pages for function in page["Functions"])
        return {
            f["FunctionName"].removeprefix(prefix): f["CodeSha256"]
            for f in listed
            if f["FunctionName"].startswith(prefix)
        }

    development, production = hashes("tim-dev", "tim-dev-"), hashes("tim-sandbox", "tim-prod-")
    assert development.keys() == production.keys()
    assert sum(development[name] != production[name] for name in development) == 3


def test_the_account_has_limits(functions: Any) -> None:
    settings = functions.get_account_settings()
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountUsage"]["FunctionCount"] == 311


def test_a_revision_is_renewed_by_a_change_and_checked(functions: Any, alias: dict[str, Any]) -> None:
    previous = str(int(alias["FunctionVersion"]) - 1)
    moved = functions.update_alias(
        FunctionName=FUNCTION, Name="live", FunctionVersion=previous, RevisionId=alias["RevisionId"]
    )
    assert moved["FunctionVersion"] == previous
    assert moved["RevisionId"] != alias["RevisionId"]
    assert functions.get_alias(FunctionName=FUNCTION, Name="live")["RevisionId"] == moved["RevisionId"]
    stale = {"FunctionName": FUNCTION, "Name": "live", "RevisionId": alias["RevisionId"]}
    with pytest.raises(functions.exceptions.PreconditionFailedException) as caught:
        functions.update_alias(**stale, FunctionVersion=alias["FunctionVersion"])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert functions.get_alias(FunctionName=FUNCTION, Name="live")["FunctionVersion"] == previous


def test_an_alias_keeps_what_a_change_does_not_name(functions: Any, alias: dict[str, Any]) -> None:
    previous = str(int(alias["FunctionVersion"]) - 1)
    weights = {"AdditionalVersionWeights": {previous: 0.25}}
    functions.update_alias(FunctionName=FUNCTION, Name="live", RoutingConfig=weights)
    kept = functions.update_alias(FunctionName=FUNCTION, Name="live", Description="kept")
    assert (kept["FunctionVersion"], kept["RoutingConfig"]) == (alias["FunctionVersion"], weights)
    cleared = functions.update_alias(FunctionName=FUNCTION, Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert not cleared.get("RoutingConfig", {}).get("AdditionalVersionWeights")


@pytest.mark.parametrize(
    "weights",
    [{"1": 1.5}, {"1": 0.1, "2": 0.1}, {"$LATEST": 0.1}, {"newest": 0.1}],
    ids=["too much", "two", "unpublished", "itself"],
)
def test_impossible_weights_are_refused(functions: Any, alias: dict[str, Any], weights: dict[str, float]) -> None:
    older = str(int(alias["FunctionVersion"]) - 1)
    named = {"1": older, "2": "2", "newest": alias["FunctionVersion"]}
    sent = {named.get(version, version): weight for version, weight in weights.items()}
    found = code(
        functions.update_alias,
        FunctionName=FUNCTION,
        Name="live",
        RoutingConfig={"AdditionalVersionWeights": sent},
    )
    assert found == "InvalidParameterValueException"
    assert functions.get_alias(FunctionName=FUNCTION, Name="live")["RevisionId"] == alias["RevisionId"]


def test_an_alias_cannot_point_at_what_is_not_there(functions: Any, alias: dict[str, Any]) -> None:
    assert code(functions.update_alias, FunctionName=FUNCTION, Name="live", FunctionVersion="999") == (
        "ResourceNotFoundException"
    )


def test_new_code_has_a_new_revision_and_the_next_version(functions: Any) -> None:
    name = "tim-stage-login"
    before = functions.get_function_configuration(FunctionName=name)
    newest = max(int(v["Version"]) for v in functions.list_versions_by_function(FunctionName=name)["Versions"][1:])
    stale = {"FunctionName": name, "ZipFile": b"new", "RevisionId": "stale"}
    assert code(functions.update_function_code, **stale) == "PreconditionFailedException"
    changed = functions.update_function_code(FunctionName=name, ZipFile=b"new", RevisionId=before["RevisionId"])
    assert changed["RevisionId"] != before["RevisionId"]
    assert code(functions.publish_version, FunctionName=name, CodeSha256="other") == "InvalidParameterValueException"
    published = functions.publish_version(FunctionName=name, CodeSha256=changed["CodeSha256"])
    assert published["Version"] == str(newest + 1)
    assert functions.publish_version(FunctionName=name)["Version"] == published["Version"], "nothing is new"


def test_functions_have_tags(emulator: Emulator) -> None:
    pages = (
        emulator.of("tim-sandbox", "resourcegroupstaggingapi")
        .get_paginator("get_resources")
        .paginate(ResourceTypeFilters=["lambda:function"], TagFilters=[{"Key": "environment", "Values": ["prod"]}])
    )
    rows = [row for page in pages for row in page["ResourceTagMappingList"]]
    assert len(rows) == 156
    assert all(":function:tim-prod-" in row["ResourceARN"] for row in rows)
