"""What happened to a stack, as DescribeStackEvents tells it: newest first.

Shapes and order: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from cockpit.demo.emulator.world import DeployedStack

_STACK = "AWS::CloudFormation::Stack"
_HANDLER = 'Resource handler returned message: "{}" (RequestToken: {}, HandlerErrorCode: InvalidRequest)'
_STEP_SECONDS = 17.0


def events_of(stack: DeployedStack) -> list[dict[str, Any]]:
    """The events of the last operation."""
    failed = stack.part.failed
    steps = _failed(stack, *failed) if failed else _succeeded(stack)
    events = [_event(stack, number, step) for number, step in enumerate(steps)]
    return events[::-1]


_Step = tuple[str, str, str, str]
"""Logical id, type, status, reason."""


def _succeeded(stack: DeployedStack) -> list[_Step]:
    deed = "CREATE" if stack.part.status.startswith("CREATE") else "UPDATE"
    name = stack.part.name
    return [
        (name, _STACK, f"{deed}_IN_PROGRESS", "User Initiated"),
        ("HandlerFunction", "AWS::Lambda::Function", f"{deed}_IN_PROGRESS", ""),
        ("HandlerFunction", "AWS::Lambda::Function", f"{deed}_COMPLETE", ""),
        (name, _STACK, f"{deed}_COMPLETE", ""),
    ]


def _failed(stack: DeployedStack, logical_id: str, kind: str, message: str) -> list[_Step]:
    name = stack.part.name
    reason = _HANDLER.format(message, uuid.uuid5(uuid.NAMESPACE_URL, stack.id))
    function = ("HandlerFunction", "AWS::Lambda::Function")
    return [
        (name, _STACK, "UPDATE_IN_PROGRESS", "User Initiated"),
        (*function, "UPDATE_IN_PROGRESS", ""),
        (logical_id, kind, "UPDATE_IN_PROGRESS", ""),
        (logical_id, kind, "UPDATE_FAILED", reason),
        (*function, "UPDATE_FAILED", "Resource update cancelled"),
        (
            name,
            _STACK,
            "UPDATE_ROLLBACK_IN_PROGRESS",
            f"The following resource(s) failed to update: [{logical_id}, HandlerFunction].",
        ),
        (logical_id, kind, "UPDATE_COMPLETE", ""),
        (*function, "UPDATE_COMPLETE", ""),
        (name, _STACK, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", ""),
        (name, _STACK, "UPDATE_ROLLBACK_COMPLETE", ""),
    ]


def _event(stack: DeployedStack, number: int, step: _Step) -> dict[str, Any]:
    logical_id, kind, status, reason = step
    event = {
        "StackId": stack.id,
        "EventId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{stack.id}#{number}")),
        "StackName": stack.part.name,
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": stack.id if kind == _STACK else f"{stack.part.name}-{logical_id}",
        "ResourceType": kind,
        "Timestamp": datetime.fromtimestamp(stack.began_at + number * _STEP_SECONDS, UTC),
        "ResourceStatus": status,
    }
    return event | ({"ResourceStatusReason": reason} if reason else {})
