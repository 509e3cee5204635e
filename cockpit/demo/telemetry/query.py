"""Series of a metric as CloudWatch gives them: which periods, which points are still kept, which statistic.

Retention and rounding: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cockpit.demo.telemetry.place import Memo, Metric, Minutes, Place
from cockpit.demo.telemetry.samples import Part, Sample, merged, statistic

HOUR, DAY = 3600, 86_400
_KEPT_SECONDS = 455 * DAY
_SPARSE_MINUTES = 10
"""Of a longer period this many minutes stand for all: a year of a busy account takes no minute to answer."""
_SPARSE_MINUTES_OF_ALL = 3
"""The same for a metric without dimensions, whose minute is the sum of hundreds of functions."""


def resolution(age_seconds: float) -> int:
    """The finest period that is kept of data this old."""
    if age_seconds <= 15 * DAY:
        return 60
    return 300 if age_seconds <= 63 * DAY else HOUR


def is_period(period: int) -> bool:
    """Whether CloudWatch takes a period at all."""
    return period in {1, 5, 10, 20, 30} or (period > 0 and period % 60 == 0)


class Ask(NamedTuple):
    """One statistic of one metric."""

    metric: Metric
    statistic: str
    period: int
    """Seconds."""


class Window(NamedTuple):
    """`[start, end)` as it is known at `now`, epoch seconds."""

    start: float
    end: float
    now: float


def points(place: Place, ask: Ask, window: Window, memo: Memo | None = None) -> list[tuple[int, float]]:
    """`(epoch second of the period's begin, value)`, oldest first.

    The start is rounded down to what is kept of its age, and periods are counted from a full period. Nothing comes
    back for a period that is finer than what is kept. `memo` is shared by the asks of one request.
    """
    start, end, now = window
    kept = resolution(now - start)
    source = place.minutes(ask.metric, now, {} if memo is None else memo)
    if source is None or ask.period % kept or now - start > _KEPT_SECONDS:
        return []
    first = int(start // kept) * kept // ask.period * ask.period
    if ask.period == 60:
        return list(_by_minute(source, ask.statistic, first, min(end, now)))
    return list(_by_period(source, ask, first, min(end, now)))


def _by_minute(source: Minutes, name: str, first: int, end: float) -> Iterator[tuple[int, float]]:
    for second in range(first, _above(end), 60):
        sample = source(second // 60)
        if sample is not None and second < end:
            yield second, statistic(sample, name)


def _by_period(source: Minutes, ask: Ask, first: int, end: float) -> Iterator[tuple[int, float]]:
    period = ask.period
    step = max(1, period // 60 // (_SPARSE_MINUTES if ask.metric.dimensions else _SPARSE_MINUTES_OF_ALL))
    for second in range(first, _above(end), period):
        sample = merged(_times(source(minute), step) for minute in range(second // 60, (second + period) // 60, step))
        if sample is not None and second < end:
            yield second, statistic(sample, ask.statistic)


def _times(sample: Sample | None, factor: int) -> Sample | None:
    """A sample that stands for `factor` minutes like it."""
    if sample is None or factor == 1:
        return sample
    parts = tuple(Part(part.number * factor, part.median, part.sigma) for part in sample.parts)
    return Sample(sample.number * factor, sample.total * factor, sample.low, sample.high, parts)


def _above(end: float) -> int:
    return int(end) + (end > int(end))
