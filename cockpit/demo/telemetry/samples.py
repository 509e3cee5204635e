"""What CloudWatch knows of a metric over a minute, and the statistics it makes of that.

A sample is what a metric stores: how many values, their sum and extremes, and their distribution, kept as a mixture of
lognormal parts so that a percentile over any mix of functions and minutes is exact, or within a hundredth where the mix
is of hundreds. CloudWatch's statistics:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

_NORMAL = NormalDist()
_PERCENTILE = re.compile(r"p(100|\d{1,2}(?:\.\d{1,10})?)")
_BISECTIONS = 32
_MOST_PARTS = 200
"""Of a mixture with more parts, those whose medians lie within two hundredths of each other become one."""


class Part(NamedTuple):
    """A share of the values: `number` of them, lognormal around `median`; `sigma` 0 means that all are `median`."""

    number: float
    median: float
    sigma: float


class Sample(NamedTuple):
    """One metric over one stretch of time."""

    number: float
    """How many values."""
    total: float
    low: float
    high: float
    parts: tuple[Part, ...]


def gauge(value: float) -> Sample:
    """A sample of a single measured value."""
    return Sample(1.0, value, value, value, (Part(1.0, value, 0.0),))


def merged(samples: Iterable[Sample | None]) -> Sample | None:
    """All the values of `samples` together; None if there are none."""
    present = [sample for sample in samples if sample is not None]
    if len(present) <= 1:
        return present[0] if present else None
    return Sample(
        math.fsum(sample.number for sample in present),
        math.fsum(sample.total for sample in present),
        min(sample.low for sample in present),
        max(sample.high for sample in present),
        _thinned([part for sample in present for part in sample.parts]),
    )


def _thinned(parts: Sequence[Part]) -> tuple[Part, ...]:
    if len(parts) <= _MOST_PARTS:
        return tuple(parts)
    groups: dict[tuple[float, int], tuple[float, float]] = {}
    for number, median, sigma in parts:
        key = (sigma, round(math.log(median) * 50) if median > 0 else -(10**9))
        count, total = groups.get(key, (0.0, 0.0))
        groups[key] = (count + number, total + number * median)
    return tuple(Part(count, total / count, sigma) for (sigma, _), (count, total) in groups.items() if count)


def is_statistic(name: str) -> bool:
    """Whether CloudWatch knows the statistic, as far as this emulator goes: the five plain ones and percentiles."""
    return name in _PLAIN or _PERCENTILE.fullmatch(name) is not None


def statistic(sample: Sample, name: str) -> float:
    """`Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p99`-like of a sample."""
    plain = _PLAIN.get(name)
    if plain is not None:
        return plain(sample)
    return percentile(sample, float(name[1:]) / 100)


_PLAIN: dict[str, Callable[[Sample], float]] = {
    "Sum": lambda sample: sample.total,
    "Average": lambda sample: sample.total / sample.number,
    "Minimum": lambda sample: sample.low,
    "Maximum": lambda sample: sample.high,
    "SampleCount": lambda sample: sample.number,
}


def percentile(sample: Sample, share: float) -> float:
    """The value below which `share` (0-1) of the values are; never outside the extremes of the sample."""
    parts = sample.parts
    if len(parts) == 1:
        value = parts[0].median * math.exp(parts[0].sigma * deviate(share, parts[0].number))
        return min(max(value, sample.low), sample.high)
    low, high = sample.low, sample.high
    wanted = share * math.fsum(part.number for part in parts)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if _below(parts, middle) < wanted:
            low = middle
        else:
            high = middle
    return high


def _below(parts: Sequence[Part], value: float) -> float:
    if value <= 0:
        return math.fsum(part.number for part in parts if part.median <= value)
    logarithm = math.log(value)
    total = 0.0
    for number, median, sigma in parts:
        if sigma and median > 0:
            total += number * _NORMAL.cdf((logarithm - math.log(median)) / sigma)
        elif median <= value:
            total += number
    return total


def deviate(share: float, number: float) -> float:
    """Standard deviations from the median at `share` of `number` values: few values have no far tail."""
    most = 1 - 0.5 / max(1.0, number)
    return _deviate(round(min(max(share, 1 - most), most), 5))


@lru_cache(maxsize=4096)
def _deviate(share: float) -> float:
    return _NORMAL.inv_cdf(share)
