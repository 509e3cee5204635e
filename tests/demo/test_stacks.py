"""The stacks that the fleet was deployed with: what is there agrees with them, and the two stories are told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cockpit.demo.fleet import tim
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.catalogue import sites
from cockpit.demo.fleet.stacks import ROLLED_BACK, stacks
from cockpit.services._stack_status import standing
from tests.demo.conftest import START, Emulator

PLACES = sorted(stacks())


def rows(emulator: Emulator, account: str, region: str | None = None) -> dict[str, dict[str, Any]]:
    pages = emulator.of(account, "cloudformation", region).get_paginator("describe_stacks").paginate()
    return {row["StackName"]: row for page in pages for row in page["Stacks"]}


def code(call: Any, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_every_function_comes_from_a_stack_of_its_place() -> None:
    described = {place: {part.name for part in parts} for place, parts in stacks().items()}
    for site in sites():
        made = {function.stack for function in site.functions}
        assert made <= described.get((site.account, site.region), set()), site.account


def test_a_function_was_not_changed_by_an_update_that_began_later() -> None:
    begun = {(place, part.name): part for place, parts in stacks().items() for part in parts}
    for site in sites():
        for function in site.functions:
            stack = begun[(site.account, site.region), str(function.stack)]
            if stack.status != "UPDATE_ROLLBACK_COMPLETE" and function.age < 2 * 86_400:
                assert stack.age > function.age, function.name


@pytest.mark.parametrize(("account", "region"), PLACES)
def test_stacks_are_told_with_their_tags_and_ages(emulator: Emulator, account: str, region: str) -> None:
    found = rows(emulator, account, region)
    assert set(found) == {part.name for part in stacks()[account, region]}
    for row in found.values():
        assert f":{region}:{ACCOUNTS[account].id}:stack/{row['StackName']}/" in row["StackId"]
        assert row["CreationTime"].timestamp() < row["LastUpdatedTime"].timestamp() < START
        assert {tag["Key"] for tag in row["Tags"]} >= {"system", "environment"}


def test_one_stack_of_the_fleet_is_in_trouble(emulator: Emulator) -> None:
    troubled = [
        (account, name)
        for account, region in PLACES
        for name, row in rows(emulator, account, region).items()
        if standing(row["StackStatus"]).in_trouble or standing(row["StackStatus"]).in_progress
    ]
    assert troubled == [("trinity-shared", ROLLED_BACK)]


def test_the_bad_release_came_with_an_update_of_its_stack(emulator: Emulator) -> None:
    functions = emulator.of("tim-sandbox", "lambda")
    answer = functions.get_function(FunctionName=tim.BAD_FUNCTION)
    stack = rows(emulator, "tim-sandbox")[answer["Tags"]["aws:cloudformation:stack-name"]]
    (page,) = functions.get_paginator("list_versions_by_function").paginate(FunctionName=tim.BAD_FUNCTION)
    published = next(row["LastModified"] for row in page["Versions"] if row["Version"] == str(tim.BAD_VERSION))
    updated = stack["LastUpdatedTime"].strftime("%Y-%m-%dT%H:%M")
    assert (stack["StackName"], stack["StackStatus"]) == ("tim-prod-app", "UPDATE_COMPLETE")
    assert int(published[14:16]) - int(updated[14:16]) == 2
    assert published[:14] == updated[:14]


def test_there_is_more_than_one_page(emulator: Emulator) -> None:
    client = emulator.of("tim-sandbox", "cloudformation")
    first = client.describe_stacks()
    rest = client.describe_stacks(NextToken=first["NextToken"])
    names = Counter(row["StackName"] for page in (first, rest) for row in page["Stacks"])
    assert set(names.values()) == {1}
    assert len(names) == 34
    assert code(client.describe_stacks, NextToken="nonsense")[0] == "ValidationError"


def test_a_stack_is_found_by_name_and_by_id_and_a_stranger_is_refused(emulator: Emulator) -> None:
    client = emulator.of("trinity-production", "cloudformation")
    (row,) = client.describe_stacks(StackName="trinity-prod")["Stacks"]
    (again,) = client.describe_stacks(StackName=row["StackId"])["Stacks"]
    assert again == row
    assert code(client.describe_stacks, StackName="nobody") == (
        "ValidationError",
        "Stack with id nobody does not exist",
    )
    assert code(client.describe_stack_events, StackName="nobody") == (
        "ValidationError",
        "Stack [nobody] does not exist",
    )


def test_nested_stacks_name_their_parent(emulator: Emulator) -> None:
    found = rows(emulator, "trinity-production")
    parents = {name: row.get("ParentId") for name, row in found.items()}
    assert Counter(parents.values()) == {None: 1, found["trinity-prod"]["StackId"]: 2}


def test_who_may_not_list_may_not_ask_without_a_name(emulator: Emulator) -> None:
    policy = (
        '{"Version": "2012-10-17", "Statement": '
        '{"Effect": "Allow", "Action": "cloudformation:DescribeStacks", "Resource": "*"}}'
    )
    session = emulator.assume("trinity-production", Policy=policy)
    client = emulator.client("cloudformation", **session)
    refused, message = code(client.describe_stacks)
    assert refused == "AccessDenied"
    assert "not authorized to perform: cloudformation:ListStacks" in message
    assert client.describe_stacks(StackName="trinity-prod")["Stacks"]
    assert code(client.describe_stack_events, StackName="trinity-prod")[0] == "AccessDenied"


def test_events_tell_what_happened_newest_first(emulator: Emulator) -> None:
    client = emulator.of("trinity-shared", "cloudformation")
    row = rows(emulator, "trinity-shared")[ROLLED_BACK]
    events = client.describe_stack_events(StackName=row["StackId"])["StackEvents"]
    moments = [event["Timestamp"] for event in events]
    assert moments == sorted(moments, reverse=True)
    assert (events[0]["ResourceStatus"], moments[-1]) == (row["StackStatus"], row["LastUpdatedTime"])
    failed = [event["LogicalResourceId"] for event in events if event["ResourceStatus"] == "UPDATE_FAILED"]
    assert failed[-1] == "VotesTable"
