"""One rule, one resource, one moment → one conclusion."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cockpit.health import sentence
from cockpit.health.clearance import clears, lowest_limit, slack_seconds
from cockpit.health.judgement import Judgement
from cockpit.health.window import UNREADABLE, Points, Window, metric_ids, newest_window, rule_points
from cockpit.model.finding import Evidence
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Metric, Missing, Ratio, Rule, Threshold
from cockpit.model.series import Coverage
from cockpit.model.service import MetricSpec, ServiceSpec
from cockpit.model.verdict import Health


class Decision(enum.Enum):
    """What the points of a window say about one limit."""

    CLEAR = "clear"
    BREACH = "breach"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class _Case:
    """What is judged: a rule over metrics, and the resource in question."""

    rule: Rule
    resource: Resource
    threshold: Threshold
    service: ServiceSpec
    metrics: tuple[MetricSpec, ...]
    now: float
    pace: float

    @property
    def end(self) -> int | None:
        """Where the series that end first ends; None if one was never read."""
        series = self.resource.series
        if any(spec.id not in series for spec in self.metrics):
            return None
        return min(series[spec.id].end for spec in self.metrics)

    def points(self, window: Window) -> Points:
        return rule_points(self.rule, self.resource, self.service, window)

    def read_seconds_ago(self, end: int) -> float:
        """How long ago a series that ends at `end` was asked for."""
        return self.now - end - max(spec.delay_seconds for spec in self.metrics)


def judge(
    rule: Rule,
    resource: Resource,
    threshold: Threshold,
    *,
    specs: ServiceSpec,
    clearing: Resource | None,
    now: float,
    pace: float = 1.0,
) -> Judgement | None:
    """Judge `resource` by `rule` at `now` (epoch seconds); None where the rule does not apply, or is silent.

    Metrics are judged over the newest complete window. Every point must breach; one point that does not proves that
    nothing is sustained, even if others are missing. If no point proves it and some are missing, the answer is
    `UNKNOWN`. Critical is tried before warning. The figure in reason and evidence is the newest of the window.

    The account-wide metric of `clearing` (the slot's resource of kind `account`) may rule a breach out at once. A
    window that was not read (the resource is polled less often) is judged on the newest window that was, while the next
    read is not overdue (`pace` is the factor on every cadence); later it is `UNKNOWN`, with the age of the last read.

    A fact is a single look. Where a window has no point at all, `Rule.fallback` is looked at instead: not breaching is
    `OK`; breaching is only a `WARNING` if the threshold wants it sustained, because a fact now proves no duration.
    """
    if resource.kind not in rule.kinds or (threshold.critical is None and threshold.warning is None):
        return None
    if isinstance(rule.value, FactValue):
        return _judge_fact(rule, rule.value, resource, threshold, now)
    ids = metric_ids(rule)
    metrics = tuple([spec for spec in map(specs.metric, ids) if spec is not None])
    if len(metrics) < len(ids):
        return Judgement(Health.UNKNOWN, f"no metric is defined for {rule.label}")
    if not _exists(rule.value, metrics, resource):
        return None
    if clears(rule, threshold, clearing, specs, now, pace=pace):
        return Judgement(Health.OK, sentence.RULED_OUT)
    return _judge_metric(_Case(rule, resource, threshold, specs, metrics, now, pace))


def _exists(value: Metric | Ratio, metrics: Sequence[MetricSpec], resource: Resource) -> bool:
    """Whether the resource has such a value at all."""
    whole = value.denominator if isinstance(value, Ratio) else None
    if isinstance(whole, FactValue) and not resource.number(whole.name):
        # Without a whole (a maximum of connections that cannot be told) there is no percentage.
        return False
    return all(spec.id in resource.series or spec.dimensions(resource) is not None for spec in metrics)


def decide(points: Points, limit: float, direction: Direction) -> Decision:
    """Whether every point breaches. NaN does not; None leaves it open unless another point disproves it."""
    above = direction is Direction.ABOVE
    unknown = not points
    for point in reversed(points):
        if point is None:
            unknown = True
        elif not (point > limit if above else point < limit):
            return Decision.CLEAR
    return Decision.UNDECIDED if unknown else Decision.BREACH


def _judge_metric(case: _Case) -> Judgement | None:
    rule, newest, end = case.rule, newest_window(case.metrics, case.threshold, case.now), case.end
    if end is None:
        return _cleared_by_fact(case) or Judgement(Health.UNKNOWN, f"{rule.label} not read yet")
    coverages = {case.resource.series[spec.id].coverage for spec in case.metrics}
    if not coverages.isdisjoint(UNREADABLE):
        verb = "refused" if Coverage.FORBIDDEN in coverages else "failed"
        return Judgement(Health.UNKNOWN, f"CloudWatch {verb} to give {rule.label}")
    points = case.points(newest)
    if end >= newest.end or _disproved(points, case.threshold, rule.direction):
        return _conclude(case, newest, points)
    if newest.end - end > _slack(case, newest.period_seconds):
        overdue = Judgement(Health.UNKNOWN, sentence.last_read(rule, case.read_seconds_ago(end)))
        return _cleared_by_fact(case) or overdue
    window = newest.ending(end)
    judged = _conclude(case, window, case.points(window))
    if judged is None or judged.health is Health.OK or newest.end - end <= newest.period_seconds:
        return judged
    return replace(judged, reason=sentence.read_ago(judged.reason, case.read_seconds_ago(end)))


def _slack(case: _Case, period_seconds: int) -> float:
    cadence = case.service.cadence_of(case.resource.kind)
    if cadence is None:
        return 0.0
    # What the account can rule out is read seldom on purpose; once it cannot, only a close look will do.
    seconds = cadence.close_seconds if case.rule.cleared_by else cadence.every_seconds
    return slack_seconds(seconds, period_seconds, case.pace)


def _disproved(points: Points, threshold: Threshold, direction: Direction) -> bool:
    limit = lowest_limit(threshold, direction)
    return limit is not None and decide(points, limit, direction) is Decision.CLEAR


def _conclude(case: _Case, window: Window, points: Points) -> Judgement | None:
    rule, threshold = case.rule, case.threshold
    if rule.missing is Missing.NOT_APPLICABLE and all(point is None or math.isnan(point) for point in points):
        return None
    for health, limit in ((Health.CRITICAL, threshold.critical), (Health.WARNING, threshold.warning)):
        decision = Decision.CLEAR if limit is None else decide(points, limit, rule.direction)
        if limit is None or decision is Decision.CLEAR:
            continue
        evidence = _evidence(rule, points, limit, window.seconds)
        if decision is Decision.BREACH:
            return _breach(case, window, health, evidence, limit)
        return _undecided(case, window, points, evidence, limit)
    evidence = _evidence(rule, points, lowest_limit(threshold, rule.direction), window.seconds)
    return Judgement(
        Health.OK, sentence.NO_TRAFFIC if evidence.value is None else sentence.WITHIN_LIMITS, evidence=evidence
    )


def _breach(case: _Case, window: Window, health: Health, evidence: Evidence, limit: float) -> Judgement:
    rule, resource = case.rule, case.resource
    told = resource.number(rule.since_fact) if rule.since_fact else None
    since, at_least = (told, False) if told is not None else _breaching_since(case, window, limit)
    seconds = window.end - since
    lasting = sentence.lasting(seconds if seconds > window.period_seconds else 0.0, at_least=at_least)
    value = evidence.value if evidence.value is not None else limit
    return Judgement(health, sentence.breach(rule, resource, value, limit, lasting), since, evidence, at_least)


def _breaching_since(case: _Case, window: Window, limit: float) -> tuple[float, bool]:
    """Walk back from the window through breaching points: where it began, and whether it began before what is kept."""
    period = window.period_seconds
    oldest = max(case.resource.series[spec.id].start for spec in case.metrics)
    since = window.start
    if oldest >= since:
        return since, True
    for point in reversed(case.points(Window(since - (since - oldest) // period * period, since, period))):
        if point is None or math.isnan(point) or not case.rule.direction.breaches(point, limit):
            return since, False
        since -= period
    return since, True


def _undecided(case: _Case, window: Window, points: Points, evidence: Evidence, limit: float) -> Judgement:
    """All that is known breaches, or nothing is known: a fact read now may decide."""
    cleared = _cleared_by_fact(case)
    if cleared is not None:
        return cleared
    if case.rule.fallback is not None and all(point is None for point in points):
        value = case.resource.number(case.rule.fallback.name)
        if value is not None:
            return _without_history(case, value)
    return Judgement(Health.UNKNOWN, sentence.undecided(case.rule, points, limit, window), evidence=evidence)


def _cleared_by_fact(case: _Case) -> Judgement | None:
    """`OK` if the fallback fact, read now, does not breach: then nothing is sustained until now."""
    fallback, limit = case.rule.fallback, lowest_limit(case.threshold, case.rule.direction)
    value = case.resource.number(fallback.name) if fallback else None
    if value is None or limit is None or case.rule.direction.breaches(value, limit):
        return None
    return Judgement(Health.OK, sentence.WITHIN_LIMITS, evidence=_evidence(case.rule, (value,), limit, 0))


def _without_history(case: _Case, value: float) -> Judgement:
    """The fact breaches now, and nothing tells for how long."""
    rule, threshold = case.rule, case.threshold
    health, limit = _level(value, threshold, rule.direction) or (Health.WARNING, value)
    if threshold.for_seconds > 0:
        health = Health.WARNING
    return Judgement(health, sentence.no_history(rule, value, limit), evidence=_evidence(rule, (value,), limit, 0))


def _judge_fact(rule: Rule, fact: FactValue, resource: Resource, threshold: Threshold, now: float) -> Judgement | None:
    value = resource.number(fact.name)
    if value is None:
        if rule.missing is Missing.UNKNOWN:
            return Judgement(Health.UNKNOWN, f"{rule.label} could not be read")
        if rule.missing is Missing.NOT_APPLICABLE:
            return None
        value = 0.0
    since = resource.number(rule.since_fact) if rule.since_fact else None
    level = _level(value, threshold, rule.direction)
    if level is None or (since is not None and now - since < threshold.for_seconds):
        limit = lowest_limit(threshold, rule.direction)
        return Judgement(Health.OK, sentence.WITHIN_LIMITS, evidence=_evidence(rule, (value,), limit, 0))
    health, limit = level
    lasting = "" if since is None else sentence.lasting(now - since, at_least=False)
    reason = sentence.breach(rule, resource, value, limit, lasting)
    return Judgement(health, reason, since, _evidence(rule, (value,), limit, 0))


def _level(value: float, threshold: Threshold, direction: Direction) -> tuple[Health, float] | None:
    for health, limit in ((Health.CRITICAL, threshold.critical), (Health.WARNING, threshold.warning)):
        if limit is not None and direction.breaches(value, limit):
            return health, limit
    return None


def _evidence(rule: Rule, points: Points, limit: float | None, window_seconds: int) -> Evidence:
    shown = tuple([None if point is None or math.isnan(point) else point for point in points])
    latest = next((point for point in reversed(shown) if point is not None), None)
    return Evidence(latest, limit, rule.unit, rule.direction, window_seconds, shown)
