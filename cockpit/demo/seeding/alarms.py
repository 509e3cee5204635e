"""CloudWatch alarms: only what they watch is stored; their state follows from that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends

from cockpit.demo.emulator.cloudwatch import put_composite
from cockpit.demo.fleet.parts import DAY, Alarm, Composite

_CREATED_AGE = 47 * DAY


def put_alarms(
    account_id: str, region: str, alarms: tuple[Alarm, ...], composites: tuple[Composite, ...], start: float
) -> None:
    """Create the alarms of a region."""
    if not alarms and not composites:
        return
    backend = cloudwatch_backends[account_id][region]
    created = [backend.put_metric_alarm(**_arguments(alarm, account_id, region)) for alarm in alarms]
    created += [put_composite(backend, one.name, one.rule, one.description) for one in composites]
    for alarm in created:
        alarm.configuration_updated_timestamp = datetime.fromtimestamp(start - _CREATED_AGE, UTC)


def _arguments(alarm: Alarm, account_id: str, region: str) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in alarm.dimensions.items()]
    percentile = alarm.statistic.startswith("p")
    plain = {
        "namespace": alarm.namespace,
        "metric_name": alarm.metric,
        "statistic": None if percentile else alarm.statistic,
        "extended_statistic": alarm.statistic if percentile else None,
        "dimensions": dimensions,
        "period": alarm.period_seconds,
    }
    math = dict.fromkeys(plain) | {"dimensions": [], "metric_data_queries": _math(alarm)}
    return {
        "name": alarm.name,
        "description": alarm.description,
        "comparison_operator": alarm.comparison,
        "evaluation_periods": alarm.periods,
        "datapoints_to_alarm": alarm.periods,
        "threshold": alarm.threshold,
        "treat_missing_data": alarm.missing,
        "alarm_actions": [f"arn:aws:sns:{region}:{account_id}:on-call"],
        **(math if alarm.per else plain),
    }


def _math(alarm: Alarm) -> list[MetricDataQuery]:
    dimensions = [Dimension(name, value) for name, value in alarm.dimensions.items()]

    def stat(metric: str) -> MetricStat:
        return MetricStat(Metric(metric, alarm.namespace, dimensions), alarm.period_seconds, alarm.statistic, None)

    return [
        MetricDataQuery("rate", "rate", None, return_data=True, expression="100 * part / whole"),
        MetricDataQuery("part", alarm.metric, None, return_data=False, metric_stat=stat(alarm.metric)),
        MetricDataQuery("whole", alarm.per, None, return_data=False, metric_stat=stat(str(alarm.per))),
    ]
