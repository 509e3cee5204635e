"""Amazon SQS: how many messages wait, for how long, and what ended in a dead-letter queue.

CloudWatch is late for a queue that has been idle: it stops publishing after six hours and takes up to 15 minutes to
begin again. So the depth of now is read from the queue itself at each look; SQS bills $0.40 per million requests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import FactValue, Metric, Missing, Rule, Threshold
from cockpit.model.service import (
    Cadence,
    Call,
    Column,
    Dated,
    Discovery,
    Headline,
    MetricSpec,
    Reach,
    Reader,
    ServiceSpec,
    Settled,
    Watched,
)
from cockpit.model.units import Unit, format_figure
from cockpit.services._console import queue_page
from cockpit.services._reading import STACK_TAG, Answers, ask_each, known, partition

TAGS_AGE_SECONDS = 3600.0
"""Tags of a queue are read again after this long."""

_KINDS = ("queue", "dlq")
_NOW = ("depth", "in_flight", "delayed")


async def discover(reader: Reader, previous: Observation | None, _settled: Settled) -> Discovery:
    """Every queue with its depth now. A queue that may not be read stays, without figures, beside its failure."""
    # Without MaxResults SQS answers with the first 1,000 and does not say that there are more.
    urls = await reader.pages("ListQueues", "QueueUrls", MaxResults=1000)
    before = {str(queue.facts["url"]): queue for queue in known(previous, *_KINDS).values()}
    attributes = await ask_each(
        reader, {url: reader.call("GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]) for url in urls}
    )
    due = [url for url in urls if _tags_due(before.get(url), reader.now)]
    tags = await ask_each(reader, {url: reader.call("ListQueueTags", QueueUrl=url) for url in due})
    there = [url for url in urls if url not in attributes.gone]
    queues = [_queue(reader, url, attributes, tags, before.get(url)) for url in there]
    failures = (*attributes.failures, *tags.failures)
    named = tuple(replace(one, resource=_name(one.resource)) if one.resource else one for one in failures)
    return Discovery(tuple(_told_apart(queues)), named)


def _name(url: str) -> str:
    return url.rsplit("/", 1)[-1]


def _tags_due(then: Resource | None, now: float) -> bool:
    return then is None or now - (then.number("tags_read_at") or 0.0) >= TAGS_AGE_SECONDS


def _queue(reader: Reader, url: str, attributes: Answers, tags: Answers, then: Resource | None) -> Resource:
    """A queue; which of them are dead-letter queues is told by the others."""
    name = _name(url)
    own, tags_read_at = (then.tags, then.facts["tags_read_at"]) if then else ({}, None)
    if url in tags.by_name:
        own, tags_read_at = tags.by_name[url].get("Tags") or {}, reader.now
    region = reader.slot.region
    arn = then.key if then else f"arn:{partition(region)}:sqs:{region}:{reader.account_id}:{name}"
    facts: dict[str, Fact] = {"url": url, "tags_read_at": tags_read_at}
    related: Mapping[str, str] = {}
    if url in attributes.by_name:
        answer = attributes.by_name[url].get("Attributes") or {}
        arn = answer.get("QueueArn", arn)
        facts |= _facts(answer)
        target = facts["dead_letter_queue"]
        related = {"dead_letter_queue": str(target)} if target else {}
    elif then is not None:
        # What it is configured to be is still believed; how deep it was is not.
        facts = {**then.facts, **facts, **dict.fromkeys(_NOW)}
        related = {key: value for key, value in then.related.items() if key == "dead_letter_queue"}
    return Resource(arn, reader.slot, "queue", name, facts, own, related, stack=own.get(STACK_TAG))


def _facts(attributes: Mapping[str, str]) -> dict[str, Fact]:
    """Facts from GetQueueAttributes, whose values are all text."""
    policy = _policy(attributes.get("RedrivePolicy"))

    def number(name: str) -> int | None:
        value = attributes.get(name)
        # Emulators write moments with fractions.
        return int(float(value)) if value is not None else None

    return {
        "depth": number("ApproximateNumberOfMessages"),
        "in_flight": number("ApproximateNumberOfMessagesNotVisible"),
        "delayed": number("ApproximateNumberOfMessagesDelayed"),
        "dead_letter_queue": policy.get("deadLetterTargetArn"),
        "max_receive_count": int(policy["maxReceiveCount"]) if "maxReceiveCount" in policy else None,
        "visibility_timeout_seconds": number("VisibilityTimeout"),
        "retention_seconds": number("MessageRetentionPeriod"),
        "delay_seconds": number("DelaySeconds"),
        "maximum_message_bytes": number("MaximumMessageSize"),
        "fifo": attributes.get("FifoQueue") == "true",
        "encrypted": "KmsMasterKeyId" in attributes or attributes.get("SqsManagedSseEnabled") == "true",
        "created_at": number("CreatedTimestamp"),
        "modified_at": number("LastModifiedTimestamp"),
    }


def _policy(text: str | None) -> dict[str, Any]:
    """A redrive policy; `maxReceiveCount` is text or a number, as its author wrote it."""
    try:
        policy = json.loads(text) if text else {}
    except ValueError:
        return {}
    return policy if isinstance(policy, dict) else {}


def _told_apart(queues: Sequence[Resource]) -> list[Resource]:
    """The queues; what a redrive policy points at is a dead-letter queue. A name that ends in -dlq proves nothing."""
    sources: dict[str, list[Resource]] = {}
    for queue in queues:
        target = queue.related.get("dead_letter_queue")
        if target:
            sources.setdefault(target, []).append(queue)

    def judged(queue: Resource) -> Resource:
        own = sorted(sources.get(queue.key, ()), key=lambda source: source.name)
        if not own:
            return queue
        return replace(
            queue,
            kind="dlq",
            facts={**queue.facts, "sources": ", ".join(source.name for source in own)},
            related={**queue.related, "source": own[0].key},
        )

    return [judged(queue) for queue in queues]


def headline(resources: Sequence[Resource]) -> Headline:
    """The deepest queue with its course, and how many messages are dead: one deep queue is what goes wrong."""
    queues = [one for one in resources if one.kind == "queue" and one.number("depth") is not None]
    dead = sum(one.number("depth") or 0.0 for one in resources if one.kind == "dlq")
    rest = f"{format_figure(dead, Unit.COUNT)} dead" if dead else ""
    if not queues:
        return Headline(rest or "–")
    deepest = max(queues, key=lambda one: one.number("depth") or 0.0)
    text = format_figure(deepest.number("depth"), Unit.COUNT)
    course = deepest.series.get("visible")
    return Headline(f"{text} · {rest}" if rest else text, course.tail(60).values if course else (), deepest.name)


def _dimensions(resource: Resource) -> Mapping[str, str] | None:
    return {"QueueName": resource.name}


_metric = partial(MetricSpec, namespace="AWS/SQS", statistic="Maximum", kinds=_KINDS, dimensions=_dimensions)

SERVICE = ServiceSpec(
    key="sqs",
    title="SQS",
    column="QUEUES",
    order=30,
    billed_as=("Amazon Simple Queue Service",),
    reach=Reach.REGIONAL,
    calls=(
        Call("sqs", "ListQueues", "sqs:ListQueues"),
        Call("sqs", "GetQueueAttributes", "sqs:GetQueueAttributes"),
        Call("sqs", "ListQueueTags", "sqs:ListQueueTags"),
    ),
    discover=discover,
    discover_seconds=60.0,
    stale_seconds=300.0,
    metrics=(
        _metric(
            id="visible",
            name="ApproximateNumberOfMessagesVisible",
            unit=Unit.COUNT,
            missing=Missing.UNKNOWN,
            label="messages",
        ),
        # An idle queue publishes nothing, and holds nothing that could grow old.
        _metric(
            id="age_oldest",
            name="ApproximateAgeOfOldestMessage",
            unit=Unit.SECONDS,
            missing=Missing.ZERO,
            label="age of the oldest message",
        ),
    ),
    cadences=(
        Cadence(("queue",), every_seconds=300.0, close_seconds=60.0),
        # Judged by its depth now; the series is only for the eye.
        Cadence(("dlq",), every_seconds=1800.0, close_seconds=300.0),
    ),
    rules=(
        Rule(
            "sqs.depth",
            ("queue",),
            "messages",
            Metric("visible"),
            Unit.COUNT,
            Threshold(warning=1000.0, critical=10_000.0, for_seconds=600),
            missing=Missing.UNKNOWN,
            fallback=FactValue("depth"),
        ),
        Rule(
            "sqs.age",
            ("queue",),
            "oldest message",
            Metric("age_oldest"),
            Unit.SECONDS,
            Threshold(warning=900.0, critical=3600.0, for_seconds=300),
            missing=Missing.ZERO,
        ),
        Rule(
            "sqs.dead_letters",
            ("dlq",),
            "dead letters",
            FactValue("depth"),
            Unit.COUNT,
            Threshold(warning=0.0, critical=None),
            missing=Missing.UNKNOWN,
        ),
    ),
    columns=(
        Column("depth", "MESSAGES", lambda one: one.number("depth"), Unit.COUNT, 1, numeric=True),
        Column("age", "OLDEST", lambda one: one.latest("age_oldest"), Unit.SECONDS, 1, numeric=True),
        Column("in_flight", "IN FLIGHT", lambda one: one.number("in_flight"), Unit.COUNT, 1, numeric=True),
        Column("kind", "KIND", lambda one: "dead letters" if one.kind == "dlq" else "queue", None, 2),
        Column("sources", "FROM", lambda one: one.facts.get("sources"), None, 3),
        Column("delayed", "DELAYED", lambda one: one.number("delayed"), Unit.COUNT, 3, numeric=True),
        Column("receives", "TRIES", lambda one: one.number("max_receive_count"), Unit.COUNT, 4, numeric=True),
        Column("retention", "RETENTION", lambda one: one.number("retention_seconds"), Unit.SECONDS, 4, numeric=True),
        Column("modified", "MODIFIED", lambda one: one.facts.get("modified_at"), None, 4, age=True),
    ),
    headline=headline,
    dollars_per_call={"ListQueues": 4e-7, "GetQueueAttributes": 4e-7, "ListQueueTags": 4e-7},
    selects=("queue",),
    watched=(
        Watched("dead_letter_queue", "dead-letter queue", _KINDS),
        Watched("max_receive_count", "tries", _KINDS, Unit.COUNT),
        Watched("visibility_timeout_seconds", "visibility time-out", _KINDS, Unit.SECONDS),
        Watched("retention_seconds", "retention", _KINDS, Unit.SECONDS),
        Watched("delay_seconds", "delay", _KINDS, Unit.SECONDS),
        Watched("maximum_message_bytes", "message size", _KINDS, Unit.BYTES),
        Watched("encrypted", "encrypted", _KINDS),
    ),
    # LastModifiedTimestamp moves with the attributes, not with messages.
    dated=(Dated("modified_at", lambda _: "changed", _KINDS, whole=True),),
    owner="source",
    console=queue_page,
)
