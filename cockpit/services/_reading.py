"""How services read: one call for each of many things, and each failure kept with the thing that it hides.

Private to this package: shapes that AWS's services share (tag lists, timestamps), and nothing about any one of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cockpit.aws.failed import CallFailed
from cockpit.model.observation import Observation
from cockpit.model.resource import Resource
from cockpit.model.service import Reader
from cockpit.model.verdict import Failure

GONE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchDistribution",
        "NoSuchResource",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
    }
)
"""Codes of AWS that say: it was deleted between the listing and the question. That is no failure."""

STACK_TAG = "aws:cloudformation:stack-name"
"""Tag that CloudFormation puts on what a stack owns."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a round of calls brought, by the name of the thing that was asked about."""

    by_name: Mapping[str, Any]
    """Things whose call failed are absent."""
    failures: tuple[Failure, ...]
    gone: frozenset[str] = frozenset()
    """Things that do not exist any more."""


async def ask_each(reader: Reader, asks: Mapping[str, Awaitable[Any]]) -> Answers:
    """Ask about each thing, side by side. Where every call failed alike, that is one failure about all of them."""
    results = await reader.gather(list(asks.values()))
    answers: dict[str, Any] = {}
    failures: list[Failure] = []
    gone: set[str] = set()
    for name, result in zip(asks, results, strict=True):
        if not isinstance(result, CallFailed):
            answers[name] = result
        elif result.failure.code in GONE:
            gone.add(name)
        else:
            failures.append(replace(result.failure, resource=name))
    kinds_of_failure = {(failure.outcome, failure.operation, failure.code) for failure in failures}
    if len(failures) > 1 and not answers and len(kinds_of_failure) == 1:
        return Answers({}, (replace(failures[0], resource=None),), frozenset(gone))
    return Answers(answers, tuple(failures), frozenset(gone))


def failures_in(results: Iterable[Any]) -> tuple[Failure, ...]:
    """The failures among the results of `Reader.gather`."""
    return tuple(result.failure for result in results if isinstance(result, CallFailed))


def known(previous: Observation | None, *kinds: str) -> dict[str, Resource]:
    """The previously seen resources of these kinds, by key."""
    if previous is None:
        return {}
    return {resource.key: resource for resource in previous.resources if resource.kind in kinds}


def tag_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """`[{"Key": …, "Value": …}]` as a mapping. CloudFront leaves out empty values."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags or ()}


def epoch(moment: datetime | str | None) -> float | None:
    """Epoch seconds of a timestamp as botocore gives it: a datetime, or the ISO text that Lambda answers."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return None
    if moment is None:
        return None
    # A timestamp without a zone is UTC: AWS never answers in local time.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def partition(region: str) -> str:
    """The ARN partition of a region: `aws`, `aws-cn`, `aws-us-gov`."""
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in prefixes.items() if region.startswith(prefix)), "aws")


def joined(words: Sequence[str] | None) -> str | None:
    """Words as one fact, or None where there are none."""
    return ", ".join(words) if words else None
