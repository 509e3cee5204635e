"""Proof, from one account-wide metric, that no resource of the account breaches a rule.

Thousands of resource-level metrics need not be bought while one cheap figure rules all of them out.
"""

from __future__ import annotations

from cockpit.health.window import UNREADABLE, Window, metric_points, newest_window
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, Rule, Threshold
from cockpit.model.service import Cadence, ServiceSpec

LATENESS = 1.5
"""A read may come this much later than its cadence says: jitter, a queue of calls, a slow answer."""


def lowest_limit(threshold: Threshold, direction: Direction) -> float | None:
    """The limit that is breached first, or None if the threshold has none."""
    limits = [limit for limit in (threshold.warning, threshold.critical) if limit is not None]
    return (min if direction is Direction.ABOVE else max)(limits, default=None)


def slack_seconds(seconds: float, period_seconds: int, pace: float) -> float:
    """How far the end of a series may lag behind the newest window when it is read every `seconds`."""
    return seconds * LATENESS * max(pace, 1.0) + period_seconds


def clears(
    rule: Rule,
    threshold: Threshold,
    account_resource: Resource | None,
    specs: ServiceSpec,
    now: float,
    *,
    pace: float = 1.0,
) -> bool:
    """Whether the account's own resource proves that no resource of its slot breaches `rule` now.

    A sustained breach needs every point of the window to be bad; one point of the account-wide metric that does
    not pass the floor disproves it. A hole counts as the metric's own `MetricSpec.missing` says. Where nothing of the
    present window has been read yet (a window of one point, between two reads of the account), the newest that was
    read stands for it, as long as the next read is not overdue.
    """
    clearance = rule.cleared_by
    if clearance is None or account_resource is None:
        return False
    spec = specs.metric(clearance.metric)
    series = account_resource.series.get(clearance.metric)
    floor = clearance.floor if clearance.floor is not None else lowest_limit(threshold, rule.direction)
    if spec is None or series is None or series.coverage in UNREADABLE or floor is None:
        return False
    window = newest_window((spec,), threshold, now)
    lag = window.end - series.end
    if series.end <= window.start and lag <= _slack(specs.cadence_of(account_resource.kind), window, pace):
        window = window.ending(series.end)
    # NaN (a hole that means nothing) proves nothing here: unlike a single resource's, the account's metric must speak.
    return any(
        point is not None and point == point and not rule.direction.breaches(point, floor)  # noqa: PLR0124 - NaN
        for point in metric_points(series, window, spec.missing)
    )


def _slack(cadence: Cadence | None, window: Window, pace: float) -> float:
    return slack_seconds(cadence.every_seconds, window.period_seconds, pace) if cadence else 0.0
