"""Which points of which metrics are asked for: the whole gap since the last read, in one request. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from cockpit.aws.metrics import MetricQuery
from cockpit.config.settings import Settings
from cockpit.health.window import metric_ids
from cockpit.model.resource import Resource
from cockpit.model.rule import Rule
from cockpit.model.series import Coverage, Series, aligned_window
from cockpit.model.service import Catalogue, MetricSpec, ServiceSpec

KEEP_POINTS = 180
"""Points that are kept of each series: three hours of minutes."""

OVERLAP_PERIODS = 3
"""Periods that are asked for again: CloudWatch completes them late, as Lambda stamps the start of an invocation."""

FIRST_READ_SECONDS = 3600
FIRST_READ_PERIODS = 30
"""A first read fills a chart: an hour, or this many points where they are further apart."""

Reach = Mapping[str, int]
"""Metric id → length of the longest window that any rule judges it over, seconds."""


def reach_of(spec: ServiceSpec, settings: Settings) -> Reach:
    """How far back the metrics of a service must go for every configured threshold to be judged."""
    reach: dict[str, int] = {}
    for rule in spec.rules:
        seconds = max(_windows(rule, settings))
        cleared_by = (rule.cleared_by.metric,) if rule.cleared_by else ()
        for metric in (*metric_ids(rule), *cleared_by):
            reach[metric] = max(seconds, reach.get(metric, 0))
    return reach


def reach_of_all(catalogue: Catalogue, settings: Settings) -> dict[str, Reach]:
    """Service key → reach of its metrics."""
    return {spec.key: reach_of(spec, settings) for spec in catalogue.services}


def _windows(rule: Rule, settings: Settings) -> Iterator[int]:
    yield rule.threshold.for_seconds
    for environment in (*settings.environments, *settings.templates):
        for thresholds in (environment.thresholds, *(override.thresholds for override in environment.overrides)):
            if rule.key in thresholds:
                yield thresholds[rule.key].for_seconds


def keep_points(metric: MetricSpec, reach: Reach) -> int:
    """How many points of a metric are kept."""
    return max(KEEP_POINTS, reach.get(metric.id, 0) // metric.period_seconds + OVERLAP_PERIODS)


def query_window(metric: MetricSpec, series: Series | None, now: float, reach: Reach) -> tuple[int, int] | None:
    """`[start, end)` to ask for, epoch seconds; None where nothing new can be there yet."""
    period = metric.period_seconds
    wanted = max(FIRST_READ_SECONDS, FIRST_READ_PERIODS * period, reach.get(metric.id, 0) + OVERLAP_PERIODS * period)
    kept = keep_points(metric, reach) * period
    start, end = aligned_window(
        now, length_seconds=min(wanted, kept), period_seconds=period, delay_seconds=metric.delay_seconds
    )
    if series is None or series.period_seconds != period or not series.values or series.end % period:
        return start, end
    if series.end > end:
        # The clock was set back: holes of minutes that are yet to come look like minutes without events.
        return start, end
    if series.end >= end and series.coverage is Coverage.COMPLETE:
        return None
    return max(min(series.end, end) - OVERLAP_PERIODS * period, end - kept), end


def metric_queries(
    spec: ServiceSpec,
    resources: Iterable[Resource],
    *,
    kinds: Collection[str],
    new: Collection[str],
    now: float,
    reach: Reach,
) -> list[MetricQuery]:
    """The queries that bring the metrics of some resources up to date.

    Args:
        spec: The service.
        resources: All resources of the slot, with the series that are known.
        kinds: Resource kinds that are due.
        new: Keys of resources that were never read; they are due whatever their kind.
        now: Epoch seconds.
        reach: From `reach_of`.
    """
    queries: list[MetricQuery] = []
    for resource in resources:
        if resource.kind not in kinds and resource.key not in new:
            continue
        for metric in spec.metrics:
            if resource.kind not in metric.kinds:
                continue
            window = query_window(metric, resource.series.get(metric.id), now, reach)
            dimensions = metric.dimensions(resource) if window else None
            if window and dimensions is not None:
                queries.append(_query(resource, metric, dimensions, window))
    return queries


def _query(
    resource: Resource, metric: MetricSpec, dimensions: Mapping[str, str], window: tuple[int, int]
) -> MetricQuery:
    return MetricQuery(
        resource=resource.key,
        metric=metric.id,
        namespace=metric.namespace,
        name=metric.name,
        statistic=metric.statistic,
        dimensions=tuple(dimensions.items()),
        period_seconds=metric.period_seconds,
        start=window[0],
        end=window[1],
        scale=metric.scale,
    )
