"""The course of one resource over different spans: what is known of it, what is being asked, what to draw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cockpit.model.inquiry import Course
from cockpit.model.resource import Resource
from cockpit.model.rule import FactValue, Metric, Rule, Threshold
from cockpit.model.series import Coverage, Series
from cockpit.model.service import MetricSpec, ServiceSpec
from cockpit.model.units import format_age
from screens.telemetry import HOUR, resource_plots
from screens.up_to_now import ends_in_part, up_to_now
from widgets.attention_items import failure_words
from widgets.facts import fact_label
from widgets.plot import Plot
from widgets.span_bar import span_text

SPANS = (HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR)
"""What can be chosen, shortest first."""
_POINTS_PER_REFRESH = 120
"""A span is asked for again when it has moved on by one part in so many: by about a point."""
_COVERED_SECONDS = 50 * 60
"""Polled series that reach so far back show the newest hour for nothing."""

Limits = Callable[[Rule, Resource], Threshold]


def metrics_of(resource: Resource, spec: ServiceSpec) -> tuple[MetricSpec, ...]:
    """The metrics that a resource has."""
    return tuple(one for one in spec.metrics if resource.kind in one.kinds and one.dimensions(resource) is not None)


def has_spans(resource: Resource, spec: ServiceSpec) -> bool:
    """Whether different spans can be shown: not of what is known day by day."""
    return any(one.namespace and one.period_seconds < HOUR for one in metrics_of(resource, spec))


@dataclass
class _Known:
    course: Course | None = None
    asking: bool = False
    asked_at: float = float("-inf")


class Courses:
    """What was asked about one resource, by span."""

    def __init__(self) -> None:
        self._by_span: dict[int, _Known] = {}

    def course(self, span: int) -> Course | None:
        """The newest answer."""
        known = self._by_span.get(span)
        return known.course if known else None

    def is_asking(self, span: int) -> bool:
        """Whether an answer is on its way."""
        known = self._by_span.get(span)
        return known is not None and known.asking

    def is_due(self, span: int, resource: Resource, spec: ServiceSpec, now: float) -> bool:
        """Whether to ask, now: never twice at once, and for the newest hour only where polling does not tell it."""
        known = self._by_span.get(span, _Known())
        if known.asking or (span == HOUR and _is_covered(resource, spec, now)):
            return False
        return now - known.asked_at >= max(60.0, span / _POINTS_PER_REFRESH)

    def asked(self, span: int, now: float) -> None:
        """It has been asked."""
        known = self._by_span.setdefault(span, _Known())
        known.asking, known.asked_at = True, now

    def came(self, course: Course) -> None:
        """An answer. One that brings nothing but failures does not wipe out what was known before."""
        known = self._by_span.setdefault(course.span_seconds, _Known())
        known.asking = False
        if course.failures and not course.series and known.course is not None:
            course = replace(known.course, failures=course.failures)
        known.course = course

    def plots(
        self,
        resource: Resource,
        spec: ServiceSpec,
        limits: Limits,
        now: float,
        *,
        span: int,
        before: Sequence[Plot] = (),
    ) -> list[Plot]:
        """The charts of a span. `before` are those shown last: they keep their places while the next are loading."""
        shown = resource
        course = self.course(span)
        if span != HOUR or (course is not None and not _is_covered(resource, spec, now)):
            shown = replace(resource, series=_up_to_now(course, resource, spec) if course else {})
        plots = resource_plots(shown, spec, limits, now, length=span)
        failed = failure_words(course.failures[0]) if course and course.failures else ""
        if course is None and self.is_asking(span):
            note = f"loading {span_text(span)} …"
            return [
                replace(plot, title=_plain(plot), values=(), note=note) for plot in before or _expected(resource, spec)
            ]
        if failed or not plots:
            there = {_plain(plot) for plot in plots}
            plots += [replace(plot, note=failed) for plot in _expected(resource, spec) if plot.title not in there]
        so_far = _so_far(shown, resource) if shown is not resource else ""
        return [_noted(plot, shown, so_far) for plot in plots]


def _up_to_now(course: Course, resource: Resource, spec: ServiceSpec) -> dict[str, Series]:
    """What was asked for, continued by what polling has brought since."""
    polled = resource.series
    return {name: up_to_now(one, polled.get(name), spec.metric(name)) for name, one in course.series.items()}


def _so_far(shown: Resource, resource: Resource) -> str:
    """`newest hour so far`, where the newest points stand for a part of their time."""
    for name, series in shown.series.items():
        if ends_in_part(series, resource.series.get(name)):
            period = series.period_seconds
            return f"newest {'hour' if period == HOUR else format_age(period)} so far"
    return ""


def _is_covered(resource: Resource, spec: ServiceSpec, now: float) -> bool:
    """Whether the polled series tell the newest hour."""
    wanted = metrics_of(resource, spec)
    found = [resource.series[one.id] for one in wanted if one.id in resource.series]
    reach = now - _COVERED_SECONDS
    return bool(found) and all(series.start <= reach and series.end >= now - HOUR // 2 for series in found)


def _expected(resource: Resource, spec: ServiceSpec) -> list[Plot]:
    """Empty charts of everything that a resource has, in the order in which they are drawn."""
    rules = [rule for rule in spec.rules if resource.kind in rule.kinds and not isinstance(rule.value, FactValue)]
    drawn = {rule.value.id for rule in rules if isinstance(rule.value, Metric)}
    labelled = [(rule.label, rule.unit) for rule in rules]
    labelled += [
        (metric.label or fact_label(metric.id), metric.unit)
        for metric in metrics_of(resource, spec)
        if metric.id not in drawn
    ]
    return [Plot(label, unit, 0, 1, ()) for label, unit in labelled]


def _plain(plot: Plot) -> str:
    """The title without the time over which points are summed up."""
    return plot.title.partition(" per ")[0]


def _noted(plot: Plot, resource: Resource, so_far: str) -> Plot:
    """A chart that says if CloudWatch has not told all of it, or its newest point is not whole yet."""
    partial = any(series.coverage is not Coverage.COMPLETE for series in resource.series.values())
    note = "not complete" if partial else so_far
    return replace(plot, note=note) if note and not plot.note else plot
