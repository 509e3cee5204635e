"""The days of a bill: by service, with holes, in any currency, and kept from one look to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cockpit.model.resource import Resource
from cockpit.model.service import Discovery
from cockpit.services.cost import SERVICE
from cockpit.store.codec import decode, encode
from tests.services.cost_answers import TODAY, answers, look, own, steady, usage
from tests.services.recorded import ACCOUNT, ACCOUNT_ID, NOW, Page, RecordedReader, named, observed

MID_MARCH = NOW + 16 * 86_400


def by_day(bill: Resource, name: str) -> dict[date, float | None]:
    series = bill.series[name]
    first = date(1970, 1, 1) + timedelta(days=series.start // 86_400)
    return {first + timedelta(days=index): value for index, value in enumerate(series.values)}


async def test_each_service_has_its_days_and_they_add_up() -> None:
    bill = await own()
    names = [name for name in bill.series if name.startswith("service:")]
    assert names == ["service:Amazon RDS", "service:AWS Lambda"]
    totals, parts = by_day(bill, "daily_usd"), [by_day(bill, name) for name in names]
    for day, usd in totals.items():
        assert usd == pytest.approx(sum(part[day] or 0.0 for part in parts))
    # Today so far is the last one.
    assert [part[TODAY] for part in parts] == [1.5, 0.5]
    assert bill.facts["today_usd"] == 2.0


async def test_the_days_of_services_cost_no_further_request() -> None:
    reader = RecordedReader(SERVICE, answers())
    await look(reader)
    assert [operation for operation, _ in reader.asked] == ["GetCostAndUsage", "GetCostForecast"]


async def test_days_that_are_not_told_yet_are_not_zero() -> None:
    """Soon after midnight Cost Explorer gives the newest days without a group."""

    def late(day: date) -> Mapping[tuple[str, ...], float]:
        return {} if day >= TODAY - timedelta(days=1) else {("AWS Lambda",): 8.0}

    bill = await own(GetCostAndUsage=usage(late))
    assert bill.facts["yesterday_usd"] is None
    assert bill.facts["today_usd"] is None
    assert by_day(bill, "daily_usd")[TODAY - timedelta(days=1)] is None
    assert by_day(bill, "service:AWS Lambda")[TODAY] is None
    assert bill.facts["month_to_date_usd"] == 8.0


async def test_on_the_first_an_untold_month_is_not_known() -> None:
    first = date(2026, 3, 1)

    def late(day: date) -> Mapping[tuple[str, ...], float]:
        return {} if day >= first else {("AWS Lambda",): 8.0}

    reader = RecordedReader(SERVICE, answers(GetCostAndUsage=usage(late)), now=NOW - 2 * 86_400)
    bill = named(await look(reader), ACCOUNT)
    assert bill.facts["month_to_date_usd"] is None
    assert bill.facts["yesterday_usd"] == 8.0


async def test_a_day_without_any_service_before_that_cost_nothing() -> None:
    quiet = TODAY - timedelta(days=10)
    bill = await own(GetCostAndUsage=usage(lambda day: {} if day == quiet else {("AWS Lambda",): 8.0}))
    assert by_day(bill, "daily_usd")[quiet] == 0.0


async def test_a_service_that_costs_next_to_nothing_is_told_among_the_others() -> None:
    crowd: dict[tuple[str, ...], float] = {(f"Service {number}",): 0.00002 for number in range(5)}
    bill = await own(GetCostAndUsage=usage(lambda _: {("AWS Lambda",): 1.0, **crowd}))
    assert [name for name in bill.series if name.startswith("service:")] == ["service:AWS Lambda", "service:all others"]
    assert by_day(bill, "service:all others")[TODAY] == pytest.approx(0.0001)


async def test_credits_are_less_than_nothing() -> None:
    bill = await own(GetCostAndUsage=usage(lambda _: {("AWS Lambda",): 1.0, ("Tax",): 0.2, ("AWS Support",): -3.0}))
    assert bill.facts["yesterday_usd"] == pytest.approx(-1.8)
    assert "service:AWS Support" in bill.series


async def test_another_currency_is_told_as_aws_says() -> None:
    def yuan(parameters: Mapping[str, Any]) -> Page:
        page = usage(steady)(parameters)
        for result in page["ResultsByTime"]:
            for group in result["Groups"]:
                group["Metrics"]["UnblendedCost"]["Unit"] = "CNY"
        return page

    assert (await own(GetCostAndUsage=yuan)).facts["currency"] == "CNY"
    assert "currency" not in (await own()).facts


# Last month, without paying for it again.


def asked_from(reader: RecordedReader) -> list[str]:
    return [
        parameters["TimePeriod"]["Start"] for operation, parameters in reader.asked if operation == "GetCostAndUsage"
    ]


async def test_the_first_look_asks_for_last_month_and_later_ones_for_less() -> None:
    first = RecordedReader(SERVICE, answers(), now=MID_MARCH)
    before = await look(first)
    assert asked_from(first) == ["2026-02-01"]
    later = RecordedReader(SERVICE, answers(), now=MID_MARCH + 6 * 3600)
    after = await look(later, before)
    assert asked_from(later) == ["2026-02-12"]
    assert named(after, ACCOUNT).series["daily_usd"] == named(before, ACCOUNT).series["daily_usd"]
    assert named(after, ACCOUNT).series.keys() == named(before, ACCOUNT).series.keys()


async def test_days_that_are_kept_move_on_with_the_month() -> None:
    before = await look(RecordedReader(SERVICE, answers(), now=MID_MARCH))
    april = NOW + 30 * 86_400
    after = named(await look(RecordedReader(SERVICE, answers(), now=april), before), ACCOUNT)
    assert min(by_day(after, "daily_usd")) == date(2026, 2, 26)
    assert None not in after.series["daily_usd"].values


async def test_after_a_long_pause_everything_is_asked_for_again() -> None:
    before = await look(RecordedReader(SERVICE, answers(), now=MID_MARCH))
    reader = RecordedReader(SERVICE, answers(), now=MID_MARCH + 80 * 86_400)
    await look(reader, before)
    assert asked_from(reader) == ["2026-05-01"]


async def test_a_tag_that_is_gone_stays_in_last_month_and_a_new_one_cost_nothing_then() -> None:
    gone_on, came_on = date(2026, 2, 8), date(2026, 3, 10)

    def stages(day: date) -> Mapping[tuple[str, ...], float]:
        found: dict[tuple[str, ...], float] = {("stage$prod", "AWS Lambda"): 4.0}
        if day < gone_on:
            found[("stage$pr7", "AWS Lambda")] = 1.0
        if day >= came_on:
            found[("stage$pr9", "AWS Lambda")] = 2.0
        return found

    options: dict[str, Any] = {"cost_tag": "stage", "linked": {ACCOUNT: ACCOUNT_ID}}
    reader = RecordedReader(SERVICE, answers(GetCostAndUsage=usage(stages)), now=MID_MARCH)
    before = await look(reader, **options)
    later = RecordedReader(SERVICE, answers(GetCostAndUsage=usage(stages)), now=MID_MARCH + 86_400)
    after = await look(later, before, **options)
    assert by_day(named(after, f"{ACCOUNT} pr7"), "daily_usd")[date(2026, 2, 3)] == 1.0
    assert named(after, f"{ACCOUNT} pr7").facts["month_to_date_usd"] == 0.0
    assert by_day(named(after, f"{ACCOUNT} pr9"), "daily_usd")[date(2026, 2, 3)] == 0.0
    whole = by_day(named(after, ACCOUNT), "daily_usd")
    assert whole[date(2026, 2, 3)] == 5.0


async def test_an_older_store_without_days_of_services_is_read_anew() -> None:
    before = await look(RecordedReader(SERVICE, answers(), now=MID_MARCH))
    plain = [
        replace(bill, series={name: one for name, one in bill.series.items() if name == "daily_usd"})
        for bill in before.resources
    ]
    reader = RecordedReader(SERVICE, answers(), now=MID_MARCH + 86_400)
    await look(reader, Discovery(tuple(plain)))
    assert asked_from(reader) == ["2026-02-01"]


async def test_what_the_store_gives_back_is_what_was_seen() -> None:
    found = await look(RecordedReader(SERVICE, answers()))
    seen = observed(SERVICE, found, at=NOW)
    assert decode(seen.slot, seen.account_id, encode(seen)).resources == found.resources
