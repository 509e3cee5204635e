"""Stacks over HTTP: regions, pages, refusals and quotas, as CloudFormation puts them on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.retries.standard import ExponentialBackoff

from cockpit.aws.failed import CallFailed
from cockpit.aws.meter import Meter
from cockpit.aws.room import AwsRoom
from cockpit.config.settings import Account, Polling
from cockpit.model.ids import SlotId
from cockpit.model.service import Discovery, Settled
from cockpit.model.verdict import Failure, Outcome
from cockpit.services import catalogue
from cockpit.services.stacks import SERVICE
from tests.aws.wire import XML, Reply, Seen, Wire, xml_error
from tests.services.recorded import ACCOUNT_ID, NOW, named
from tests.services.stack_answers import FAILED_UPDATE, event, events, stack

REGIONS = ("eu-west-1", "us-east-1")
_LISTS = ("Stacks", "StackEvents", "Tags", "Parameters", "Outputs")


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    wire.accounts = {"AKIASHOP": ACCOUNT_ID}
    yield wire
    wire.close()


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
async def room(wire: Wire, meter: Meter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AwsRoom]:
    for name in ("CONFIG_FILE", "SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(f"AWS_{name}", str(tmp_path / name))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASHOP")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "shop-secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0.01)
    account = Account("shop", ACCOUNT_ID, REGIONS, endpoint_url=wire.url)
    async with AwsRoom({"shop": account}, Polling(), catalogue(), meter=meter, clock=lambda: NOW) as room:
        yield room


async def look(room: AwsRoom, region: str = REGIONS[0]) -> Discovery:
    slot = SlotId("shop", region, "stacks")
    return await SERVICE.discover(room.reader(slot, SERVICE, NOW), None, Settled({}))


async def failure_of(room: AwsRoom) -> Failure:
    with pytest.raises(CallFailed) as caught:
        await look(room)
    return caught.value.failure


def answer(operation: str, page: dict[str, Any]) -> Reply:
    """A page in the query protocol."""
    result = f"<{operation}Result>{xml(page)}</{operation}Result>"
    space = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
    return Reply(f'<{operation}Response xmlns="{space}">{result}</{operation}Response>', content_type=XML)


def xml(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{xml(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{xml(inner)}</member>" for inner in value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def stacks(*rows: dict[str, Any], more: str = "") -> Reply:
    return answer("DescribeStacks", {"Stacks": list(rows)} | ({"NextToken": more} if more else {}))


async def test_each_region_has_its_own_stacks(room: AwsRoom, wire: Wire) -> None:
    def of_region(seen: Seen) -> Reply:
        return stacks(stack(f"shop-{seen.region}", Tags=[{"Key": "stage", "Value": seen.region}]))

    wire.on("DescribeStacks", of_region)
    for region in REGIONS:
        found = await look(room, region)
        (one,) = found.resources
        assert (one.name, one.slot.region, one.tags) == (f"shop-{region}", region, {"stage": region})
    assert [seen.service for seen in wire.calls("DescribeStacks")] == ["cloudformation"] * 2


async def test_every_page_is_asked_for(room: AwsRoom, wire: Wire, meter: Meter) -> None:
    pages = {None: stacks(stack("a"), stack("b"), more="two"), "two": stacks(more="three"), "three": stacks(stack("c"))}
    wire.on("DescribeStacks", lambda seen: pages[seen.parameters.get("NextToken")])
    assert [one.name for one in (await look(room)).resources] == ["a", "b", "c"]
    (line,) = [line for line in meter.reading(NOW).lines if line.operation == "DescribeStacks"]
    assert (line.calls, line.cost_usd) == (3, 0.0)


async def test_odd_answers_are_borne(room: AwsRoom, wire: Wire) -> None:
    bare = {"StackName": "bare", "CreationTime": "2026-03-01T00:00:00Z", "StackStatus": "SOMETHING_NEW"}
    wire.on("DescribeStacks", stacks(bare, stack("gone", "DELETE_COMPLETE"), stack("shop", Description="", Tags=[])))
    found = await look(room)
    assert [one.name for one in found.resources] == ["bare", "shop"]
    assert (named(found, "bare").facts["failed"], named(found, "bare").facts["updated_at"]) == (None, None)


async def test_an_account_without_stacks_is_empty(room: AwsRoom, wire: Wire) -> None:
    wire.on("DescribeStacks", stacks())
    assert await look(room) == Discovery(())


async def test_a_denied_look_names_the_permission_that_aws_names(room: AwsRoom, wire: Wire) -> None:
    message = (
        f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/r/s is not authorized to perform: cloudformation:ListStacks"
    )
    wire.on("DescribeStacks", xml_error("AccessDenied", f"{message} because no identity-based policy allows it"))
    failure = await failure_of(room)
    assert (failure.outcome, failure.iam_action) == (Outcome.DENIED, "cloudformation:ListStacks")


async def test_a_throttled_look_is_tried_again(room: AwsRoom, wire: Wire) -> None:
    wire.on("DescribeStacks", [xml_error("Throttling", "Rate exceeded", 400), stacks(stack("shop"))])
    assert [one.name for one in (await look(room)).resources] == ["shop"]


async def test_throttling_without_end_is_throttled(room: AwsRoom, wire: Wire) -> None:
    wire.on("DescribeStacks", xml_error("Throttling", "Rate exceeded", 400))
    failure = await failure_of(room)
    assert (failure.outcome, failure.operation) == (Outcome.THROTTLED, "DescribeStacks")


async def test_only_the_stack_in_trouble_is_asked_for_its_events(room: AwsRoom, wire: Wire) -> None:
    wire.on("DescribeStacks", stacks(stack("fine"), stack("shop", "UPDATE_ROLLBACK_COMPLETE")))
    wire.on("DescribeStackEvents", answer("DescribeStackEvents", FAILED_UPDATE))
    found = await look(room)
    assert named(found, "shop").facts["cause"] == "Api: Model is in use"
    (asked,) = wire.calls("DescribeStackEvents")
    assert asked.parameters["StackName"] == stack("shop")["StackId"]


async def test_properties_of_a_failed_resource_are_not_kept(room: AwsRoom, wire: Wire) -> None:
    failed = event("Database", "UPDATE_FAILED", "no") | {"ResourceProperties": '{"MasterUserPassword":"hunter2"}'}
    wire.on("DescribeStacks", stacks(stack("shop", "UPDATE_ROLLBACK_COMPLETE")))
    wire.on("DescribeStackEvents", answer("DescribeStackEvents", events(failed)))
    found = await look(room)
    assert named(found, "shop").facts["cause"] == "Database: no"
    assert "hunter2" not in repr(found)


async def test_events_that_are_throttled_leave_the_stack_told_by_its_status(room: AwsRoom, wire: Wire) -> None:
    wire.on("DescribeStacks", stacks(stack("shop", "ROLLBACK_COMPLETE")))
    wire.on("DescribeStackEvents", xml_error("Throttling", "Rate exceeded", 400))
    found = await look(room)
    assert named(found, "shop").facts["trouble"] == "ROLLBACK_COMPLETE"
    assert [one.outcome for one in found.failures] == [Outcome.THROTTLED]
