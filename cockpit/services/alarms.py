"""CloudWatch alarms: what the account's owners thought worth an alarm, and whether it rings.

The cheapest tier there is: one call names every alarm with its state, and no metric is bought. Alarms take their
environment from the thing that they watch. Alarm tags cost a call for each alarm and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.model.observation import Observation
from cockpit.model.resource import Fact, Resource
from cockpit.model.rule import FactValue, Missing, Rule, Threshold
from cockpit.model.service import Call, Column, Dated, Discovery, Headline, Reach, Reader, ServiceSpec, Settled, Watched
from cockpit.model.units import Unit
from cockpit.services._console import alarm_page
from cockpit.services._reading import epoch, joined, partition

_KINDS = ("metric_alarm", "composite_alarm", "log_alarm")

WATCHED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "AWS/Lambda": ("lambda", ("FunctionName",)),
    "AWS/RDS": ("rds", ("DBInstanceIdentifier", "DBClusterIdentifier")),
    "AWS/SQS": ("sqs", ("QueueName",)),
    "AWS/CloudFront": ("cloudfront", ("DistributionId",)),
    "AWS/ApiGateway": ("apigateway", ("ApiName", "ApiId")),
    "AWS/DynamoDB": ("dynamodb", ("TableName",)),
    "AWS/AppSync": ("appsync", ("GraphQLAPIId",)),
    "AWS/Cognito": ("cognito", ("UserPool",)),
    "AWS/Events": ("events", ("RuleName",)),
    "AWS/Scheduler": ("scheduler", ("ScheduleGroup",)),
    "AWS/States": ("states", ("StateMachineArn",)),
    "AWS/S3": ("s3", ("BucketName",)),
    "AWS/Route53": ("route53", ("HealthCheckId",)),
    "AWS/CertificateManager": ("acm", ("CertificateArn",)),
    "AWS/ECS": ("ecs", ("ServiceName", "ClusterName")),
    "AWS/ApplicationELB": ("elb", ("LoadBalancer",)),
}
"""Namespace → service key, and the dimensions that name the watched thing, the closest first."""


async def discover(reader: Reader, _previous: Observation | None, _settled: Settled) -> Discovery:
    """Every alarm. Composite and log alarms come only when AlarmTypes asks, and need permission on all alarms."""
    alarms = await reader.pages(
        "DescribeAlarms",
        "[MetricAlarms, CompositeAlarms, LogAlarms][]",
        AlarmTypes=["MetricAlarm", "CompositeAlarm", "LogAlarm"],
    )
    # An endpoint that ignores AlarmTypes may name an alarm in more than one list.
    found = {alarm["AlarmArn"]: _alarm(reader, alarm) for alarm in alarms}
    return Discovery(tuple(found.values()))


def _alarm(reader: Reader, alarm: Mapping[str, Any]) -> Resource:
    state = alarm.get("StateValue")
    scaling = _is_scaling_signal(alarm)
    facts: dict[str, Fact] = {
        "state": state,
        "state_reason": alarm.get("StateReason") or None,
        # StateUpdatedTimestamp also moves when only the reason changes.
        "state_since": epoch(alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")),
        "in_alarm": state == "ALARM" and not scaling,
        "scaling": scaling,
        "actions_enabled": alarm.get("ActionsEnabled"),
        "actions": joined(alarm.get("AlarmActions")),
        "description": alarm.get("AlarmDescription") or None,
        "modified_at": epoch(alarm.get("AlarmConfigurationUpdatedTimestamp")),
    }
    if "AlarmRule" in alarm:
        children = _children(alarm["AlarmRule"])
        facts |= {"rule": alarm["AlarmRule"], "suppressed_by": alarm.get("ActionsSuppressedBy")}
        related = {"children": ",".join(children)} if children else {}
        return Resource(alarm["AlarmArn"], reader.slot, "composite_alarm", alarm["AlarmName"], facts, related=related)
    if "ScheduledQueryConfiguration" in alarm:
        facts |= {"threshold": alarm.get("Threshold"), "comparison": alarm.get("ComparisonOperator")}
        return Resource(alarm["AlarmArn"], reader.slot, "log_alarm", alarm["AlarmName"], facts)
    metric = _metric_of(alarm)
    service, name = _watched(metric)
    facts |= _metric_facts(alarm, metric) | {"watched_service": service, "watched": name}
    related = {"watches": name} if name else {}
    if name and service == "cloudfront":
        # People call a distribution by its domain; only its ARN holds the id that the metric names.
        arn_start = f"arn:{partition(reader.slot.region)}:cloudfront::{reader.account_id}"
        related = {"watches": f"{arn_start}:distribution/{name}"}
    return Resource(alarm["AlarmArn"], reader.slot, "metric_alarm", alarm["AlarmName"], facts, related=related)


def _is_scaling_signal(alarm: Mapping[str, Any]) -> bool:
    """Whether the alarm only steers automatic scaling.

    Target tracking keeps its lower alarm in ALARM whenever there is nothing more to scale in; that is no trouble.
    """
    actions = alarm.get("AlarmActions") or []
    only_scaling = bool(actions) and all(
        ":autoscaling:" in action and ":scalingPolicy:" in action for action in actions
    )
    return only_scaling and str(alarm.get("AlarmName", "")).startswith("TargetTracking-")


def _metric_of(alarm: Mapping[str, Any]) -> Mapping[str, Any]:
    """The metric that is watched; of metric math the first that is read."""
    if alarm.get("MetricName"):
        return alarm
    stats = [query["MetricStat"] for query in alarm.get("Metrics") or () if "MetricStat" in query]
    if not stats:
        return {}
    return {**stats[0]["Metric"], "Statistic": stats[0].get("Stat"), "Period": stats[0].get("Period")}


def _watched(metric: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Service key and name of the watched thing, where its namespace tells."""
    service, dimensions = WATCHED.get(str(metric.get("Namespace")), (None, ()))
    values = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions") or ()}
    return service, next((values[dimension] for dimension in dimensions if values.get(dimension)), None)


