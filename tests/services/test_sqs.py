"""SQS: depth now, dead-letter queues by redrive policy, and queues that may not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.service import Discovery, Settled
from cockpit.model.verdict import Health
from cockpit.services.sqs import SERVICE, TAGS_AGE_SECONDS, discover
from tests.services.recorded import ACCOUNT_ID, NOW, REGION, Answer, Page, RecordedReader, Refusal, named, observed
from tests.services.samples import later, sample, verdict


def url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/{name}"


def arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"


def attributes(name: str, depth: int = 0, *, dead_letters: str | None = None, tries: Any = 5) -> dict[str, Any]:
    policy = {"deadLetterTargetArn": arn(dead_letters), "maxReceiveCount": tries} if dead_letters else None
    return {
        "Attributes": {
            "QueueArn": arn(name),
            "ApproximateNumberOfMessages": str(depth),
            "ApproximateNumberOfMessagesNotVisible": "3",
            "ApproximateNumberOfMessagesDelayed": "1",
            "VisibilityTimeout": "30",
            "MessageRetentionPeriod": "345600",
            "CreatedTimestamp": "1700000000",
            "LastModifiedTimestamp": "1700000000",
            "SqsManagedSseEnabled": "true",
            **({"RedrivePolicy": json.dumps(policy)} if policy else {}),
        }
    }


def answers(**queues: Page) -> dict[str, Answer]:
    """Queues by name, with what GetQueueAttributes says of them."""
    by_url = {url(name.replace("_", "-")): page for name, page in queues.items()}

    def get(parameters: Mapping[str, Any]) -> Page:
        return by_url[parameters["QueueUrl"]]

    return {
        "ListQueues": {"QueueUrls": list(by_url)},
        "GetQueueAttributes": get,
        "ListQueueTags": {"Tags": {"stage": "prod"}},
    }


def shop(**more: Page) -> dict[str, Answer]:
    """A queue with its dead-letter queue."""
    queues = {
        "events": attributes("events", 1204, dead_letters="events-dead"),
        "events_dead": attributes("events-dead", 2),
    }
    return answers(**{**queues, **more})


async def look(reader: RecordedReader, previous: Discovery | None = None) -> Discovery:
    return await discover(reader, observed(SERVICE, previous) if previous else None, Settled({}))


async def test_depth_is_read_from_the_queue_itself() -> None:
    queue = named(await look(RecordedReader(SERVICE, shop())), "events")
    assert queue.kind == "queue"
    assert (queue.facts["depth"], queue.facts["in_flight"], queue.facts["delayed"]) == (1204, 3, 1)
    assert queue.facts["encrypted"] is True
    assert queue.tags == {"stage": "prod"}


async def test_a_dead_letter_queue_is_what_a_redrive_policy_points_at() -> None:
    found = await look(RecordedReader(SERVICE, shop()))
    queue, dead = named(found, "events"), named(found, "events-dead")
    assert dead.kind == "dlq"
    assert queue.related["dead_letter_queue"] == dead.key
    assert dead.related["source"] == queue.key
    assert queue.facts["max_receive_count"] == 5


async def test_a_queue_that_is_only_called_dlq_is_a_queue() -> None:
    found = await look(RecordedReader(SERVICE, answers(old_dlq=attributes("old-dlq"))))
    assert named(found, "old-dlq").kind == "queue"


async def test_a_dead_letter_queue_may_serve_several_queues() -> None:
    found = await look(RecordedReader(SERVICE, shop(audit=attributes("audit", dead_letters="events-dead", tries="3"))))
    dead = named(found, "events-dead")
    assert dead.facts["sources"] == "audit, events"
    assert named(found, "audit").facts["max_receive_count"] == 3


async def test_a_queue_that_may_not_be_read_stays_beside_its_failure() -> None:
    found = await look(RecordedReader(SERVICE, shop(secret=Refusal("AccessDenied"))))
    secret = named(found, "secret")
    assert secret.key == arn("secret")
    assert secret.facts.get("depth") is None
    assert [(failure.resource, failure.iam_action) for failure in found.failures] == [
        ("secret", "sqs:GetQueueAttributes")
    ]


async def test_several_that_may_not_be_read_are_named_one_by_one() -> None:
    denied = {name: Refusal("AccessDenied") for name in ("secret", "hidden")}
    found = await look(RecordedReader(SERVICE, shop(**denied)))
    assert [failure.resource for failure in found.failures] == ["secret", "hidden"]


async def test_the_depth_of_before_is_not_taken_for_the_depth_now() -> None:
    first = await look(RecordedReader(SERVICE, shop()))
    second = await look(RecordedReader(SERVICE, shop(events=Refusal("AccessDenied"))), first)
    queue = named(second, "events")
    assert queue.facts["depth"] is None
    assert queue.facts["retention_seconds"] == 345600
    # Its redrive policy is still believed.
    assert named(second, "events-dead").kind == "dlq"


async def test_a_queue_deleted_meanwhile_is_gone() -> None:
    gone = Refusal("AWS.SimpleQueueService.NonExistentQueue")
    found = await look(RecordedReader(SERVICE, shop(brief=gone)))
    assert "brief" not in [queue.name for queue in found.resources]
    assert found.failures == ()


async def test_denied_queues_fail_the_whole_look() -> None:
    with pytest.raises(CallFailed):
        await look(RecordedReader(SERVICE, {"ListQueues": Refusal("AccessDenied")}))


async def test_a_list_of_queues_asks_for_a_page_size_so_that_there_are_more_pages() -> None:
    reader = RecordedReader(SERVICE, shop())
    await look(reader)
    assert ("ListQueues", {"MaxResults": 1000}) in reader.asked


async def test_no_queues_is_an_empty_account() -> None:
    found = await look(RecordedReader(SERVICE, {"ListQueues": {}}))
    assert found == Discovery(())


async def test_tags_are_read_once_an_hour() -> None:
    first = await look(RecordedReader(SERVICE, shop()))
    soon = RecordedReader(SERVICE, shop(), now=NOW + 60)
    second = await look(soon, first)
    assert soon.times("ListQueueTags") == 0
    assert named(second, "events").tags == {"stage": "prod"}
    hour = RecordedReader(SERVICE, shop(), now=NOW + TAGS_AGE_SECONDS)
    await look(hour, second)
    assert hour.times("ListQueueTags") == 2


async def test_the_arn_of_a_queue_in_china_is_chinese() -> None:
    class Chinese(RecordedReader):
        @property
        def slot(self) -> Any:
            return type(super().slot)(self.account, "cn-north-1", self.spec.key)

    found = await look(Chinese(SERVICE, answers(secret=Refusal("AccessDenied"), open=attributes("open"))))
    assert named(found, "secret").key == f"arn:aws-cn:sqs:cn-north-1:{ACCOUNT_ID}:secret"


# Rules, as they are by default.


@pytest.mark.parametrize(
    ("depth", "health"), [(1000.0, Health.OK), (1001.0, Health.WARNING), (10_001.0, Health.CRITICAL)]
)
def test_more_than_1000_messages_for_10_minutes(depth: float, health: Health) -> None:
    judged = verdict(SERVICE, "sqs.depth", sample(SERVICE, "queue", visible=[depth] * 10))
    assert judged is not None
    assert judged.health is health


def test_a_short_burst_is_ok() -> None:
    judged = verdict(SERVICE, "sqs.depth", sample(SERVICE, "queue", visible=[2000.0] * 9 + [10.0]))
    assert judged is not None
    assert judged.health is Health.OK


def test_an_idle_queue_without_points_is_judged_by_its_depth_now() -> None:
    idle = sample(SERVICE, "queue", facts={"depth": 0}, visible=[None] * 10)
    judged = verdict(SERVICE, "sqs.depth", idle)
    assert judged is not None
    assert judged.health is Health.OK


def test_an_idle_queue_that_may_not_be_read_is_unknown() -> None:
    judged = verdict(SERVICE, "sqs.depth", sample(SERVICE, "queue", facts={"depth": None}, visible=[None] * 10))
    assert judged is not None
    assert judged.health is Health.UNKNOWN


@pytest.mark.parametrize(("depth", "health"), [(0, Health.OK), (1, Health.WARNING), (None, Health.UNKNOWN)])
def test_any_message_in_a_dead_letter_queue(depth: int | None, health: Health) -> None:
    judged = verdict(SERVICE, "sqs.dead_letters", sample(SERVICE, "dlq", facts={"depth": depth}))
    assert judged is not None
    assert judged.health is health


@pytest.mark.parametrize(("age", "health"), [(900.0, Health.OK), (901.0, Health.WARNING), (3601.0, Health.CRITICAL)])
def test_the_oldest_message(age: float, health: Health) -> None:
    judged = verdict(SERVICE, "sqs.age", sample(SERVICE, "queue", age_oldest=[age] * 5))
    assert judged is not None
    assert judged.health is health


def test_a_series_that_ends_too_early_does_not_make_a_queue_ok() -> None:
    old = later(sample(SERVICE, "queue", facts={}, visible=[2.0] * 10), -3600)
    judged = verdict(SERVICE, "sqs.depth", old)
    assert judged is not None
    assert judged.health is Health.UNKNOWN


# The cell.


def test_the_cell_shows_the_deepest_queue_with_its_course_and_the_dead() -> None:
    deep = sample(SERVICE, "queue", "events", {"depth": 1204}, visible=[800.0, 1000.0, 1200.0])
    flat = sample(SERVICE, "queue", "audit", {"depth": 3})
    dead = sample(SERVICE, "dlq", "events-dead", {"depth": 2})
    shown = SERVICE.headline([flat, deep, dead])
    assert (shown.text, shown.label) == ("1\u202f204 · 2 dead", "events")
    assert shown.trend == (800.0, 1000.0, 1200.0)


def test_the_cell_of_empty_queues_is_a_plain_zero() -> None:
    resources = [sample(SERVICE, "queue", facts={"depth": 0}), sample(SERVICE, "dlq", facts={"depth": 0})]
    assert SERVICE.headline(resources).text == "0"
