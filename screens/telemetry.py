"""From rules and resources to plots: how a rule's value went, and how near it is to its limit. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from cockpit.health.window import Window, metric_ids, rule_points
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Metric, Rule, Threshold
from cockpit.model.series import Series
from cockpit.model.service import MetricSpec, ServiceSpec
from cockpit.model.units import format_age
from widgets.facts import fact_label, unit_of
from widgets.plot import Limit, Plot, plot_of

HOUR = 3600


def limits_of(threshold: Threshold) -> tuple[Limit, ...]:
    """The limits as a chart draws them."""
    limits = []
    if threshold.warning is not None:
        limits.append(Limit(threshold.warning, "warning"))
    if threshold.critical is not None:
        limits.append(Limit(threshold.critical, "critical"))
    return tuple(limits)


def rule_series(rule: Rule, resource: Resource, spec: ServiceSpec, *, last: int | None = None) -> Series | None:
    """How the value of a rule went, or None where it has no course (a fact) or was never read.

    A ratio is formed point by point, for the `last` points only if told so; where there was nothing to judge there is
    no point.
    """
    value = rule.value
    if isinstance(value, FactValue):
        return None
    if isinstance(value, Metric):
        return resource.series.get(value.id)
    plain = replace(rule, samples=None)
    wanted = metric_ids(plain)
    known = [resource.series[metric] for metric in wanted if metric in resource.series]
    if len(known) < len(wanted):
        return None
    period = known[0].period_seconds
    start, end = max(one.start for one in known), min(one.end for one in known)
    if last is not None:
        start = max(start, end - last * period)
    if end <= start:
        return None
    points = rule_points(plain, resource, spec, Window(start, end, period))
    return Series(start, period, tuple(None if p is None or math.isnan(p) else p for p in points))


def rule_plot(
    rule: Rule, resource: Resource, spec: ServiceSpec, threshold: Threshold, now: float, *, length: int | None = None
) -> Plot | None:
    """A chart of a rule's value with its limits."""
    series = rule_series(rule, resource, spec)
    if series is None or not series.values:
        return None
    metric = spec.metric(rule.value.id) if isinstance(rule.value, Metric) else None
    limits = limits_of(threshold)
    if _is_summed_otherwise(metric, series):
        # A limit on a sum of a minute says nothing about sums of five, unless it is zero.
        limits = tuple(limit for limit in limits if limit.value == 0)
    return plot_of(
        series,
        title=_titled(rule.label, metric, series),
        unit=rule.unit,
        limits=limits,
        direction=rule.direction,
        now=now,
        length_seconds=length,
    )


def _is_summed_otherwise(metric: MetricSpec | None, series: Series) -> bool:
    """Whether the points are sums over another time than the metric is polled with."""
    return metric is not None and metric.statistic == "Sum" and series.period_seconds != metric.period_seconds


def _titled(label: str, metric: MetricSpec | None, series: Series) -> str:
    """The label; with the time over which a point is summed up where that is not the usual one."""
    if not _is_summed_otherwise(metric, series):
        return label
    period = series.period_seconds
    return f"{label} per {'hour' if period == HOUR else format_age(period)}"


def resource_plots(
    resource: Resource,
    spec: ServiceSpec,
    threshold: Callable[[Rule, Resource], Threshold],
    now: float,
    *,
    length: int | None = None,
) -> list[Plot]:
    """Every chart of a resource: its rules first, then the metrics that no rule shows as they are.

    `length` is how many of the newest seconds are shown; series of days are shown as they are kept.
    """
    plots: list[Plot] = []
    drawn: set[str] = set()
    for rule in spec.rules:
        if resource.kind not in rule.kinds:
            continue
        plot = rule_plot(rule, resource, spec, threshold(rule, resource), now, length=length)
        if plot is not None:
            plots.append(plot)
            if isinstance(rule.value, Metric):
                drawn.add(rule.value.id)
    for name in resource.series:
        kept = None if resource.series[name].period_seconds >= HOUR * 24 else length
        plot = metric_plot(name, resource, spec, now, length=kept) if name not in drawn else None
        if plot is not None:
            plots.append(plot)
    # What never moved from zero comes last: it is there, and says nothing.
    return sorted(plots, key=lambda plot: not any(plot.present))


def metric_plot(
    name: str, resource: Resource, spec: ServiceSpec, now: float, *, length: int | None = None
) -> Plot | None:
    """A chart of a series as it is; what no metric of the service describes is described by its name."""
    series = resource.series[name]
    if not series.values:
        return None
    metric = spec.metric(name)
    title = metric.label if metric and metric.label else fact_label(name)
    unit = metric.unit if metric else unit_of(name)
    return plot_of(series, title=_titled(title, metric, series), unit=unit, now=now, length_seconds=length)


def newest_value(rule: Rule, resource: Resource, spec: ServiceSpec) -> float | None:
    """The newest value of a rule, or None."""
    if isinstance(rule.value, FactValue):
        return resource.number(rule.value.name)
    series = rule_series(rule, resource, spec, last=5)
    return series.latest if series else None


def closeness(rule: Rule, resource: Resource, spec: ServiceSpec, threshold: Threshold) -> float:
    """How near a resource is to a limit: 1 is at it, 0 is nothing to speak of. For ordering only."""
    limits = [limit.value for limit in limits_of(threshold)]
    value = newest_value(rule, resource, spec) if limits and resource.kind in rule.kinds else None
    if value is None:
        return 0.0
    if rule.direction is Direction.ABOVE:
        limit = min(limits)
        return value / limit if limit > 0 else value
    return max(limits) / value if value > 0 else math.inf
