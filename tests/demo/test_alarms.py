"""Alarms are in the state that their metrics put them in, and say since when."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cockpit.demo.emulator.alarm_rule import RuleError, children, state_of_rule
from cockpit.demo.emulator.alarm_state import ALARM, OK, State
from cockpit.demo.emulator.cloudwatch import look_at_alarms
from cockpit.demo.fleet.accounts import ACCOUNTS
from cockpit.demo.fleet.tim import BAD_FUNCTION, BAD_VERSION, GOOD_VERSION
from tests.demo.conftest import START, Emulator

BOTH = ["MetricAlarm", "CompositeAlarm"]


def alarms(emulator: Emulator, account: str, **wanted: Any) -> dict[str, dict[str, Any]]:
    answer = emulator.of(account, "cloudwatch").describe_alarms(**({"AlarmTypes": BOTH} | wanted))
    return {alarm["AlarmName"]: alarm for alarm in (*answer["MetricAlarms"], *answer["CompositeAlarms"])}


def test_only_the_alarms_of_the_story_ring(emulator: Emulator) -> None:
    ringing = {
        name
        for account in ACCOUNTS.values()
        if account.external_id
        for name, alarm in alarms(emulator, account.name).items()
        if alarm["StateValue"] != "OK"
    }
    assert ringing == {
        "tim-prod-checkout-errors",
        "tim-prod-shop-unhealthy",
        "scheduler-staging-events-depth",
        "scheduler-staging-delivery-at-risk",
    }


def test_an_alarm_on_the_bad_release_says_what_it_saw_and_since_when(emulator: Emulator) -> None:
    alarm = alarms(emulator, "tim-sandbox")["tim-prod-checkout-errors"]
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": BAD_FUNCTION}]
    assert alarm["StateReason"].startswith("Threshold Crossed: 3 out of the last 3 datapoints [")
    assert "were greater than the threshold (10.0)" in alarm["StateReason"]
    since = alarm["StateTransitionedTimestamp"].timestamp()
    assert START - 8 * 60 < since < START
    emulator.clock.now = START + 90
    later = alarms(emulator, "tim-sandbox")["tim-prod-checkout-errors"]
    assert later["StateTransitionedTimestamp"].timestamp() == since
    assert later["StateReason"] == alarm["StateReason"]


def test_a_reason_names_the_threshold_before_many_data_points(emulator: Emulator) -> None:
    reason = alarms(emulator, "scheduler-staging")["scheduler-staging-events-depth"]["StateReason"]
    assert reason.startswith(
        "Threshold Crossed: 10 out of the last 10 datapoints were greater than the threshold (1000.0). "
        "The most recent datapoints which crossed the threshold: ["
    )
    assert reason.endswith(")] (minimum 10 datapoints for OK -> ALARM transition).")
    assert len(re.findall(r"\d\d:\d\d:00", reason)) == 3


def test_composite_alarms_come_only_when_asked_for(emulator: Emulator) -> None:
    client = emulator.of("tim-sandbox", "cloudwatch")
    assert client.describe_alarms()["CompositeAlarms"] == []
    only = client.describe_alarms(AlarmTypes=["CompositeAlarm"])
    assert (only["MetricAlarms"], len(only["CompositeAlarms"])) == ([], 1)
    assert only["CompositeAlarms"][0]["StateValue"] == "ALARM"
    assert "tim-prod-checkout-errors transitioned to ALARM" in only["CompositeAlarms"][0]["StateReason"]


def test_alarms_are_filtered_and_come_in_pages(emulator: Emulator) -> None:
    assert set(alarms(emulator, "tim-sandbox", StateValue="ALARM")) == {
        "tim-prod-checkout-errors",
        "tim-prod-shop-unhealthy",
    }
    assert set(alarms(emulator, "tim-sandbox", AlarmNamePrefix="tim-stage")) == {"tim-stage-database-cpu"}
    pages = emulator.of("tim-sandbox", "cloudwatch").get_paginator("describe_alarms")
    found = [page["MetricAlarms"] for page in pages.paginate(PaginationConfig={"PageSize": 4})]
    assert [len(page) for page in found] == [4, 4, 1]


def test_an_alarm_on_metric_math_names_its_metrics(emulator: Emulator) -> None:
    alarm = alarms(emulator, "tim-sandbox")["tim-prod-orders-create-error-rate"]
    stats = [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]
    assert {stat["MetricName"] for stat in stats} == {"Errors", "Invocations"}
    assert all(stat["Dimensions"][0]["Value"] == "tim-prod-orders-create" for stat in stats)


def test_rolled_back_the_alarm_falls_silent(emulator: Emulator) -> None:
    functions, place = emulator.of("tim-sandbox", "lambda"), emulator.place("tim-sandbox")
    timeline = place.functions[BAD_FUNCTION].routing
    kept = list(timeline._moments), list(timeline._values)
    change = {"FunctionName": BAD_FUNCTION, "Name": "live"}
    functions.update_alias(**change, FunctionVersion=str(GOOD_VERSION))
    try:
        emulator.clock.now = START + 420
        found = alarms(emulator, "tim-sandbox")
        alarm = found["tim-prod-checkout-errors"]
        assert (alarm["StateValue"], found["tim-prod-shop-unhealthy"]["StateValue"]) == ("OK", "OK")
        assert "was not greater than the threshold (10.0)" in alarm["StateReason"]
        assert START < alarm["StateTransitionedTimestamp"].timestamp() <= START + 300
    finally:
        emulator.clock.now = START
        functions.update_alias(**change, FunctionVersion=str(BAD_VERSION))
        timeline._moments, timeline._values = kept
        place.forget_sums()
        emulator.world.alarm_states.clear()


def test_an_alarm_that_nobody_looked_at_for_hours_still_knows_since_when(emulator: Emulator) -> None:
    look_at_alarms(emulator.world)
    try:
        emulator.clock.now = START + 5 * 3600
        emulator.log_in_again()
        for name in ("tim-prod-checkout-errors", "tim-prod-shop-unhealthy"):
            alarm = alarms(emulator, "tim-sandbox")[name]
            assert START - 8 * 60 < alarm["StateTransitionedTimestamp"].timestamp() < START
    finally:
        emulator.world.alarm_states.clear()
        emulator.log_in_again()


def test_a_composite_alarm_can_be_made(emulator: Emulator) -> None:
    client = emulator.of("scheduler-dev", "cloudwatch")
    client.put_composite_alarm(
        AlarmName="made-here", AlarmRule='NOT ALARM("scheduler-dev-events-depth") AND ALARM(scheduler-dev-database-cpu)'
    )
    assert alarms(emulator, "scheduler-dev")["made-here"]["StateValue"] == "OK"
    for rule in ("ALARM(nobody)", "nonsense", "ALARM("):
        with pytest.raises(ClientError, match="AlarmRule"):
            client.put_composite_alarm(AlarmName="bad", AlarmRule=rule)
    client.delete_alarms(AlarmNames=["made-here"])


def state(value: str, since: float | None = None) -> State:
    before = {ALARM: OK, OK: ALARM}[value] if since is not None else value
    return State(value, since, before, "")


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("ALARM(a)", ALARM),
        ("ALARM('b')", OK),
        ('ALARM("a") AND ALARM("b")', OK),
        ("ALARM(a) OR ALARM(b)", ALARM),
        ("NOT ALARM(a)", OK),
        ("OK(b) AND NOT (ALARM(b) OR FALSE)", ALARM),
        ("ALARM(b) OR ALARM(b) AND TRUE OR OK(b)", ALARM),
        ("ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:a)", ALARM),
        ("INSUFFICIENT_DATA(nobody)", ALARM),
    ],
)
def test_a_rule_is_worked_out(rule: str, value: str) -> None:
    assert state_of_rule(rule, {"a": state(ALARM, 10.0), "b": state(OK)}).value == value


def test_a_rule_knows_since_when(emulator: Emulator) -> None:
    states = {"a": state(ALARM, 100.0), "b": state(ALARM, 200.0)}
    assert state_of_rule("ALARM(a) OR ALARM(b)", states).since == 100.0
    assert state_of_rule("ALARM(a) AND ALARM(b)", states).since == 200.0
    assert state_of_rule("TRUE", states).since is None


@pytest.mark.parametrize("rule", ["", "ALARM", "ALARM(a) ALARM(b)", "(ALARM(a)", "ALARM(a) AND", "MAYBE(a)"])
def test_a_bad_rule_is_refused(rule: str) -> None:
    with pytest.raises(RuleError):
        state_of_rule(rule, {"a": state(OK)})


def test_children_are_named_once() -> None:
    assert children('ALARM("a") OR (OK(b) AND ALARM(a))') == ("a", "b")
