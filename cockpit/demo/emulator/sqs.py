"""SQS. moto knows only the messages that were really sent; a queue here is also as deep as its backlog makes it.

Depth comes from the same place as the metrics do, so GetQueueAttributes and CloudWatch agree. Shapes: botocore's model
of SQS 2012-11-05.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.sqs import models, urls
from moto.sqs.models import Queue
from moto.sqs.responses import SQSResponse

from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World
from cockpit.demo.telemetry.queues import EMPTY, Backlog, Kept, QueueLoad
from cockpit.demo.telemetry.timeline import Timeline

_CHANGING = ("SendMessage", "DeleteMessage", "ReceiveMessage", "ChangeMessageVisibility", "PurgeQueue", "CreateQueue")


class Sqs(SQSResponse):
    """moto's answers, mended."""

    world: World

    def call_action(self) -> Any:
        """Pass on; afterwards telemetry follows what is in the queue."""
        answer = super().call_action()
        if str(self._get_action()).startswith(_CHANGING):
            self._follow()
        return answer

    def get_queue_attributes(self) -> Any:
        """Answer with the depth of now."""
        answer = super().get_queue_attributes()
        attributes = (answer.result or {}).get("Attributes")
        load = self._loads.get(self._get_queue_name())
        if attributes is None or load is None:
            return answer
        now = self.world.clock()
        for name, more in (
            ("ApproximateNumberOfMessages", load.depth(now) - load.kept.now.messages),
            ("ApproximateNumberOfMessagesNotVisible", load.in_flight(now)),
        ):
            if name in attributes:
                attributes[name] = str(int(attributes[name]) + more)
        return ActionResult({"Attributes": attributes})

    def purge_queue(self) -> Any:
        """Empty the queue, backlog and all."""
        answer = super().purge_queue()
        load = self._loads.get(self._get_queue_name())
        if load is not None:
            load.purge(self.world.clock())
        return answer

    def delete_queue(self) -> Any:
        """Delete the queue with its telemetry."""
        answer = super().delete_queue()
        self._loads.pop(self._get_queue_name(), None)
        return answer

    @property
    def _loads(self) -> dict[str, QueueLoad]:
        return self.world.place(self.current_account, self.region).queues

    def _follow(self) -> None:
        name = self._get_param("QueueName") or self._get_queue_name()
        queue = self.sqs_backend.queues.get(name)
        if queue is None:
            return
        with self.world.lock:
            load = self._loads.setdefault(name, new_load(name, 0.0))
            load.kept.change(self.world.clock(), kept_in(queue))


def new_load(name: str, sent_per_minute: float) -> QueueLoad:
    """A queue through which messages pass without piling up."""
    return QueueLoad(name, sent_per_minute, Timeline(Backlog(0.0, 0.0)), Timeline(EMPTY))


def kept_in(queue: Queue) -> Kept:
    """The visible messages that really are in one of moto's queues."""
    messages = queue.messages
    oldest = min((message.sent_timestamp or 0 for message in messages), default=0)
    return Kept(len(messages), oldest / 1000)


def install(world: World) -> None:
    """Answer for SQS as AWS does, by the world's clock."""
    Sqs.world = world
    models.unix_time = world.clock
    models.unix_time_millis = lambda: world.clock() * 1000
    serve(urls, Sqs)
