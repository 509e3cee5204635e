"""SQS queues, with their dead-letter queues and the few messages that really are in them."""

from __future__ import annotations

import json
from typing import Any

from moto.sqs.models import sqs_backends

from cockpit.demo.emulator.sqs import kept_in, new_load
from cockpit.demo.emulator.world import World
from cockpit.demo.fleet.parts import DAY, Queue
from cockpit.demo.telemetry.queues import Backlog

_CREATED_AGE = 203 * DAY
_RETENTION_SECONDS = 14 * 86_400


def put_queues(world: World, account_id: str, region: str, queues: tuple[Queue, ...], start: float) -> None:
    """Create the queues of a region as they were at `start`."""
    if not queues:
        return
    backend, place = sqs_backends[account_id][region], world.place(account_id, region)
    for part in queues:
        attributes: dict[str, Any] = {"VisibilityTimeout": 60, "MessageRetentionPeriod": _RETENTION_SECONDS}
        if part.dead_letters:
            target = backend.queues[part.dead_letters].queue_arn
            attributes["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 5})
        queue = backend.create_queue(part.name, dict(part.tags), **attributes)
        queue.created_timestamp = queue.last_modified_timestamp = int(start - _CREATED_AGE)
        load = place.queues[part.name] = new_load(part.name, part.sent_per_minute)
        for position in range(part.kept):
            message = backend.send_message(part.name, json.dumps({"event": f"evt-{position + 1:04d}", "attempt": 5}))
            arrived = start - part.kept_age * (1 - position / (part.kept + 1))
            message.sent_timestamp = int(arrived * 1000)
            load.kept.change(arrived, kept_in(queue))
        if part.backlog_age:
            since = start - part.backlog_age
            load.backlog.change(since, Backlog(since, 0.0, part.backlog_per_minute, part.backlog_most))
