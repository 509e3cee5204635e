"""Alarms: metric, composite and log alarms, what they watch, and since when they ring."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.resource import Fact, Resource
from cockpit.model.service import Settled
from cockpit.model.verdict import Health
from cockpit.services.alarms import SERVICE, discover
from tests.services.recorded import ACCOUNT_ID, NOW, REGION, RecordedReader, Refusal, named
from tests.services.samples import sample, verdict


def common(name: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:{name}",
        "ActionsEnabled": True,
        "StateValue": state,
        "StateReason": "Threshold Crossed: 1 datapoint [7.2] was greater than the threshold (5.0).",
        "StateUpdatedTimestamp": datetime.fromtimestamp(NOW - 60, UTC),
        "StateTransitionedTimestamp": datetime.fromtimestamp(NOW - 600, UTC),
        **more,
    }


def metric_alarm(name: str, state: str = "OK", namespace: str = "AWS/Lambda", **dimensions: str) -> dict[str, Any]:
    return common(
        name,
        state,
        Namespace=namespace,
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=5,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
    )


async def look(*metric: dict[str, Any], composite: tuple[dict[str, Any], ...] = (), **more: Any) -> Any:
    page = {"MetricAlarms": list(metric), "CompositeAlarms": list(composite), **more}
    return await discover(RecordedReader(SERVICE, {"DescribeAlarms": page}), None, Settled({}))


async def test_composite_and_log_alarms_are_asked_for() -> None:
    reader = RecordedReader(SERVICE, {"DescribeAlarms": {"MetricAlarms": []}})
    await discover(reader, None, Settled({}))
    assert reader.asked == [("DescribeAlarms", {"AlarmTypes": ["MetricAlarm", "CompositeAlarm", "LogAlarm"]})]


async def test_an_alarm_tells_its_state_the_reason_and_since_when() -> None:
    alarm = named(await look(metric_alarm("errors", "ALARM", FunctionName="checkout")), "errors")
    assert alarm.kind == "metric_alarm"
    assert alarm.facts["state"] == "ALARM"
    assert alarm.facts["in_alarm"] is True
    # When the state changed, not when its text did.
    assert alarm.facts["state_since"] == NOW - 600


async def test_every_page_counts() -> None:
    pages = [{"MetricAlarms": [metric_alarm(f"a{number}") for number in range(start, start + 50)]} for start in (0, 50)]
    found = await discover(RecordedReader(SERVICE, {"DescribeAlarms": pages}), None, Settled({}))
    assert len(found.resources) == 100


@pytest.mark.parametrize(
    ("namespace", "dimensions", "service", "name"),
    [
        ("AWS/Lambda", {"FunctionName": "checkout", "Resource": "checkout:live"}, "lambda", "checkout"),
        ("AWS/SQS", {"QueueName": "events"}, "sqs", "events"),
        ("AWS/RDS", {"DBInstanceIdentifier": "main"}, "rds", "main"),
        ("AWS/RDS", {"DBClusterIdentifier": "core", "Role": "WRITER"}, "rds", "core"),
        ("AWS/DynamoDB", {"TableName": "orders", "Operation": "PutItem"}, "dynamodb", "orders"),
        ("AWS/ApiGateway", {"ApiName": "shop", "Stage": "prod"}, "apigateway", "shop"),
        ("Shop/Orders", {"Stage": "prod"}, None, None),
    ],
)
async def test_what_an_alarm_watches(namespace: str, dimensions: dict[str, str], service: str, name: str) -> None:
    alarm = named(await look(metric_alarm("a", namespace=namespace, **dimensions)), "a")
    assert alarm.facts["watched_service"] == service
    assert alarm.related.get("watches") == name


async def test_a_distribution_is_watched_by_its_arn() -> None:
    alarm = named(await look(metric_alarm("a", namespace="AWS/CloudFront", DistributionId="E1", Region="Global")), "a")
    assert alarm.related["watches"] == f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/E1"
    assert alarm.facts["watched"] == "E1"


async def test_metric_math_is_traced_to_the_first_metric_that_it_reads() -> None:
    stat = {
        "Metric": {
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": "checkout"}],
        },
        "Period": 60,
        "Stat": "Sum",
    }
    queries = [{"Id": "rate", "Expression": "100*e/i", "ReturnData": True}, {"Id": "e", "MetricStat": stat}]
    alarm = named(await look(common("rate", "ALARM", Metrics=queries, Threshold=5.0)), "rate")
    assert alarm.related["watches"] == "checkout"
    assert alarm.facts["metric"] == "Errors"


async def test_a_composite_alarm_names_its_children() -> None:
    rule = (
        "(ALARM(\"cpu high\") OR ALARM('slow')) AND NOT OK(plain) "
        f'AND ALARM(arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:by-arn) AND ALARM("slow") AND TRUE'
    )
    alarm = named(await look(composite=(common("shop", "ALARM", AlarmRule=rule),)), "shop")
    assert alarm.kind == "composite_alarm"
    assert alarm.related["children"] == "cpu high,slow,plain,by-arn"


LOG_QUERY: dict[str, Any] = {
    "QueryString": "fields @message",
    "ScheduledQueryRoleARN": f"arn:aws:iam::{ACCOUNT_ID}:role/query",
    "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
    "AggregationExpression": "count(*)",
}


async def test_a_log_alarm_is_an_alarm() -> None:
    log = common("panics", "ALARM", ScheduledQueryConfiguration=LOG_QUERY, Threshold=0.0)
    del log["StateUpdatedTimestamp"]
    assert named(await look(LogAlarms=[log]), "panics").kind == "log_alarm"


async def test_an_alarm_that_only_steers_scaling_is_no_trouble() -> None:
    action = f"arn:aws:autoscaling:{REGION}:{ACCOUNT_ID}:scalingPolicy:1:resource/dynamodb/table/orders:policyName/p"
    low = {**metric_alarm("TargetTracking-table/orders-AlarmLow", "ALARM"), "AlarmActions": [action]}
    page = {
        **metric_alarm("also pages me", "ALARM"),
        "AlarmActions": [action, f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:ops"],
    }
    found = await look(low, page)
    assert [alarm.facts["in_alarm"] for alarm in found.resources] == [False, True]
    assert found.resources[0].facts["state"] == "ALARM"


async def test_denied_alarms_fail_the_look() -> None:
    with pytest.raises(CallFailed) as failed:
        await discover(RecordedReader(SERVICE, {"DescribeAlarms": Refusal("AccessDenied")}), None, Settled({}))
    assert failed.value.failure.iam_action == "cloudwatch:DescribeAlarms"


def ringing(kind: str, state: str) -> Resource:
    since: dict[str, Fact] = {"state_since": NOW - 600, "state_reason": "Too many"}
    return sample(SERVICE, kind, kind, {"in_alarm": state == "ALARM", "state": state, **since})


@pytest.mark.parametrize("kind", ["metric_alarm", "composite_alarm", "log_alarm"])
def test_any_alarm_that_rings_is_critical_since_it_rings(kind: str) -> None:
    judged = verdict(SERVICE, "alarms.state", ringing(kind, "ALARM"))
    assert judged is not None
    assert judged.health is Health.CRITICAL
    assert judged.since == NOW - 600
    assert judged.reason == "in alarm for 10 min: Too many"


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_an_alarm_that_does_not_ring_is_ok(state: str) -> None:
    judged = verdict(SERVICE, "alarms.state", ringing("metric_alarm", state))
    assert judged is not None
    assert judged.health is Health.OK


def test_the_cell_counts_what_rings() -> None:
    shown = SERVICE.headline([ringing("metric_alarm", "ALARM"), ringing("composite_alarm", "OK")])
    assert (shown.text, shown.label) == ("1/2", "metric_alarm")


def test_alarms_that_cannot_tell_are_counted_apart() -> None:
    alarms = [ringing("metric_alarm", "OK"), ringing("metric_alarm", "INSUFFICIENT_DATA")]
    assert SERVICE.headline(alarms).text == "0/2 ?1"
