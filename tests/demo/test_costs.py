"""Cost Explorer answers in botocore's own shapes, and its sums agree however they are cut."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from cockpit.demo.fleet.accounts import ACCOUNTS, PAID_BY_HUB
from tests.demo.conftest import START, Emulator

TODAY = datetime.fromtimestamp(START, UTC).date()
MONTH = {"Start": TODAY.replace(day=1).isoformat(), "End": (TODAY + timedelta(days=1)).isoformat()}


@pytest.fixture
def payer(emulator: Emulator) -> Any:
    return emulator.client("ce", **emulator.key("hub"))


def usage(client: Any, *groups: tuple[str, str], granularity: str = "DAILY", **more: Any) -> list[dict[str, Any]]:
    sent = {"TimePeriod": MONTH, "Granularity": granularity, "Metrics": ["UnblendedCost"]}
    grouped = [{"Type": kind, "Key": key} for kind, key in groups]
    answer = client.get_cost_and_usage(**sent | ({"GroupBy": grouped} if grouped else {}) | more)
    assert_valid(client, "GetCostAndUsage", answer)
    return answer["ResultsByTime"]


def assert_valid(client: Any, operation: str, answer: dict[str, Any]) -> None:
    shape = client.meta.service_model.operation_model(operation).output_shape
    body = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
    report = ParamValidator().validate(body, shape)
    assert not report.has_errors(), report.generate_report()


def usd(results: list[dict[str, Any]]) -> float:
    totals = [float(r["Total"]["UnblendedCost"]["Amount"]) for r in results if r["Total"]]
    groups = [float(g["Metrics"]["UnblendedCost"]["Amount"]) for r in results for g in r["Groups"]]
    return sum(totals) + sum(groups)


SERVICE, ACCOUNT, TAG = ("DIMENSION", "SERVICE"), ("DIMENSION", "LINKED_ACCOUNT"), ("TAG", "environment")


def test_every_cut_has_the_same_sum(payer: Any) -> None:
    whole = usd(usage(payer))
    assert whole > 100
    for groups in ([SERVICE], [ACCOUNT], [TAG], [ACCOUNT, SERVICE], [TAG, SERVICE]):
        assert usd(usage(payer, *groups)) == pytest.approx(whole)
    assert usd(usage(payer, ACCOUNT, granularity="MONTHLY")) == pytest.approx(whole)


def test_the_payer_sees_the_accounts_it_pays_for_and_no_other(payer: Any, emulator: Emulator) -> None:
    seen = {group["Keys"][0] for result in usage(payer, ACCOUNT) for group in result["Groups"]}
    paid = {ACCOUNTS[name].id for name in PAID_BY_HUB if name not in {"hub", "scheduler-local"}}
    assert seen == paid
    own = emulator.of("tim-dev", "ce", "us-east-1")
    assert {g["Keys"][0] for r in usage(own, ACCOUNT) for g in r["Groups"]} == {ACCOUNTS["tim-dev"].id}


def test_tags_tell_environments_of_a_shared_account_apart(payer: Any) -> None:
    only = {"Filter": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [ACCOUNTS["tim-sandbox"].id]}}}
    keys = {group["Keys"][0] for result in usage(payer, TAG, **only) for group in result["Groups"]}
    assert keys == {"environment$prod", "environment$stage"}
    production = {"Filter": {"And": [only["Filter"], {"Tags": {"Key": "environment", "Values": ["prod"]}}]}}
    others = {"Filter": {"And": [only["Filter"], {"Not": {"Tags": {"Key": "environment", "Values": ["prod"]}}}]}}
    assert usd(usage(payer, **production)) + usd(usage(payer, **others)) == pytest.approx(usd(usage(payer, **only)))


def test_the_newest_days_are_not_known_in_full(payer: Any) -> None:
    by_day = {r["TimePeriod"]["Start"]: usd([r]) for r in usage(payer)}
    assert by_day[TODAY.isoformat()] < 0.5 * by_day[(TODAY - timedelta(days=2)).isoformat()]
    tomorrow = {"Start": (TODAY + timedelta(days=1)).isoformat(), "End": (TODAY + timedelta(days=2)).isoformat()}
    assert usd(usage(payer, TimePeriod=tomorrow)) == 0.0


def test_the_same_day_costs_the_same_tomorrow(payer: Any, emulator: Emulator) -> None:
    day = {"Start": (TODAY - timedelta(days=5)).isoformat(), "End": (TODAY - timedelta(days=4)).isoformat()}
    before = usd(usage(payer, TimePeriod=day))
    emulator.clock.now = START + 86_400
    assert usd(usage(payer, TimePeriod=day)) == pytest.approx(before, rel=0.01)


def test_the_forecast_is_of_a_piece_with_what_was_spent(payer: Any) -> None:
    end = (TODAY.replace(day=28) + timedelta(days=4)).replace(day=1)
    period = {"Start": TODAY.isoformat(), "End": end.isoformat()}
    sums = set()
    for granularity in ("DAILY", "MONTHLY"):
        answer = payer.get_cost_forecast(TimePeriod=period, Granularity=granularity, Metric="UNBLENDED_COST")
        assert_valid(payer, "GetCostForecast", answer)
        rows = answer["ForecastResultsByTime"]
        assert sum(float(row["MeanValue"]) for row in rows) == pytest.approx(float(answer["Total"]["Amount"]))
        assert all(
            float(r["PredictionIntervalLowerBound"]) < float(r["MeanValue"]) < float(r["PredictionIntervalUpperBound"])
            for r in rows
        )
        sums.add(round(float(answer["Total"]["Amount"]), 4))
    assert len(sums) == 1
    a_day = usd(usage(payer)) / TODAY.day
    assert sums.pop() == pytest.approx(a_day * (end - TODAY).days, rel=0.15)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"TimePeriod": {"Start": "2025-11-02", "End": "2025-11-02"}}, "before end date"),
        ({"TimePeriod": {"Start": "2020-01-01", "End": "2020-02-01"}}, "historical"),
        ({"Granularity": "HOURLY"}, "Hourly"),
        ({"Metrics": ["Guess"]}, "Invalid metric"),
        ({"GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}] * 3}, "Only 2"),
    ],
    ids=["empty", "too old", "hourly", "metric", "three groups"],
)
def test_what_cost_explorer_refuses_is_refused(payer: Any, sent: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=words) as caught:
        usage(payer, **sent)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_forecast_is_of_days_to_come(payer: Any) -> None:
    period = {"Start": (TODAY - timedelta(days=1)).isoformat(), "End": date(2025, 12, 1).isoformat()}
    with pytest.raises(ClientError, match="before the current date"):
        payer.get_cost_forecast(TimePeriod=period, Granularity="DAILY", Metric="UNBLENDED_COST")
