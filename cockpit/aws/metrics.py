"""Metric queries and how they are packed into full GetMetricData requests.

Limits of one request (Amazon CloudWatch API reference): 500 queries, 100,800 data points. A request has one
window. Up to five statistics of one metric bill as one metric if they are in the same request, so they are
never parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cockpit.aws.meter import STATISTICS_PER_METRIC
from cockpit.model.series import Series
from cockpit.model.verdict import Failure

MAX_QUERIES = 500
MAX_POINTS = 100_800


@dataclass(frozen=True, slots=True)
class MetricQuery:
    """One statistic of one metric of one resource, over one window."""

    resource: str
    """Resource key; the answer is filed under it."""
    metric: str
    """Metric id (`errors`)."""
    namespace: str
    name: str
    statistic: str
    dimensions: tuple[tuple[str, str], ...]
    period_seconds: int
    start: int
    """Epoch seconds, aligned to the period."""
    end: int
    """Exclusive."""
    scale: float = 1.0
    """Factor from CloudWatch's unit to ours."""

    @property
    def statistic_key(self) -> Statistic:
        """What is asked of CloudWatch, whoever asks."""
        dimensions = tuple(sorted(self.dimensions))
        return Statistic(
            self.namespace, self.name, dimensions, self.statistic, self.period_seconds, self.start, self.end
        )


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """What became of some queries. A query that failed is in `failures` and not in `series`."""

    series: Mapping[tuple[str, str], Series]
    """(resource key, metric id) → series, scaled."""
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistic:
    """One entry of a GetMetricData request; equal queries of several askers are one entry."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period_seconds: int
    start: int
    end: int

    @property
    def points(self) -> int:
        """Data points that may come back."""
        return (self.end - self.start) // self.period_seconds

    @property
    def metric(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """The metric, whatever the statistic."""
        return (self.namespace, self.name, self.dimensions)


@dataclass(frozen=True, slots=True)
class Batch:
    """One GetMetricData request: statistics that share a window. Entry `i` has the id `m<i>`."""

    statistics: tuple[Statistic, ...]

    @property
    def points(self) -> int:
        """Estimated data points, which is what CloudWatch's rate limit counts."""
        return sum(statistic.points for statistic in self.statistics)

    @property
    def billed_metrics(self) -> int:
        """Metrics on the bill: one for each metric and every five statistics of it."""
        counts: dict[Any, int] = {}
        for statistic in self.statistics:
            counts[statistic.metric] = counts.get(statistic.metric, 0) + 1
        return sum(-(-count // STATISTICS_PER_METRIC) for count in counts.values())

    def halves(self) -> tuple[Batch, Batch]:
        """Two smaller requests with the same entries."""
        middle = len(self.statistics) // 2
        return Batch(self.statistics[:middle]), Batch(self.statistics[middle:])

    def parameters(self) -> dict[str, Any]:
        """Parameters of GetMetricData."""
        first = self.statistics[0]
        return {
            "MetricDataQueries": [_entry(index, statistic) for index, statistic in enumerate(self.statistics)],
            "StartTime": datetime.fromtimestamp(first.start, UTC),
            "EndTime": datetime.fromtimestamp(first.end, UTC),
            "ScanBy": "TimestampAscending",
        }


def pack(queries: Iterable[MetricQuery]) -> tuple[Batch, ...]:
    """The fewest full requests that ask for everything once, with the statistics of a metric kept together."""
    windows: dict[tuple[int, int], dict[Any, dict[Statistic, None]]] = {}
    for query in queries:
        statistic = query.statistic_key
        metrics = windows.setdefault((statistic.start, statistic.end), {})
        metrics.setdefault(statistic.metric, {})[statistic] = None
    return tuple(batch for metrics in windows.values() for batch in _fill(list(metrics.values())))


def _fill(groups: Sequence[Iterable[Statistic]]) -> Iterable[Batch]:
    """Requests within the limits; a group is parted only if it alone exceeds them."""
    held: list[Statistic] = []
    points = 0
    for group in (list(group) for group in groups):
        more = sum(statistic.points for statistic in group)
        if held and (len(held) + len(group) > MAX_QUERIES or points + more > MAX_POINTS):
            yield Batch(tuple(held))
            held, points = [], 0
        held, points = held + group, points + more
        while len(held) > MAX_QUERIES:
            yield Batch(tuple(held[:MAX_QUERIES]))
            held = held[MAX_QUERIES:]
            points = sum(statistic.points for statistic in held)
    if held:
        yield Batch(tuple(held))


def _entry(index: int, statistic: Statistic) -> dict[str, Any]:
    return {
        "Id": f"m{index}",
        "ReturnData": True,
        "MetricStat": {
            "Metric": {
                "Namespace": statistic.namespace,
                "MetricName": statistic.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in statistic.dimensions],
            },
            "Period": statistic.period_seconds,
            "Stat": statistic.statistic,
        },
    }
