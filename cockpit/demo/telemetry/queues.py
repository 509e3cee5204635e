"""SQS: depth, age and flow of a queue, over time and right now.

Metrics: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
GetQueueAttributes and CloudWatch read the same depth here, so they agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from cockpit.demo.telemetry.noise import DAY, MINUTES_A_DAY, rounded, seed, swing, uniform
from cockpit.demo.telemetry.samples import Part, Sample, gauge
from cockpit.demo.telemetry.timeline import Timeline

METRICS = (
    "ApproximateNumberOfMessagesVisible",
    "ApproximateAgeOfOldestMessage",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "NumberOfMessagesSent",
    "NumberOfMessagesReceived",
    "NumberOfMessagesDeleted",
    "NumberOfEmptyReceives",
)


class Backlog(NamedTuple):
    """A pile of messages that grows (or shrinks, to nothing) steadily."""

    since: float
    """Epoch seconds."""
    messages: float
    """How many there were then."""
    per_minute: float = 0.0
    most: float = math.inf
    """It levels off here: senders wait for an answer that does not come."""

    def depth(self, moment: float) -> float:
        """How many there are at a moment; none before it began."""
        if moment < self.since:
            return 0.0
        return min(self.most, max(0.0, self.messages + self.per_minute * (moment - self.since) / 60))

    def growth(self, moment: float) -> float:
        """How much it grows in a minute."""
        return self.per_minute if self.depth(moment) < self.most else 0.0


class Kept(NamedTuple):
    """Messages that really are in the emulator's queue."""

    messages: int
    oldest_at: float
    """Epoch seconds; without meaning when there are none."""


EMPTY = Kept(0, 0.0)


@dataclass(eq=False)
class QueueLoad:
    """A queue as its senders and receivers use it."""

    name: str
    sent_per_minute: float
    backlog: Timeline[Backlog]
    kept: Timeline[Kept]

    def __post_init__(self) -> None:
        self._sent, self._depth, self._flight = (seed(self.name, what) for what in ("sent", "depth", "flight"))

    def depth(self, moment: float) -> int:
        """Visible messages at a moment."""
        piled = self.backlog.at(moment).depth(moment)
        passing = self.sent_per_minute / 40 * uniform(self._depth, int(moment // 60))
        return int(piled + passing) + self.kept.at(moment).messages

    def in_flight(self, moment: float) -> int:
        """Messages that a receiver holds."""
        return rounded(self.sent_per_minute / 60, uniform(self._flight, int(moment // 60)))

    def age_seconds(self, moment: float) -> float:
        """Age of the oldest visible message."""
        kept, backlog = self.kept.at(moment), self.backlog.at(moment)
        age = moment - kept.oldest_at if kept.messages else 0.0
        piled = backlog.depth(moment)
        if piled > 1:
            # First in, first out: the oldest has waited as long as it takes to work off what is before it.
            worked = max(1.0, self.sent_per_minute - backlog.growth(moment))
            return max(age, min(moment - backlog.since, piled / worked * 60))
        return max(age, 1.0 if self.depth(moment) else 0.0)

    def purge(self, moment: float) -> None:
        """Forget everything that is piled up; what makes it grow goes on."""
        before = self.backlog.now
        self.backlog.change(moment, Backlog(moment, 0.0, max(0.0, before.per_minute), before.most))

    def sample(self, metric: str, minute: int, settled: float = 1.0) -> Sample | None:
        """A metric of the queue over a minute; None if it has no such metric or no data point."""
        moment = minute * 60 + 30
        if metric == "ApproximateNumberOfMessagesVisible":
            return gauge(float(self.depth(moment)))
        if metric == "ApproximateAgeOfOldestMessage":
            return gauge(float(int(self.age_seconds(moment))))
        if metric == "ApproximateNumberOfMessagesNotVisible":
            return gauge(float(self.in_flight(moment)))
        if metric == "ApproximateNumberOfMessagesDelayed":
            return gauge(0.0)
        return self._flow(metric, minute, settled)

    def _flow(self, metric: str, minute: int, settled: float) -> Sample | None:
        moment = minute * 60 + 30
        sent = self.sent_per_minute * DAY[minute % MINUTES_A_DAY] * (1 + 0.2 * swing(self._sent, minute)) * settled
        worked = max(0.0, sent - self.backlog.at(moment).growth(moment))
        rates = {
            "NumberOfMessagesSent": sent,
            "NumberOfMessagesReceived": worked,
            "NumberOfMessagesDeleted": worked,
            "NumberOfEmptyReceives": 3.0 if worked < 1 else 0.0,
        }
        if metric not in rates:
            return None
        count = rounded(rates[metric], uniform(self._sent, minute * 3 + 1))
        # One data point of 1 for each message.
        return Sample(count, count, 1.0, 1.0, (Part(count, 1.0, 0.0),)) if count else gauge(0.0)
