"""Why a stack failed: the first event of its last operation that did, read once for each failure.

What DescribeStacks says about a failed stack is mostly nothing, or that something else failed. Shapes: botocore's model
of CloudFormation 2010-05-15 (DescribeStackEvents, newest first).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Reader
from cockpit.model.verdict import Failure
from cockpit.services._reading import Answers, ask_each

MOST_AT_ONCE = 10
"""Stacks that are asked about at one look; the quota is small, and deployments live on it."""
_MOST_PAGES = 5
"""Of events; a page holds about a hundred."""
_OF_THE_SAME_FAILURE = ("status", "began_at")
_CANCELLED = re.compile(r"^Resource (creation|update|deletion|import) cancelled", re.IGNORECASE)
_HANDLER = re.compile(r'^Resource handler returned message: "(.*?)"\s*(?:\(RequestToken:.*)?$', re.DOTALL)
_TOKEN = re.compile(r"\s*\(RequestToken: [^)]*\)\s*$")
_GONE = "does not exist"


async def with_causes(
    reader: Reader, stacks: Sequence[Resource], before: Mapping[str, Resource], wanted: Sequence[str]
) -> tuple[list[Resource], tuple[Failure, ...]]:
    """The stacks; those whose keys are `wanted` with the fact `cause`, and `trouble` in words.

    A cause that was read of the same failure before is not read again. One that could not be read is tried again at the
    next look; until then the stack is told by its status alone.
    """
    keys = set(wanted)
    known = {one.key: before[one.key] for one in stacks if one.key in keys and _is_known(one, before.get(one.key))}
    due = [one for one in stacks if one.key in keys and one.key not in known][:MOST_AT_ONCE]
    causes = await ask_each(reader, {one.key: _cause(reader, one.key, str(one.facts["status"])) for one in due})
    found = {key: then.facts["cause"] for key, then in known.items()} | dict(causes.by_name)
    told = [_with_cause(one, found[one.key]) if one.key in found else one for one in stacks]
    return [_in_words(one) if one.key in keys else one for one in told], _failures(causes)


def _failures(causes: Answers) -> tuple[Failure, ...]:
    # A stack that was deleted between the two questions is refused like a malformed one: only the message tells.
    return tuple(one for one in causes.failures if not (one.code == "ValidationError" and _GONE in one.message))


def _is_known(stack: Resource, then: Resource | None) -> bool:
    if then is None or "cause" not in then.facts:
        return False
    return all(stack.facts[name] == then.facts.get(name) for name in _OF_THE_SAME_FAILURE)


def _with_cause(stack: Resource, cause: Fact) -> Resource:
    # What people ask next stands next to the status.
    return replace(stack, facts={"status": stack.facts["status"], "cause": cause, **stack.facts})


def _in_words(stack: Resource) -> Resource:
    """With what a finding says: the status, and why."""
    why = stack.facts.get("cause") or stack.facts.get("status_reason")
    status = str(stack.facts["status"])
    return replace(stack, facts={**stack.facts, "trouble": f"{status}, {why}" if why else status})


async def _cause(reader: Reader, stack_id: str, status: str) -> str | None:
    """The first failure of the last operation in words, None where its events do not tell. Raises CallFailed."""
    first: Mapping[str, Any] | None = None
    parameters = {"StackName": stack_id}
    for _ in range(_MOST_PAGES):
        page = await reader.call("DescribeStackEvents", **parameters)
        for event in page.get("StackEvents") or ():
            if _is_of(stack_id, event):
                if _is_beginning(event, status):
                    return _words(first)
            elif _has_failed(event):
                first = event
        if not page.get("NextToken"):
            break
        parameters["NextToken"] = page["NextToken"]
    return _words(first)


def _is_of(stack_id: str, event: Mapping[str, Any]) -> bool:
    """Whether the event is about the stack itself."""
    return bool(event.get("PhysicalResourceId") == stack_id)


def _is_beginning(event: Mapping[str, Any], status: str) -> bool:
    """Whether the failed operation began with this event of the stack.

    What keeps a roll-back from ending is one of its own failures, not the one that it was begun for.
    """
    begun = str(event.get("ResourceStatus"))
    if not begun.endswith("_IN_PROGRESS") or "CLEANUP" in begun:
        return False
    return "ROLLBACK" not in begun or status.endswith("ROLLBACK_FAILED")


def _has_failed(event: Mapping[str, Any]) -> bool:
    reason = str(event.get("ResourceStatusReason") or "")
    return str(event.get("ResourceStatus")).endswith("_FAILED") and not _CANCELLED.match(reason)


def _words(event: Mapping[str, Any] | None) -> str | None:
    """`CheckoutFunction: role does not exist`, without what a handler wraps around its message."""
    if event is None:
        return None
    reason = str(event.get("ResourceStatusReason") or event.get("ResourceStatus"))
    wrapped = _HANDLER.match(reason)
    reason = wrapped.group(1) if wrapped else _TOKEN.sub("", reason)
    name = event.get("LogicalResourceId")
    return f"{name}: {reason}" if name else reason
