"""Stacks and their events as CloudFormation answers them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cockpit.health import Judgement
from cockpit.model.resource import Resource
from cockpit.model.service import Discovery, Settled
from cockpit.model.verdict import Health
from cockpit.services.stacks import SERVICE, discover
from tests.services.recorded import ACCOUNT_ID, NOW, REGION, Answer, RecordedReader, observed
from tests.services.samples import verdict

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


def moment(age: float) -> datetime:
    return datetime.fromtimestamp(NOW - age, UTC)


def stack_id(name: str) -> str:
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{name}/0b1c-{name}"


def stack(name: str, status: str = "UPDATE_COMPLETE", *, age: float = 2 * HOUR, **more: Any) -> dict[str, Any]:
    """A row of DescribeStacks, last updated `age` seconds ago."""
    row: dict[str, Any] = {
        "StackId": stack_id(name),
        "StackName": name,
        "StackStatus": status,
        "CreationTime": moment(90 * DAY),
        "LastUpdatedTime": moment(age),
        **more,
    }
    return {key: value for key, value in row.items() if value is not None}


def nested(name: str, parent: str, status: str = "UPDATE_COMPLETE", **more: Any) -> dict[str, Any]:
    return stack(name, status, ParentId=stack_id(parent), RootId=stack_id(parent), **more)


def event(of: str, status: str, reason: str | None = None, *, itself: bool = False, age: float = 60.0) -> Any:
    """An event of the resource `of`, or of the stack called `of` itself."""
    row = {
        "StackId": stack_id("shop"),
        "EventId": f"{of}-{status}-{age}",
        "StackName": "shop",
        "LogicalResourceId": of,
        "PhysicalResourceId": stack_id(of) if itself else f"{of}-1",
        "ResourceStatus": status,
        "Timestamp": moment(age),
    }
    return row | ({"ResourceStatusReason": reason} if reason else {})


def events(*rows: Any, more: str | None = None) -> dict[str, Any]:
    return {"StackEvents": list(rows)} | ({"NextToken": more} if more else {})


FAILED_UPDATE = events(
    event("shop", "UPDATE_ROLLBACK_COMPLETE", itself=True),
    event("Queue", "UPDATE_COMPLETE"),
    event("shop", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update: [Api].", itself=True),
    event("Table", "UPDATE_FAILED", "Resource update cancelled"),
    event(
        "Api",
        "UPDATE_FAILED",
        'Resource handler returned message: "Model is in use" (RequestToken: 0a, HandlerErrorCode: InvalidRequest)',
    ),
    event("shop", "UPDATE_IN_PROGRESS", "User Initiated", itself=True),
    event("Bucket", "UPDATE_FAILED", "A failure of the update before"),
)
"""Events of `shop`, newest first: a handler refused, the others were cancelled."""


def reader_of(*rows: dict[str, Any], told: Answer = FAILED_UPDATE) -> RecordedReader:
    return RecordedReader(SERVICE, {"DescribeStacks": {"Stacks": list(rows)}, "DescribeStackEvents": told})


async def look(*rows: dict[str, Any], told: Answer = FAILED_UPDATE, before: Discovery | None = None) -> Discovery:
    """A look at these stacks, which follows the look `before`."""
    return await discover(reader_of(*rows, told=told), observed(SERVICE, before) if before else None, Settled({}))


def judged(one: Resource) -> list[Judgement]:
    """What the rules have to say against a stack."""
    found = [verdict(SERVICE, rule, one) for rule in [rule.key for rule in SERVICE.rules]]
    return [judgement for judgement in found if judgement is not None and judgement.health is not Health.OK]


def health(one: Resource) -> Health:
    """The worst of it."""
    return Health.worst((Health.OK, *(judgement.health for judgement in judged(one))))
