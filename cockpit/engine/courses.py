"""The course of a resource's metrics over a longer time: which points, of which period, and which are known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cockpit.aws.meter import USD_PER_METRIC
from cockpit.aws.metrics import MetricQuery, pack
from cockpit.model.resource import Resource
from cockpit.model.series import Coverage, Series, aligned_window
from cockpit.model.service import MetricSpec, ServiceSpec

MOST_POINTS = 200
"""Points of one course: more than a terminal is wide, and few enough to be read at a glance."""
_PERIODS = (60, 300, 900, 3600, 6 * 3600, 86_400)
"""CloudWatch keeps minutes for 15 days, 5 minutes for 63, hours for 455; the spans stay well within these."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One metric over one window."""

    metric: MetricSpec
    dimensions: Mapping[str, str]
    period_seconds: int
    start: int
    """Epoch seconds."""
    end: int
    """Exclusive."""

    def query(self, resource: Resource) -> MetricQuery:
        """What is asked of CloudWatch."""
        return MetricQuery(
            resource=resource.key,
            metric=self.metric.id,
            namespace=self.metric.namespace,
            name=self.metric.name,
            statistic=self.metric.statistic,
            dimensions=tuple(self.dimensions.items()),
            period_seconds=self.period_seconds,
            start=self.start,
            end=self.end,
            scale=self.metric.scale,
        )


def period_of(span_seconds: int, metric: MetricSpec) -> int:
    """The period for a span: a minute for an hour, 5 for six, 15 for a day, an hour for a week.

    Never finer than the metric is published, and a multiple of that.
    """
    fitting = next((period for period in _PERIODS if span_seconds <= period * MOST_POINTS), _PERIODS[-1])
    own = metric.period_seconds
    return -(-fitting // own) * own


def wanted_of(spec: ServiceSpec, resource: Resource, span_seconds: int, now: float) -> Iterator[Wanted]:
    """Every metric that the resource has, over its newest complete points."""
    for metric in spec.metrics:
        dimensions = metric.dimensions(resource) if resource.kind in metric.kinds else None
        if dimensions is None:
            continue
        period = period_of(span_seconds, metric)
        start, end = aligned_window(
            now, length_seconds=span_seconds, period_seconds=period, delay_seconds=metric.delay_seconds
        )
        yield Wanted(metric, dimensions, period, start, end)


def polled(spec: ServiceSpec, resource: Resource, wanted: Wanted) -> Series | None:
    """What polling has brought of it, if that is the whole window and as new as a close look keeps it."""
    series = resource.series.get(wanted.metric.id)
    if series is None or series.period_seconds != wanted.period_seconds or series.coverage is not Coverage.COMPLETE:
        return None
    cadence = spec.cadence_of(resource.kind)
    behind = (cadence.close_seconds if cadence else 0.0) + wanted.period_seconds
    length = wanted.end - wanted.start
    if (
        series.end > wanted.end
        or series.end < wanted.end - behind
        or not series.covers(series.end - length, series.end)
    ):
        return None
    return series.tail(length // wanted.period_seconds)


def known(series: Series | None, wanted: Wanted) -> Series | None:
    """An earlier answer, if it still is the newest there can be."""
    if series is None or series.period_seconds != wanted.period_seconds or not series.covers(wanted.start, wanted.end):
        return None
    return replace(series, start=wanted.start, values=series.between(wanted.start, wanted.end))


def price_of(queries: Sequence[MetricQuery]) -> float:
    """Dollars for asking these together: CloudWatch bills metrics, however many points they bring."""
    return sum(batch.billed_metrics for batch in pack(queries)) * USD_PER_METRIC
