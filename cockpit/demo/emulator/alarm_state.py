"""What state an alarm is in, worked out from the metrics it watches.

moto keeps whatever SetAlarmState said last. CloudWatch evaluates:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html. A state is found by looking at
every evaluation of the last two hours, so that it is known since when it holds, without anything running in between.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cockpit.demo.emulator.metric_math import evaluate
from cockpit.demo.telemetry.place import Metric, Place
from cockpit.demo.telemetry.query import Ask, Window, points

OK, ALARM, UNSURE = "OK", "ALARM", "INSUFFICIENT_DATA"

_LOOK_BACK = 120
"""Evaluations."""
_LISTED = 3
"""Data points that a reason lists; CloudWatch lists five."""
_SETTLED_SECONDS = {"AWS/RDS": 180, "AWS/CloudFront": 300}
_COMPARISONS = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
_TREATED = {"notBreaching": "NonBreaching", "breaching": "Breaching"}


@dataclass(frozen=True, slots=True)
class State:
    """State of an alarm."""

    value: str
    since: float | None
    """Epoch seconds; None: longer than was looked at."""
    before: str
    """What it was before that; the same where that is not known."""
    reason: str


def state_of(alarm: Any, place: Place, now: float) -> State:
    """The state of a metric alarm (moto's object) at `now`."""
    period, periods = _period(alarm), int(alarm.evaluation_periods)
    settled = _SETTLED_SECONDS.get(_namespace(alarm), 120)
    end = int((now - settled) // period) * period
    start = end - (_LOOK_BACK + periods) * period
    found = _points(alarm, place, Window(start, end, now))
    values = [found.get(second) for second in range(start, end, period)]
    states = [_judged(alarm, values[i : i + periods]) for i in range(1, _LOOK_BACK + 1)]
    at = next((i for i in range(len(states) - 1, 0, -1) if states[i - 1] != states[i]), None)
    if at is None:
        return State(states[-1], None, states[-1], _standing_reason(alarm, states[-1]))
    seen = [(start + i * period, values[i]) for i in range(at + 1, at + 1 + periods)]
    # An evaluation happens when its newest period has come in.
    since = start + (at + 1 + periods) * period + settled
    return State(states[at], since, states[at - 1], _reason(alarm, states[at], seen))


def _judged(alarm: Any, values: Sequence[float | None]) -> str:
    breaches = _COMPARISONS[alarm.comparison_operator][0]
    needed = int(alarm.datapoints_to_alarm or alarm.evaluation_periods)
    missing = alarm.treat_missing_data or "missing"
    present = [value for value in values if value is not None]
    if not present and missing in {"missing", "ignore"}:
        return UNSURE
    count = sum(bool(breaches(value, float(alarm.threshold))) for value in present)
    if missing == "breaching":
        count += len(values) - len(present)
    elif missing in {"missing", "ignore"}:
        # Fewer data points than asked for are judged as if they were all.
        needed = min(needed, len(present))
    return ALARM if count >= needed else OK


def _standing_reason(alarm: Any, value: str) -> str:
    """Why an alarm has been what it is for longer than was looked at."""
    if value == UNSURE:
        return "Unchecked: Initial alarm creation"
    verb = "were" if value == ALARM else "were not"
    words = _COMPARISONS[alarm.comparison_operator][1]
    return f"Threshold Crossed: datapoints {verb} {words} the threshold ({float(alarm.threshold)})."


def _reason(alarm: Any, value: str, seen: Sequence[tuple[int, float | None]]) -> str:
    words = _COMPARISONS[alarm.comparison_operator][1]
    present = [(second, point) for second, point in seen if point is not None]
    if not present:
        treated = _TREATED.get(alarm.treat_missing_data, "Missing")
        return (
            f"Threshold Crossed: no datapoints were received for {len(seen)} periods and {len(seen)} missing "
            f"datapoints were treated as [{treated}]."
        )
    shown = present if value == ALARM else present[-1:]
    verb = "was" if len(shown) == 1 else "were"
    crossed = f"{verb if value == ALARM else f'{verb} not'} {words} the threshold ({float(alarm.threshold)})"
    listed = ", ".join(f"{float(point)} ({_clock(second)})" for second, point in reversed(shown[-_LISTED:]))
    plural = "" if len(shown) == 1 else "s"
    change = "OK -> ALARM" if value == ALARM else "ALARM -> OK"
    many = f"datapoints {crossed}. The most recent datapoints which crossed the threshold: [{listed}]"
    return (
        f"Threshold Crossed: {len(shown)} out of the last {len(seen)} "
        f"{many if len(shown) > _LISTED else f'datapoints [{listed}] {crossed}'} "
        f"(minimum {len(shown)} datapoint{plural} for {change} transition)."
    )


def _clock(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%d/%m/%y %H:%M:%S")


def _points(alarm: Any, place: Place, window: Window) -> Mapping[int, float]:
    if alarm.metric_name:
        metric = _metric(alarm.namespace, alarm.metric_name, alarm.dimensions)
        ask = Ask(metric, alarm.extended_statistic or alarm.statistic, _period(alarm))
        return dict(points(place, ask, window))
    series: dict[str, Mapping[int, float]] = {}
    result: Mapping[int, float] = {}
    for query in alarm.metric_data_queries:
        if query.metric_stat is not None:
            stat = query.metric_stat
            metric = _metric(stat.metric.namespace, stat.metric.metric_name, stat.metric.dimensions)
            series[query.id] = dict(points(place, Ask(metric, stat.stat, int(stat.period)), window))
    for query in alarm.metric_data_queries:
        if query.expression:
            result = evaluate(query.expression, series)
    return result


def _metric(namespace: str, name: str, dimensions: Sequence[Any]) -> Metric:
    return Metric(namespace, name, tuple(sorted((one.name, one.value) for one in dimensions)))


def _namespace(alarm: Any) -> str:
    if alarm.namespace:
        return str(alarm.namespace)
    stats = (query.metric_stat for query in alarm.metric_data_queries if query.metric_stat is not None)
    return next((str(stat.metric.namespace) for stat in stats), "")


def _period(alarm: Any) -> int:
    if alarm.period:
        return int(alarm.period)
    return next((int(query.metric_stat.period) for query in alarm.metric_data_queries if query.metric_stat), 60)
