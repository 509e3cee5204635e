"""The cost screen where bills are old, foreign, unseen or shared; at every size; and what looking costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.snapshot import MeterLine, MeterReading
from screens.cost import CostScreen
from screens.scope import Scope
from tests.ui.bills import ASKED, SHOP, costly, environment, made, spending, steady, usual
from tests.ui.costing import costs, names
from widgets.cost_list import CostList


async def test_the_look_ups_and_the_cockpit_have_a_price() -> None:
    async with costs() as on:
        text = on.text()
        assert "bill as of 11:32, 3 h ago" in text
        assert "asked and paid in hub · nothing from alone" in text
        assert "3 look-ups since 11:32 for $0.03" in text
        assert "$0.11 of $2.00 today" in text
        assert "hub GetCostAndUsage $0.03" in text


async def test_a_bill_from_the_store_was_not_paid_for_again() -> None:
    whole = replace(usual(), meter=MeterReading(ASKED, (MeterLine("shop", "lambda", "ListFunctions", 4),)))
    async with costs(whole) as on:
        assert "no look-up since 11:32: the bill came from the store" in on.text()


async def test_what_is_in_view_is_added_up() -> None:
    async with costs() as on:
        before = on.app.screen.query_one(CostList).rows[0].month.known
        on.app.look_only_at(Scope(accounts=frozenset({"nobody"})))
        await on.settle()
        assert on.app.screen.query_one(CostList).rows == ()
        assert before > 0


async def test_the_rows_can_be_saved() -> None:
    async with costs() as on:
        table = on.screen(CostScreen).table()
        keys = [column.key for column in table.columns]
        known = {row[keys.index("name")]: row for row in table.rows}
        assert known["prod"][keys.index("below")] == "shop"
        assert known["away"][keys.index("month")] is None
        assert known["away"][keys.index("unknown_parts")] == 1
        assert known["prod"][keys.index("last_7_days")] == pytest.approx(98.0)


async def test_another_currency_is_told_and_not_compared() -> None:
    yuan = made("shop", spending(steady(lambda_=10.0), currency="CNY"))
    async with costs(costly(environment("shop/prod", (yuan,), budget=100.0), bills=(yuan,))) as on:
        line = on.line("prod", "CNY")
        assert "CNY 182" in line
        assert "?" in line
        await on.press("j", "j")
        assert "the budget is in USD, the bill in CNY" in on.text()


async def test_nothing_is_asked_for_by_looking() -> None:
    async with costs() as on:
        assert on.screen(CostScreen).slots_in_view(on.engine.snapshot) == frozenset()


async def test_a_fleet_without_bills_says_so() -> None:
    async with costs(costly(bills=())) as on:
        assert "No environment names the service cost" in on.text()


@pytest.mark.parametrize(("size", "ascii_only"), [((80, 24), True), ((120, 40), False), ((200, 60), True)])
async def test_it_is_whole_at_every_size(size: tuple[int, int], ascii_only: bool) -> None:
    async with costs(size=size, ascii=ascii_only) as on:
        for group in ("environment", "service", "account"):
            on.screen(CostScreen).group_by(group)
            await on.settle()
            lines = on.lines()
            assert all(len(line) == size[0] for line in lines)
            assert "THIS MONTH" in on.text()
            assert "BIGGEST MOVERS" in on.text()
            assert "bill as of" in on.text()
            if ascii_only:
                assert on.text().isascii()


async def test_a_shared_screen_shows_it_too() -> None:
    async with costs(read_only=True) as on:
        on.screen(CostScreen)
        assert "prod" in names(on)
        assert "111122223333" not in on.text()


async def test_a_bill_of_last_month_tells_nothing_about_this_one() -> None:
    old = replace(SHOP["prod"], facts={**SHOP["prod"].facts, "month": "2026-02"})
    async with costs(costly(environment("shop/prod", (old,), budget=200.0), bills=(old,))) as on:
        assert on.line("prod", "$200").split("PROD")[-1].split("prod")[-1].split()[:3] == ["?", "?", "?"]
        assert "still that of last month" in on.text()
