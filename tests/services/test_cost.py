"""Cost: bills by account and by tag, few paid calls, and what a month will have cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from cockpit.aws.failed import CallFailed
from cockpit.model.service import Discovery
from cockpit.services.cost import SERVICE
from tests.services.cost_answers import TODAY, answers, look, own, steady, usage
from tests.services.recorded import ACCOUNT, ACCOUNT_ID, NOW, Page, RecordedReader, Refusal, named

OTHER_ID = "444455556666"


async def test_a_bill_counts_this_month_and_yesterday() -> None:
    bill = await own()
    assert bill.kind == "bill"
    # Two whole days of March, and what today has cost so far.
    assert bill.facts["month_to_date_usd"] == 18.0
    assert bill.facts["yesterday_usd"] == 8.0
    assert bill.facts["average_7d_usd"] == 8.0
    assert bill.facts["trend_percent"] == pytest.approx(0.0)
    assert bill.facts["account_id"] == ACCOUNT_ID


async def test_yesterday_is_not_yet_taken_for_a_whole_day() -> None:
    def late(day: date) -> Mapping[tuple[str, ...], float]:
        return {("AWS Lambda",): 1.0 if day >= TODAY - timedelta(days=1) else 8.0}

    assert (await own(GetCostAndUsage=usage(late))).facts["average_7d_usd"] == 8.0


async def test_a_bill_is_broken_down_by_service_dearest_first() -> None:
    services = {key: usd for key, usd in (await own()).facts.items() if key.startswith("service:")}
    assert list(services.items()) == [("service:Amazon RDS", 13.5), ("service:AWS Lambda", 4.5)]


async def test_the_course_ends_with_yesterday_because_today_is_not_over() -> None:
    series = (await own()).series["daily_usd"]
    assert series.period_seconds == 86_400
    assert series.end == 1_772_496_000  # 2026-03-03 00:00 UTC
    assert series.values == (8.0,) * 35


async def test_the_forecast_is_what_was_spent_before_today_and_what_is_expected_from_today() -> None:
    reader = RecordedReader(SERVICE, answers())
    bill = named(await look(reader), ACCOUNT)
    assert bill.facts["forecast_usd"] == 16.0 + 232.5
    assert bill.facts["forecast_from"] == "Cost Explorer"
    (asked,) = [parameters for operation, parameters in reader.asked if operation == "GetCostForecast"]
    assert asked["TimePeriod"] == {"Start": "2026-03-03", "End": "2026-04-01"}


async def test_a_young_forecast_is_not_paid_for_again() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    later = RecordedReader(SERVICE, answers(), now=NOW + 6 * 3600)
    second = await look(later, first)
    assert later.times("GetCostForecast") == 0
    assert named(second, ACCOUNT).facts["forecast_usd"] == named(first, ACCOUNT).facts["forecast_usd"]
    next_day = RecordedReader(SERVICE, answers(), now=NOW + 24 * 3600)
    await look(next_day, second)
    assert next_day.times("GetCostForecast") == 1


async def test_a_forecast_of_last_month_is_not_kept() -> None:
    first = await look(RecordedReader(SERVICE, answers(), now=NOW - 2.6 * 86_400))
    reader = RecordedReader(SERVICE, answers(), now=NOW - 2.4 * 86_400)
    assert named(first, ACCOUNT).facts["month"] == "2026-02"
    assert named(await look(reader, first), ACCOUNT).facts["month"] == "2026-03"
    assert reader.times("GetCostForecast") == 1


async def test_an_account_too_young_for_a_forecast_has_none() -> None:
    found = await look(RecordedReader(SERVICE, answers(GetCostForecast=Refusal("DataUnavailableException"))))
    assert named(found, ACCOUNT).facts["forecast_usd"] is None
    assert found.failures == ()


async def test_a_denied_forecast_is_a_failure_and_the_one_of_before_stays() -> None:
    first = await look(RecordedReader(SERVICE, answers()))
    denied = RecordedReader(SERVICE, answers(GetCostForecast=Refusal()), now=NOW + 86_400)
    second = await look(denied, first)
    assert named(second, ACCOUNT).facts["forecast_usd"] == 248.5
    assert [failure.iam_action for failure in second.failures] == ["ce:GetCostForecast"]


async def test_denied_usage_fails_the_look() -> None:
    with pytest.raises(CallFailed) as failed:
        await look(RecordedReader(SERVICE, answers(GetCostAndUsage=Refusal())))
    assert failed.value.failure.iam_action == "ce:GetCostAndUsage"


async def test_a_management_account_is_not_charged_for_its_whole_organization() -> None:
    reader = RecordedReader(SERVICE, answers())
    await look(reader)
    for _, parameters in reader.asked:
        assert parameters["Filter"] == {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [ACCOUNT_ID]}}


async def test_every_page_counts() -> None:
    def pages(parameters: Mapping[str, Any]) -> list[Page]:
        rows = usage(steady)(parameters)["ResultsByTime"]
        return [{"ResultsByTime": rows[:20], "NextPageToken": "more"}, {"ResultsByTime": rows[20:]}]

    assert (await own(GetCostAndUsage=pages)).facts["month_to_date_usd"] == 18.0


# One question for many accounts.

LINKED = {ACCOUNT: ACCOUNT_ID, "shop-dev": OTHER_ID}


def two_accounts(_: date) -> Mapping[tuple[str, ...], float]:
    return {
        (ACCOUNT_ID, "AWS Lambda"): 8.0,
        (OTHER_ID, "AWS Lambda"): 1.0,
        ("777788889999", "AWS Lambda"): 500.0,
    }


async def test_a_payer_answers_for_its_linked_accounts_with_one_paid_call() -> None:
    reader = RecordedReader(SERVICE, answers(GetCostAndUsage=usage(two_accounts)))
    found = await look(reader, linked=LINKED)
    assert [operation for operation, _ in reader.asked] == ["GetCostAndUsage"]
    assert {bill.name: bill.facts["month_to_date_usd"] for bill in found.resources} == {ACCOUNT: 24.0, "shop-dev": 3.0}
    assert named(found, "shop-dev").related == {"account": "shop-dev"}
    assert named(found, "shop-dev").facts["account_id"] == OTHER_ID


async def test_their_forecast_is_reckoned_from_the_average_day() -> None:
    found = await look(RecordedReader(SERVICE, answers(GetCostAndUsage=usage(two_accounts))), linked=LINKED)
    bill = named(found, "shop-dev")
    assert bill.facts["forecast_usd"] == pytest.approx(31.0)
    assert bill.facts["forecast_from"] == "average of 7 days"


async def test_an_account_that_another_pays_for_asks_nothing() -> None:
    reader = RecordedReader(SERVICE, {})
    assert await look(reader, payer="shop-main", linked={}) == Discovery(())
    assert reader.asked == []


async def test_a_linked_account_that_cost_nothing_has_a_bill_of_zero() -> None:
    found = await look(RecordedReader(SERVICE, answers(GetCostAndUsage=usage(lambda _: {}))), linked=LINKED)
    assert [bill.facts["month_to_date_usd"] for bill in found.resources] == [0, 0]


# Environments that share an account.


def by_stage(_: date) -> Mapping[tuple[str, ...], float]:
    return {("stage$dev", "AWS Lambda"): 1.0, ("stage$prod", "AWS Lambda"): 4.0, ("stage$", "AWS Lambda"): 0.5}


async def test_a_cost_tag_tells_environments_of_one_account_apart() -> None:
    reader = RecordedReader(SERVICE, answers(GetCostAndUsage=usage(by_stage)))
    found = await look(reader, cost_tag="stage", linked={ACCOUNT: ACCOUNT_ID})
    bills = {bill.name: bill.facts["month_to_date_usd"] for bill in found.resources}
    # The account's own bill is there too, and what nobody has tagged.
    assert bills == {ACCOUNT: 16.5, f"{ACCOUNT} dev": 3.0, f"{ACCOUNT} prod": 12.0, f"{ACCOUNT} untagged": 1.5}
    prod = named(found, f"{ACCOUNT} prod")
    assert prod.facts["tag_value"] == "prod"
    assert prod.tags == {"stage": "prod"}
    assert "tag_value" not in named(found, ACCOUNT).facts
    (groups,) = [parameters["GroupBy"] for operation, parameters in reader.asked if operation == "GetCostAndUsage"]
    assert groups == [{"Type": "TAG", "Key": "stage"}, {"Type": "DIMENSION", "Key": "SERVICE"}]


async def test_the_keys_of_bills_are_unique() -> None:
    found = await look(RecordedReader(SERVICE, answers(GetCostAndUsage=usage(by_stage))), cost_tag="stage")
    assert len({bill.key for bill in found.resources}) == len(found.resources)


async def test_a_payer_asks_apart_for_a_linked_account_with_a_cost_tag() -> None:
    def both(parameters: Mapping[str, Any]) -> Page:
        tagged = parameters["GroupBy"][0]["Type"] == "TAG"
        return usage(by_stage if tagged else steady)(parameters)

    reader = RecordedReader(SERVICE, answers(GetCostAndUsage=both))
    found = await look(reader, linked=LINKED, linked_tags={"shop-dev": "stage"})
    assert reader.times("GetCostAndUsage") == 2
    assert named(found, "shop-dev prod").facts["month_to_date_usd"] == 12.0
    assert named(found, ACCOUNT).facts["month_to_date_usd"] == 18.0


async def test_one_question_that_fails_leaves_the_others() -> None:
    def half(parameters: Mapping[str, Any]) -> Page:
        tagged = parameters["GroupBy"][0]["Type"] == "TAG"
        whole: Page = Refusal("LimitExceededException") if tagged else usage(steady)(parameters)
        return whole

    reader = RecordedReader(SERVICE, answers(GetCostAndUsage=half))
    found = await look(reader, linked=LINKED, linked_tags={"shop-dev": "stage"})
    assert [bill.name for bill in found.resources] == [ACCOUNT]
    assert len(found.failures) == 1


def test_its_own_bill_is_on_the_meter() -> None:
    assert SERVICE.dollars_per_call == {"GetCostAndUsage": 0.01, "GetCostForecast": 0.01}
    assert SERVICE.shared_between_processes
