"""GetMetricData, GetMetricStatistics and ListMetrics over computed telemetry.

moto stores what PutMetricData brings and knows no percentiles (it answers 500), no pages, no limits, no late data.
Shapes: botocore's model of CloudWatch 2010-08-01. Limits and validation:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cockpit.demo.emulator.gate import fail
from cockpit.demo.emulator.metric_math import evaluate
from cockpit.demo.telemetry.place import Memo, Metric, Place
from cockpit.demo.telemetry.query import Ask, Window, is_period, points
from cockpit.demo.telemetry.samples import is_statistic

MAX_QUERIES = 500
MAX_POINTS = 100_800
_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
Parameters = Mapping[str, Any]


def metric_of(raw: Parameters) -> Metric:
    """A metric from `{Namespace, MetricName, Dimensions}`."""
    dimensions = tuple(sorted((one["Name"], one["Value"]) for one in raw.get("Dimensions") or ()))
    return Metric(str(raw.get("Namespace")), str(raw.get("MetricName")), dimensions)


def epoch(moment: datetime) -> float:
    """Epoch seconds of a moment as moto parses it: without a zone it is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def window_of(parameters: Parameters, now: float) -> Window:
    """The window of a request, validated."""
    start, end = epoch(parameters["StartTime"]), epoch(parameters["EndTime"])
    if start >= end:
        raise fail("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    return Window(start, end, now)


def metric_data(place: Place, account_id: str, parameters: Parameters, now: float) -> dict[str, Any]:
    """The answer to GetMetricData, with timestamps as epoch seconds."""
    queries, window = parameters.get("MetricDataQueries") or [], window_of(parameters, now)
    _validate(queries)
    left = int(parameters.get("MaxDatapoints") or MAX_POINTS)
    if not 1 <= left <= MAX_POINTS:
        raise fail("ValidationError", f"The parameter MaxDatapoints must be between 1 and {MAX_POINTS}.")
    request = _Request(place, account_id, queries, window)
    newest_first = parameters.get("ScanBy") != "TimestampAscending"
    shown = [query for query in queries if query.get("ReturnData", True) not in {False, "false"}]
    first, skipped = _position(parameters.get("NextToken"), len(shown))
    results: list[dict[str, Any]] = []
    for position, query in enumerate(shown[first:], first):
        if left == 0:
            return {"MetricDataResults": results, "Messages": [], "NextToken": _token((position, 0))}
        found = request.points_of(query)
        if found is None:
            results.append(_result(query, (), "Forbidden"))
            continue
        pairs = sorted(found.items(), reverse=newest_first)[skipped:]
        page, at, skipped = pairs[:left], skipped, 0
        left -= len(page)
        if len(page) < len(pairs):
            results.append(_result(query, page, "PartialData"))
            return {"MetricDataResults": results, "Messages": [], "NextToken": _token((position, at + len(page)))}
        results.append(_result(query, page, "Complete"))
    return {"MetricDataResults": results, "Messages": []}


class _Request:
    """One GetMetricData. What is computed for one query serves the others, and is forgotten with the request."""

    def __init__(self, place: Place, account_id: str, queries: Sequence[Parameters], window: Window) -> None:
        self._place = place
        self._account_id = account_id
        self._queries = queries
        self._window = window
        self._known: dict[str, Mapping[int, float]] = {}
        self._memo: Memo = {}

    def points_of(self, query: Parameters) -> Mapping[int, float] | None:
        """The points of a query; None where another account's metrics are asked for, which nobody shares here."""
        if query.get("AccountId", self._account_id) != self._account_id:
            return None
        name = query["Id"]
        if name not in self._known:
            # Something stands there while an expression is worked out, so that a circle ends.
            self._known[name] = {}
            self._known[name] = self._stat(query["MetricStat"]) if "MetricStat" in query else self._math(query)
        return self._known[name]

    def _stat(self, stat: Parameters) -> Mapping[int, float]:
        ask = Ask(metric_of(stat["Metric"]), stat["Stat"], int(stat["Period"]))
        return dict(points(self._place, ask, self._window, self._memo))

    def _math(self, query: Parameters) -> Mapping[int, float]:
        used = set(re.findall(r"\w+", query["Expression"])) - {query["Id"]}
        others = {other["Id"]: self.points_of(other) or {} for other in self._queries if other["Id"] in used}
        return evaluate(query["Expression"], others)


def _result(query: Parameters, pairs: Sequence[tuple[int, float]], status: str) -> dict[str, Any]:
    stat = query.get("MetricStat")
    label = query.get("Label") or (stat["Metric"]["MetricName"] if stat else query["Id"])
    return {
        "Id": query["Id"],
        "Label": label,
        "Timestamps": [second for second, _ in pairs],
        "Values": [float(value) for _, value in pairs],
        "StatusCode": status,
    }


def _validate(queries: Sequence[Parameters]) -> None:
    if not queries:
        raise fail("ValidationError", "The parameter MetricDataQueries is required.")
    if len(queries) > MAX_QUERIES:
        raise fail(
            "ValidationError", f"The collection MetricDataQueries must not have a size greater than {MAX_QUERIES}."
        )
    seen: set[str] = set()
    for position, query in enumerate(queries, 1):
        where = f"MetricDataQueries.member.{position}"
        name = query.get("Id", "")
        if not _ID.fullmatch(name):
            raise fail(
                "ValidationError",
                f"The value {name} for parameter {where}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
            )
        if name in seen:
            raise fail("ValidationError", f"The values for parameter id in MetricDataQueries are not unique: {name}.")
        seen.add(name)
        stat = query.get("MetricStat")
        if (stat is None) == ("Expression" not in query):
            raise fail("ValidationError", f"Exactly one of {where}.MetricStat and {where}.Expression is required.")
        if stat is not None:
            _validate_stat(stat, f"{where}.MetricStat")


def _validate_stat(stat: Parameters, where: str) -> None:
    if not is_period(int(stat["Period"])):
        raise fail(
            "ValidationError",
            f"The parameter {where}.Period must be a value in the set [ 1, 5, 10, 20, 30 ], or a multiple of 60.",
        )
    if not is_statistic(stat["Stat"]):
        raise fail("ValidationError", f"The value {stat['Stat']} for parameter {where}.Stat is not supported.")


def _token(position: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _position(token: str | None, queries: int) -> tuple[int, int]:
    if not token:
        return 0, 0
    try:
        position, skipped = (int(part) for part in json.loads(base64.urlsafe_b64decode(token)))
    except (ValueError, TypeError, binascii.Error):
        raise fail("InvalidNextToken", "The next token specified is invalid.") from None
    return min(position, queries), skipped


def metric_statistics(place: Place, parameters: Parameters, now: float) -> dict[str, Any]:
    """The answer to GetMetricStatistics."""
    window, metric, period = window_of(parameters, now), metric_of(parameters), int(parameters["Period"])
    plain, extended = parameters.get("Statistics") or [], parameters.get("ExtendedStatistics") or []
    if not plain and not extended:
        raise fail("InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics")
    rows: dict[int, dict[str, Any]] = {}
    memo: Memo = {}
    for name in (*plain, *extended):
        _validate_stat({"Stat": name, "Period": period}, "Statistics")
        for second, value in points(place, Ask(metric, name, period), window, memo):
            row = rows.setdefault(second, {"Timestamp": datetime.fromtimestamp(second, UTC)})
            (row if name in plain else row.setdefault("ExtendedStatistics", {}))[name] = float(value)
    return {"Label": metric.name, "Datapoints": list(rows.values())}


def listed_metrics(place: Place, parameters: Parameters) -> list[dict[str, Any]]:
    """The metrics that ListMetrics names, filtered."""
    wanted = [(one["Name"], one.get("Value")) for one in parameters.get("Dimensions") or ()]
    namespace, name = parameters.get("Namespace"), parameters.get("MetricName")
    return [
        {
            "Namespace": metric.namespace,
            "MetricName": metric.name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in metric.dimensions],
        }
        for metric in place.metrics()
        if namespace in (None, metric.namespace) and name in (None, metric.name) and _has(metric, wanted)
    ]


def _has(metric: Metric, wanted: Sequence[tuple[str, str | None]]) -> bool:
    own = dict(metric.dimensions)
    return all(key in own and value in (None, own[key]) for key, value in wanted)
