"""The points that a rule looks at: aligned to the period, complete, and honest about what is not there.

A point is one of three things: a number, which is judged; NaN, where nothing happened that could be judged (no
traffic, too few samples), which never breaches; None, where it is not known what happened. NaN compares false with
everything, so it needs no case of its own where points are compared with a limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.model.resource import Resource
from cockpit.model.rule import FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.series import Coverage, Series, aligned_window
from cockpit.model.service import MetricSpec, ServiceSpec

Points = tuple[float | None, ...]

NOTHING_TO_JUDGE = math.nan
UNREADABLE = (Coverage.FORBIDDEN, Coverage.ERROR)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of whole periods, `[start, end)` in epoch seconds."""

    start: int
    end: int
    period_seconds: int

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start

    def ending(self, end: int) -> Window:
        """The window of the same length that ends at `end`."""
        return Window(end - self.seconds, end, self.period_seconds)


def metric_ids(rule: Rule) -> tuple[str, ...]:
    """The metrics that a rule reads; empty for a rule over facts. The first gives the period of its window."""
    value = rule.value
    ids: tuple[str, ...]
    if isinstance(value, Metric):
        ids = (value.id,)
    elif isinstance(value, Ratio):
        divided_by = (value.denominator.id,) if isinstance(value.denominator, Metric) else ()
        ids = (value.numerator.id, *divided_by)
    else:
        return ()
    return (*ids, rule.samples) if rule.samples and rule.samples not in ids else ids


def newest_window(specs: Iterable[MetricSpec], threshold: Threshold, now: float) -> Window:
    """The newest window that is complete for all of `specs` (at least one): the longest delay counts.

    A threshold for 0 seconds looks at one point.
    """
    known = tuple(specs)
    period = known[0].period_seconds
    start, end = aligned_window(
        now,
        length_seconds=max(threshold.for_seconds, period),
        period_seconds=period,
        delay_seconds=max(spec.delay_seconds for spec in known),
    )
    return Window(start, end, period)


def metric_points(series: Series, window: Window, missing: Missing) -> Points:
    """The points of one metric. Holes mean what `missing` says, but only where the series was asked for.

    A partial answer may lack any point, so its holes are unknown whatever a hole of this metric means.
    """
    first = (window.start - series.start) // series.period_seconds
    count = (window.end - window.start) // series.period_seconds
    read = series.values[max(first, 0) : max(first + count, 0)]
    if None in read and missing is not Missing.UNKNOWN and series.coverage is Coverage.COMPLETE:
        hole = 0.0 if missing is Missing.ZERO else NOTHING_TO_JUDGE
        read = tuple([hole if value is None else value for value in read])
    if len(read) == count:
        return read
    before = min(max(-first, 0), count)
    return (None,) * before + read + (None,) * (count - before - len(read))


def rule_points(rule: Rule, resource: Resource, specs: ServiceSpec, window: Window) -> Points:
    """The points of a rule's value; all of its series must be present in the resource."""
    value = rule.value
    if isinstance(value, Ratio):
        points = _ratio_points(rule, value, resource, window)
    elif isinstance(value, Metric):
        points = metric_points(resource.series[value.id], window, rule.missing)
    else:
        return (resource.number(value.name),)
    if not rule.samples or rule.minimum_samples <= 0:
        return points
    spec = specs.metric(rule.samples)
    counts = metric_points(resource.series[rule.samples], window, spec.missing if spec else Missing.UNKNOWN)
    return tuple(map(_enough, points, counts, [rule.minimum_samples] * len(points)))


def _ratio_points(rule: Rule, value: Ratio, resource: Resource, window: Window) -> Points:
    above = metric_points(resource.series[value.numerator.id], window, rule.missing)
    if isinstance(value.denominator, FactValue):
        whole = resource.number(value.denominator.name)
        return tuple(_percent(part, whole) for part in above)
    below = metric_points(resource.series[value.denominator.id], window, rule.missing)
    return tuple(map(_percent, above, below))


def _percent(part: float | None, whole: float | None) -> float | None:
    if part is None or whole is None:
        return None
    if whole == 0:
        # 0/0 is no traffic. Something over nothing is a point whose other half has not arrived yet.
        return NOTHING_TO_JUDGE if part == 0 else None
    return 100.0 * part / whole


def _enough(point: float | None, count: float | None, minimum: int) -> float | None:
    if count is None:
        return None
    # A percentile of a handful of samples is their maximum: it is not judged.
    return NOTHING_TO_JUDGE if count < minimum else point
