"""Recorded answers of a large fleet: bytes made once, served many times.

Shapes follow botocore's models of each service. An account is known by its access key: AssumeRole hands out
`ASIA` + the 12-digit id, and every later answer belongs to that account and to the region in the signature.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote

from benchmarks.answers_xml import cloudfront, rds, sts
from benchmarks.shape import Request, Shape

JSON_TYPE = "application/x-amz-json-1.0"


def answer(request: Request, shape: Shape) -> tuple[int, str, bytes]:
    """`(status, content type, body)`."""
    handler = HANDLERS.get(request.service)
    found = handler(request, shape) if handler else None
    if found is None:
        text = {"__type": "UnrecordedOperation", "message": f"{request.service} {request.path} {request.target}"}
        return 400, JSON_TYPE, json.dumps(text).encode()
    return 200, *found


def _json(value: object) -> tuple[str, bytes]:
    return JSON_TYPE, json.dumps(value, separators=(",", ":")).encode()


def _function(account: str, region: str, number: int) -> dict[str, object]:
    name = f"orders-handler-{number:04d}"
    return {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:{region}:{account}:function:{name}",
        "Runtime": "python3.12",
        "Role": f"arn:aws:iam::{account}:role/orders",
        "Handler": "orders.handle",
        "CodeSize": 5_242_880,
        "Description": "",
        "Timeout": 30,
        "MemorySize": 512,
        "LastModified": "2026-10-01T09:30:00.000+0000",
        "CodeSha256": "s0Zk3mYbYwX2aUq6G8m5l0oT1Kx5eX8j1nUe2Qb3c4E=",
        "Version": "$LATEST",
        "Environment": {"Variables": {"STAGE": "prod", "TABLE": "orders"}},
        "TracingConfig": {"Mode": "PassThrough"},
        "RevisionId": "0d9c3c4e-1111-4222-8333-944445555666",
        "PackageType": "Zip",
        "Architectures": ["arm64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }


def _lambda(request: Request, shape: Shape) -> tuple[str, bytes] | None:
    path, _, query = request.path.partition("?")
    parts = path.strip("/").split("/")
    if parts[-1] == "account-settings":
        limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000, "TotalCodeSize": 80530636800}
        usage = {"FunctionCount": shape.functions, "TotalCodeSize": 262_144_000}
        return _json({"AccountLimit": limit, "AccountUsage": usage})
    if parts[-1] == "functions":
        return _functions_page(request, shape, query)
    name = unquote(parts[2]) if len(parts) > 2 else ""
    arn = f"arn:aws:lambda:{request.region}:{request.account}:function:{name}"
    if parts[-1] == "aliases":
        number = int(name.rpartition("-")[2])
        alias = {"AliasArn": f"{arn}:live", "Name": "live", "FunctionVersion": "2", "Description": ""}
        alias["RevisionId"] = "7a1e7a1e-1111-4222-8333-944445555666"
        return _json({"Aliases": [alias] if number < shape.aliased else []})
    if parts[-1] == "versions":
        number = int(name.rpartition("-")[2])
        base = _function(request.account, request.region, number)
        versions = [base] + [base | {"Version": str(v), "FunctionArn": f"{arn}:{v}"} for v in (1, 2)]
        return _json({"Versions": versions})
    return None


def _functions_page(request: Request, shape: Shape, query: str) -> tuple[str, bytes]:
    start = int(parse_qs(query).get("Marker", ["0"])[0])
    page = [_function(request.account, request.region, n) for n in range(start, min(start + 50, shape.functions))]
    more = {"NextMarker": str(start + 50)} if start + 50 < shape.functions else {}
    return _json({"Functions": page, **more})


def _monitoring(request: Request, shape: Shape) -> tuple[str, bytes] | None:
    operation = request.target.rpartition(".")[2]
    if operation == "GetMetricData":
        return JSON_TYPE, _metric_data(json.loads(request.body))
    if operation == "ListMetrics":
        return _json({"Metrics": _aliased_metrics(shape)})
    if operation == "DescribeAlarms":
        alarms = [_alarm(request.account, request.region, number) for number in range(shape.alarms)]
        return _json({"MetricAlarms": alarms, "CompositeAlarms": []})
    return None


def _aliased_metrics(shape: Shape) -> list[dict[str, object]]:
    metrics: list[dict[str, object]] = []
    for number in range(shape.aliased):
        name = f"orders-handler-{number:04d}"
        dimensions = [{"Name": "FunctionName", "Value": name}, {"Name": "Resource", "Value": f"{name}:live"}]
        metrics.append({"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": dimensions})
    return metrics


def _metric_data(body: dict[str, Any]) -> bytes:
    start, end = _moment(body["StartTime"]), _moment(body["EndTime"])
    results = []
    stamps: dict[int, str] = {}
    for query in body["MetricDataQueries"]:
        period = query["MetricStat"]["Period"]
        if period not in stamps:
            stamps[period] = json.dumps(list(range(start - start % period, end, period)), separators=(",", ":"))
        count = stamps[period].count(",") + 1 if stamps[period] != "[]" else 0
        value = _LEVEL.get(query["MetricStat"]["Metric"]["MetricName"], "12.0")
        values = "[" + ",".join([value] * count) + "]"
        results.append(
            f'{{"Id":"{query["Id"]}","Label":"m","Timestamps":{stamps[period]},"Values":{values},"StatusCode":"Complete"}}'
        )
    return ('{"MetricDataResults":[' + ",".join(results) + '],"Messages":[]}').encode()


_LEVEL = {"Errors": "0.0", "Throttles": "0.0", "Duration": "140.5", "ReplicaLag": "0.2", "5xxErrorRate": "0.1"}
"""Levels of a healthy fleet; what is not named is 12. `Errors` of the fleet is raised by `errors_everywhere`."""


def errors_everywhere() -> None:
    """Let one invocation in a hundred fail, so that no account-wide figure can rule a function out."""
    _LEVEL["Errors"] = "0.1"


def _moment(value: object) -> int:
    if isinstance(value, (int, float)):
        return int(value)
    return int(datetime.fromisoformat(str(value)).timestamp())


def _alarm(account: str, region: str, number: int) -> dict[str, object]:
    return {
        "AlarmName": f"orders-errors-{number}",
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{account}:alarm:orders-errors-{number}",
        "ActionsEnabled": True,
        "StateValue": "OK",
        "StateReason": "Threshold Crossed: no datapoints were received.",
        "StateUpdatedTimestamp": 1_790_000_000,
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 5,
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [{"Name": "FunctionName", "Value": f"orders-handler-{number:04d}"}],
    }


def _sqs(request: Request, shape: Shape) -> tuple[str, bytes] | None:
    operation = request.target.rpartition(".")[2]
    base = f"https://sqs.{request.region}.amazonaws.com/{request.account}"
    if operation == "ListQueues":
        return _json({"QueueUrls": [f"{base}/orders-{n}" for n in range(shape.queues)]})
    if operation == "ListQueueTags":
        return _json({"Tags": {"Environment": "prod"}})
    if operation == "GetQueueAttributes":
        name = json.loads(request.body)["QueueUrl"].rpartition("/")[2]
        arn = f"arn:aws:sqs:{request.region}:{request.account}:{name}"
        figures = dict.fromkeys(
            (
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ),
            "3",
        )
        settings = {"VisibilityTimeout": "30", "MessageRetentionPeriod": "345600", "CreatedTimestamp": "1700000000"}
        return _json({"Attributes": {"QueueArn": arn, **figures, **settings}})
    return None


def _cost(request: Request, _: Shape) -> tuple[str, bytes] | None:
    operation = request.target.rpartition(".")[2]
    body = json.loads(request.body)
    if operation == "GetCostForecast":
        return _json({"Total": {"Amount": "60.0", "Unit": "USD"}, "ForecastResultsByTime": []})
    if operation != "GetCostAndUsage":
        return None
    day = datetime.fromisoformat(body["TimePeriod"]["Start"]).replace(tzinfo=UTC)
    end = datetime.fromisoformat(body["TimePeriod"]["End"]).replace(tzinfo=UTC)
    results = []
    while day < end:
        following = day + timedelta(days=1)
        groups = [
            {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": "1.25", "Unit": "USD"}}}
            for name in ("AWS Lambda", "Amazon RDS")
        ]
        period = {"Start": day.date().isoformat(), "End": following.date().isoformat()}
        results.append({"TimePeriod": period, "Total": {}, "Groups": groups, "Estimated": True})
        day = following
    return _json({"ResultsByTime": results, "DimensionValueAttributes": []})


def _tagging(request: Request, shape: Shape) -> tuple[str, bytes]:
    tags = [{"Key": "Environment", "Value": "prod"}]
    arns = [_function(request.account, request.region, n)["FunctionArn"] for n in range(shape.functions)]
    return _json(
        {"PaginationToken": "", "ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags} for arn in arns]}
    )


HANDLERS = {
    "lambda": _lambda,
    "monitoring": _monitoring,
    "rds": rds,
    "sqs": _sqs,
    "cloudfront": cloudfront,
    "ce": _cost,
    "sts": sts,
    "tagging": _tagging,
}
