"""CloudWatch: telemetry by `cloudwatch_data`, alarms by `alarm_state` and `alarm_rule`.

moto ignores AlarmTypes, pages of DescribeAlarms and StateTransitionedTimestamp, and answers PutCompositeAlarm with
500. Shapes: botocore's model of CloudWatch 2010-08-01.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch import urls
from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from cockpit.demo.emulator.alarm_rule import RuleError, children, state_of_rule
from cockpit.demo.emulator.alarm_state import State, state_of
from cockpit.demo.emulator.cloudwatch_data import listed_metrics, metric_data, metric_statistics
from cockpit.demo.emulator.gate import fail
from cockpit.demo.emulator.paging import page
from cockpit.demo.emulator.routes import serve
from cockpit.demo.emulator.world import World
from cockpit.demo.telemetry.place import Place

_METRICS_A_PAGE = 500
_ALARMS_A_PAGE = 50
METRIC, COMPOSITE = "MetricAlarm", "CompositeAlarm"


class CloudWatch(CloudWatchResponse):
    """moto's answers, mended."""

    world: World

    @property
    def place(self) -> Place:
        """What reports metrics to the caller's account and region."""
        return self.world.place(self.current_account, self.region)

    def get_metric_data(self) -> Any:
        """Answer from telemetry."""
        answer = metric_data(self.place, self.current_account, self._get_params(), self.world.clock())
        if "json" in self.headers.get("Content-Type", ""):
            # Written out by hand: moto's serializer takes as long for half a million points as computing them.
            return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer)
        for result in answer["MetricDataResults"]:
            result["Timestamps"] = [datetime.fromtimestamp(second, UTC) for second in result["Timestamps"]]
        return ActionResult(answer)

    def get_metric_statistics(self) -> ActionResult:
        """Answer from telemetry."""
        return ActionResult(metric_statistics(self.place, self._get_params(), self.world.clock()))

    def list_metrics(self) -> ActionResult:
        """Name what reports, in pages of 500."""
        found = listed_metrics(self.place, self._get_params())
        metrics, following = page(found, self._get_param("NextToken"), _METRICS_A_PAGE, code="InvalidParameterValue")
        return ActionResult({"Metrics": metrics, "NextToken": following})

    def describe_alarms(self) -> ActionResult:
        """Answer with the alarms of the wanted kinds, each in its state of now."""
        kinds = self._get_param("AlarmTypes") or [METRIC]
        alarms = [alarm for alarm in self._wanted() if _kind(alarm) in kinds]
        states = _states(self.world, self.place, self.cloudwatch_backend.alarms, alarms)
        state = self._get_param("StateValue")
        alarms = [alarm for alarm in alarms if state in (None, states[alarm.name].value)]
        size = min(int(self._get_param("MaxRecords") or _ALARMS_A_PAGE), 100)
        found, following = page(alarms, self._get_param("NextToken"), size, code="InvalidNextToken")
        answer = {
            "MetricAlarms": [_described(alarm, states[alarm.name]) for alarm in found if alarm.rule is None],
            "CompositeAlarms": [_described(alarm, states[alarm.name]) for alarm in found if alarm.rule is not None],
            "NextToken": following,
        }
        return ActionResult(answer)

    def put_composite_alarm(self) -> ActionResult:
        """Store an alarm over alarms that exist."""
        rule = str(self._get_param("AlarmRule"))
        try:
            missing = [name for name in children(rule) if name not in self.cloudwatch_backend.alarms]
        except RuleError:
            raise fail("ValidationError", "AlarmRule must be a valid alarm rule expression.") from None
        if missing:
            raise fail("ValidationError", f"AlarmRule refers to an alarm that does not exist: {missing[0]}")
        put_composite(
            self.cloudwatch_backend,
            str(self._get_param("AlarmName")),
            rule,
            str(self._get_param("AlarmDescription") or ""),
        )
        return EmptyResult()

    def _wanted(self) -> list[Any]:
        names, prefix = self._get_param("AlarmNames"), self._get_param("AlarmNamePrefix")
        alarms = sorted(self.cloudwatch_backend.alarms.values(), key=lambda alarm: str(alarm.name))
        return [
            alarm
            for alarm in alarms
            if (not names or alarm.name in names) and (not prefix or alarm.name.startswith(prefix))
        ]


