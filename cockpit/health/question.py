"""A rule put at one moment: what is the same for every resource, worked out once for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.health.clearance import lowest_limit, slack_seconds
from cockpit.health.window import Window, metric_ids, newest_window
from cockpit.model.rule import Rule, Threshold
from cockpit.model.service import MetricSpec, ServiceSpec
from cockpit.model.verdict import Health


@dataclass(frozen=True, slots=True)
class Question:
    """A rule with its threshold and the window that is judged now."""

    rule: Rule
    threshold: Threshold
    service: ServiceSpec
    metrics: tuple[MetricSpec, ...]
    """What the rule reads; empty for a rule over facts, and where the service does not define all of it."""
    window: Window
    """The newest that is complete for all of them."""
    levels: tuple[tuple[Health, float], ...]
    """The limits that are given, the worst first."""
    lowest: float | None
    """The limit that is breached first."""
    now: float
    pace: float

    def read_seconds_ago(self, end: int) -> float:
        """How long ago a series that ends at `end` was asked for."""
        return self.now - end - max(spec.delay_seconds for spec in self.metrics)

    def slack(self, kind: str) -> float:
        """How far the series of resources of `kind` may lag behind the window before their next read is overdue."""
        cadence = self.service.cadence_of(kind)
        if cadence is None:
            return 0.0
        # What the account can rule out is read seldom on purpose; once it cannot, only a close look will do.
        seconds = cadence.close_seconds if self.rule.cleared_by else cadence.every_seconds
        return slack_seconds(seconds, self.window.period_seconds, self.pace)


def put(rule: Rule, threshold: Threshold, service: ServiceSpec, now: float, *, pace: float = 1.0) -> Question:
    """Put `rule` at `now` (epoch seconds); `pace` is the factor on every cadence."""
    ids = metric_ids(rule)
    metrics = tuple(spec for spec in map(service.metric, ids) if spec is not None)
    metrics = metrics if len(metrics) == len(ids) else ()
    limits = ((Health.CRITICAL, threshold.critical), (Health.WARNING, threshold.warning))
    return Question(
        rule=rule,
        threshold=threshold,
        service=service,
        metrics=metrics,
        window=newest_window(metrics, threshold, now) if metrics else Window(0, 0, 1),
        levels=tuple((health, limit) for health, limit in limits if limit is not None),
        lowest=lowest_limit(threshold, rule.direction),
        now=now,
        pace=pace,
    )