def _metric_facts(alarm: Mapping[str, Any], metric: Mapping[str, Any]) -> dict[str, Fact]:
    return {
        "namespace": metric.get("Namespace"),
        "metric": metric.get("MetricName"),
        "statistic": metric.get("ExtendedStatistic") or metric.get("Statistic"),
        "period_seconds": metric.get("Period"),
        "threshold": alarm.get("Threshold"),
        "comparison": alarm.get("ComparisonOperator"),
        "evaluation_periods": alarm.get("EvaluationPeriods"),
        "datapoints_to_alarm": alarm.get("DatapointsToAlarm"),
        "missing_data": alarm.get("TreatMissingData"),
    }


_CHILD = re.compile(r"""(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^()"'\s]+))\s*\)""")


def _children(rule: str) -> list[str]:
    """Names of the alarms in an alarm rule, in order: `ALARM("a") AND NOT OK(b)`. A child may be named by its ARN."""
    names = [next(filter(None, groups)).rpartition(":alarm:")[2] for groups in _CHILD.findall(rule)]
    return list(dict.fromkeys(names))


def headline(resources: Sequence[Resource]) -> Headline:
    """How many alarms ring, of how many: `1/12`; `1/12 ?3` where three cannot tell; and the first that rings.

    An alarm without data is normal for what is seldom used, so it is no finding, but it is not counted as calm either.
    """
    ringing = sorted(one.name for one in resources if one.facts.get("in_alarm"))
    mute = sum(one.facts.get("state") == "INSUFFICIENT_DATA" for one in resources)
    text = f"{len(ringing)}/{len(resources)}"
    return Headline(f"{text} ?{mute}" if mute else text, label=ringing[0] if ringing else "")


SERVICE = ServiceSpec(
    key="alarms",
    title="Alarms",
    column="ALARMS",
    order=60,
    billed_as=("AmazonCloudWatch",),
    reach=Reach.REGIONAL,
    calls=(Call("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms"),),
    discover=discover,
    discover_seconds=60.0,
    stale_seconds=300.0,
    metrics=(),
    cadences=(),
    rules=(
        Rule(
            "alarms.state",
            _KINDS,
            "in alarm",
            FactValue("in_alarm"),
            Unit.COUNT,
            Threshold(warning=None, critical=0.0),
            missing=Missing.UNKNOWN,
            since_fact="state_since",
            reason_fact="state_reason",
        ),
    ),
    columns=(
        Column("state", "STATE", lambda one: one.facts.get("state"), None, 1),
        Column("since", "SINCE", lambda one: one.facts.get("state_since"), None, 1, age=True),
        Column("watches", "WATCHES", lambda one: one.facts.get("watched") or one.related.get("children"), None, 1),
        Column("metric", "METRIC", lambda one: one.facts.get("metric"), None, 2),
        Column("reason", "REASON", lambda one: one.facts.get("state_reason"), None, 2),
        Column("service", "SERVICE", lambda one: one.facts.get("watched_service"), None, 3),
        Column("threshold", "LIMIT", lambda one: one.number("threshold"), Unit.COUNT, 3, numeric=True),
        Column("actions", "ACTIONS", lambda one: "on" if one.facts.get("actions_enabled") else "off", None, 4),
    ),
    headline=headline,
    selects=_KINDS,
    watched=(
        Watched("threshold", "threshold", ("metric_alarm", "log_alarm")),
        Watched("period_seconds", "period", ("metric_alarm",), Unit.SECONDS),
        Watched("evaluation_periods", "periods", ("metric_alarm",)),
        Watched("missing_data", "missing data", ("metric_alarm",)),
        Watched("rule", "rule", ("composite_alarm",)),
        # An alarm that tells nobody.
        Watched("actions_enabled", "actions enabled", _KINDS),
        Watched("actions", "actions", _KINDS),
    ),
    # AlarmConfigurationUpdatedTimestamp.
    dated=(Dated("modified_at", lambda _: "definition changed", _KINDS, whole=True),),
    owner="watches",
    console=alarm_page,
)