def look_at_alarms(world: World) -> None:
    """Work out the state of every alarm once, so that it is known later since when it holds."""
    for (account_id, region), place in list(world.places.items()):
        known = cloudwatch_backends[account_id][region].alarms
        _states(world, place, known, list(known.values()))


def _states(world: World, place: Place, known: Mapping[str, Any], alarms: Iterable[Any]) -> dict[str, State]:
    """State of each of `alarms`, and of those that they rest on, by name; `known` are all alarms of the place."""
    now = world.clock()
    states: dict[str, State] = {}

    def state(name: str, depth: int = 0) -> State | None:
        if name not in known or depth > 10:
            return None
        if name not in states:
            alarm = known[name]
            found = state_of(alarm, place, now) if alarm.rule is None else composite(alarm, depth)
            states[name] = _remembered(world, alarm, found)
        return states[name]

    def composite(alarm: Any, depth: int) -> State:
        found = {name: state(name, depth + 1) for name in children(alarm.rule)}
        return state_of_rule(alarm.rule, {name: one for name, one in found.items() if one is not None})

    for alarm in alarms:
        state(alarm.name)
    return states


def _remembered(world: World, alarm: Any, found: State) -> State:
    """The state with its beginning, also where that is longer ago than an evaluation looks."""
    before = world.alarm_states.get(alarm.alarm_arn)
    if found.since is None and before is not None and before.value == found.value:
        found = before
    world.alarm_states[alarm.alarm_arn] = found
    return found


def install(world: World) -> None:
    """Answer for CloudWatch as AWS does."""
    CloudWatch.world = world
    serve(urls, CloudWatch)


def put_composite(backend: Any, name: str, rule: str, description: str) -> Any:
    """Store a composite alarm in moto's backend, as it would if its API could."""
    return backend.put_metric_alarm(
        name=name,
        rule=rule,
        description=description,
        namespace=None,
        metric_name=None,
        comparison_operator=None,
        evaluation_periods=None,
        period=None,
        threshold=None,
        statistic=None,
        dimensions=[],
        alarm_actions=[],
    )


def _kind(alarm: Any) -> str:
    return METRIC if alarm.rule is None else COMPOSITE


def _described(alarm: Any, state: State) -> dict[str, Any]:
    since = state.since
    moment = alarm.configuration_updated_timestamp if since is None else datetime.fromtimestamp(since, UTC)
    common = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "AlarmDescription": alarm.description or None,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp,
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions or [],
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "StateValue": state.value,
        "StateReason": state.reason,
        "StateUpdatedTimestamp": moment,
        "StateTransitionedTimestamp": moment,
    }
    if alarm.rule is not None:
        return common | {"AlarmRule": alarm.rule}
    return common | _metric_part(alarm)


def _metric_part(alarm: Any) -> dict[str, Any]:
    own = {
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm,
        "Threshold": alarm.threshold,
        "ComparisonOperator": alarm.comparison_operator,
        "TreatMissingData": alarm.treat_missing_data,
    }
    if not alarm.metric_name:
        return own | {"Metrics": [_query(query) for query in alarm.metric_data_queries]}
    return own | {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "Statistic": alarm.statistic,
        "ExtendedStatistic": alarm.extended_statistic,
        "Dimensions": _dimensions(alarm.dimensions),
        "Period": alarm.period,
    }


def _query(query: Any) -> dict[str, Any]:
    own = {"Id": query.id, "Label": query.label, "ReturnData": query.return_data, "Expression": query.expression}
    stat = query.metric_stat
    if stat is None:
        return own
    metric = {
        "Namespace": stat.metric.namespace,
        "MetricName": stat.metric.metric_name,
        "Dimensions": _dimensions(stat.metric.dimensions),
    }
    return own | {"MetricStat": {"Metric": metric, "Period": stat.period, "Stat": stat.stat}}


def _dimensions(dimensions: Iterable[Any]) -> list[dict[str, str]]:
    return [{"Name": one.name, "Value": one.value} for one in dimensions]
