"""One rule, one resource, one moment → one conclusion."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import replace

from cockpit.health import sentence
from cockpit.health.clearance import clears
from cockpit.health.judgement import Judgement
from cockpit.health.question import Question, put
from cockpit.health.window import UNREADABLE, Points, Window, rule_points
from cockpit.model.finding import Evidence
from cockpit.model.resource import Resource
from cockpit.model.rule import Direction, FactValue, Missing, Ratio, Rule, Threshold
from cockpit.model.series import Coverage, Series
from cockpit.model.service import ServiceSpec
from cockpit.model.verdict import Health


class Decision(enum.Enum):
    """What the points of a window say about one limit."""

    CLEAR = "clear"
    BREACH = "breach"
    UNDECIDED = "undecided"


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
    question = put(rule, threshold, specs, now, pace=pace)
    if (
        clearing is not None
        and applies(question, resource)
        and clears(rule, threshold, clearing, specs, now, pace=pace)
    ):
        return Judgement(Health.OK, sentence.RULED_OUT)
    return answer(question, resource)


def answer(question: Question, resource: Resource) -> Judgement | None:
    """As `judge`, for a question that is put to many resources, and that their account does not clear."""
    if not applies(question, resource):
        return None
    value = question.rule.value
    if isinstance(value, FactValue):
        return _judge_fact(question, value, resource)
    if not question.metrics:
        return Judgement(Health.UNKNOWN, f"no metric is defined for {question.rule.label}")
    return _judge_metric(question, resource)


def applies(question: Question, resource: Resource) -> bool:
    """Whether the rule has anything to say about such a resource."""
    if resource.kind not in question.rule.kinds or question.lowest is None:
        return False
    value = question.rule.value
    whole = value.denominator if isinstance(value, Ratio) else None
    if isinstance(whole, FactValue) and not resource.number(whole.name):
        # Without a whole (a maximum of connections that cannot be told) there is no percentage.
        return False
    # Points of earlier days prove nothing of what has no such metric now: a database that was stopped.
    return all(spec.dimensions(resource) is not None for spec in question.metrics)


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


def _judge_metric(question: Question, resource: Resource) -> Judgement | None:
    rule, newest = question.rule, question.window
    series = [resource.series[spec.id] for spec in question.metrics if spec.id in resource.series]
    if len(series) < len(question.metrics):
        return _cleared_by_fact(question, resource) or Judgement(Health.UNKNOWN, f"{rule.label} not read yet")
    for one in series:
        if one.coverage in UNREADABLE:
            verb = "refused" if one.coverage is Coverage.FORBIDDEN else "failed"
            return Judgement(Health.UNKNOWN, f"CloudWatch {verb} to give {rule.label}")
    end = min([one.end for one in series])
    points = rule_points(rule, resource, question.service, newest)
    if end >= newest.end or _disproved(question, points):
        return _conclude(question, resource, newest, points)
    if newest.end - end > question.slack(resource.kind):
        overdue = Judgement(Health.UNKNOWN, sentence.last_read(rule, question.read_seconds_ago(end)))
        return _cleared_by_fact(question, resource) or overdue
    return _conclude_late(question, resource, newest.ending(end))


def _conclude_late(question: Question, resource: Resource, window: Window) -> Judgement | None:
    """Between two reads: judge the newest window that was read, and say how old it is."""
    points = rule_points(question.rule, resource, question.service, window)
    judged = _conclude(question, resource, window, points)
    one_late = question.window.end - window.end <= window.period_seconds
    if judged is None or judged.health is Health.OK or one_late:
        return judged
    return replace(judged, reason=sentence.read_ago(judged.reason, question.read_seconds_ago(window.end)))


def _disproved(question: Question, points: Points) -> bool:
    limit = question.lowest
    return limit is not None and decide(points, limit, question.rule.direction) is Decision.CLEAR


def _conclude(question: Question, resource: Resource, window: Window, points: Points) -> Judgement | None:
    rule = question.rule
    if rule.missing is Missing.NOT_APPLICABLE and all(point is None or math.isnan(point) for point in points):
        return None
    for health, limit in question.levels:
        decision = decide(points, limit, rule.direction)
        if decision is Decision.CLEAR:
            continue
        evidence = _evidence(rule, points, limit, window.seconds)
        if decision is Decision.BREACH:
            return _breach(question, resource, window, health, evidence)
        return _undecided(question, resource, window, points, evidence)
    evidence = _evidence(rule, points, question.lowest, window.seconds)
    reason = sentence.NO_TRAFFIC if evidence.value is None else sentence.WITHIN_LIMITS
    return Judgement(Health.OK, reason, evidence=evidence)


def _breach(question: Question, resource: Resource, window: Window, health: Health, evidence: Evidence) -> Judgement:
    rule, limit = question.rule, evidence.limit or 0.0
    told = resource.number(rule.since_fact) if rule.since_fact else None
    since, at_least = (told, False) if told is not None else _breaching_since(question, resource, window, limit)
    seconds = window.end - since
    lasting = sentence.lasting(seconds if seconds > window.period_seconds else 0.0, at_least=at_least)
    value = evidence.value if evidence.value is not None else limit
    return Judgement(health, sentence.breach(rule, resource, value, limit, lasting), since, evidence, at_least)


def _breaching_since(question: Question, resource: Resource, window: Window, limit: float) -> tuple[float, bool]:
    """Walk back from the window through breaching points: where it began, and whether it began before what is kept."""
    kept: Sequence[Series] = [resource.series[spec.id] for spec in question.metrics]
    period, since = window.period_seconds, window.start
    periods = (since - max(one.start for one in kept)) // period
    earlier = Window(since - max(0, periods) * period, since, period)
    for point in reversed(rule_points(question.rule, resource, question.service, earlier)):
        if point is None or not question.rule.direction.breaches(point, limit):
            return since, False
        since -= period
    return since, True


def _undecided(question: Question, resource: Resource, window: Window, points: Points, evidence: Evidence) -> Judgement:
    """All that is known breaches, or nothing is known: a fact read now may decide."""
    rule, limit = question.rule, evidence.limit or 0.0
    cleared = _cleared_by_fact(question, resource)
    if cleared is not None:
        return cleared
    if rule.fallback is not None and all(point is None for point in points):
        value = resource.number(rule.fallback.name)
        if value is not None:
            return _without_history(question, value)
    return Judgement(Health.UNKNOWN, sentence.undecided(rule, points, limit, window), evidence=evidence)


def _cleared_by_fact(question: Question, resource: Resource) -> Judgement | None:
    """`OK` if the fallback fact, read now, does not breach: then nothing is sustained until now."""
    rule, limit = question.rule, question.lowest
    value = resource.number(rule.fallback.name) if rule.fallback else None
    if value is None or limit is None or rule.direction.breaches(value, limit):
        return None
    return Judgement(Health.OK, sentence.WITHIN_LIMITS, evidence=_evidence(rule, (value,), limit, 0))


def _without_history(question: Question, value: float) -> Judgement:
    """The fact breaches now, and nothing tells for how long."""
    rule = question.rule
    health, limit = _level(question, value) or (Health.WARNING, value)
    if question.threshold.for_seconds > 0:
        health = Health.WARNING
    return Judgement(health, sentence.no_history(rule, value, limit), evidence=_evidence(rule, (value,), limit, 0))


def _judge_fact(question: Question, fact: FactValue, resource: Resource) -> Judgement | None:
    rule, now = question.rule, question.now
    value = resource.number(fact.name)
    if value is None:
        if rule.missing is Missing.UNKNOWN:
            return Judgement(Health.UNKNOWN, f"{rule.label} could not be read")
        if rule.missing is Missing.NOT_APPLICABLE:
            return None
        value = 0.0
    since = resource.number(rule.since_fact) if rule.since_fact else None
    level = _level(question, value)
    if level is None or (since is not None and now - since < question.threshold.for_seconds):
        return Judgement(Health.OK, sentence.WITHIN_LIMITS, evidence=_evidence(rule, (value,), question.lowest, 0))
    health, limit = level
    lasting = "" if since is None else sentence.lasting(now - since, at_least=False)
    reason = sentence.breach(rule, resource, value, limit, lasting)
    return Judgement(health, reason, since, _evidence(rule, (value,), limit, 0))


def _level(question: Question, value: float) -> tuple[Health, float] | None:
    """The worst level that one value breaches."""
    breaches = question.rule.direction.breaches
    return next(((health, limit) for health, limit in question.levels if breaches(value, limit)), None)


def _evidence(rule: Rule, points: Points, limit: float | None, window_seconds: int) -> Evidence:
    shown = tuple([None if point is None or math.isnan(point) else point for point in points])
    latest = next((point for point in reversed(shown) if point is not None), None)
    return Evidence(latest, limit, rule.unit, rule.direction, window_seconds, shown)
