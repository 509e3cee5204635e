"""The cost screen: every bill counted once, what is not known never zero, and one row leads to its place."""

from __future__ import annotations

import pytest

from cockpit.model.ids import EnvironmentId
from screens.accounts import AccountsScreen
from screens.cost import CostScreen
from screens.environment import EnvironmentScreen
from screens.service import ServiceScreen
from tests.ui.bills import SHOP, costly, environment
from tests.ui.costing import costs, names
from widgets.cost_list import CostList
from widgets.movers import MoverList


async def test_one_key_leads_to_the_costs_dearest_first() -> None:
    async with costs() as on:
        on.screen(CostScreen)
        assert "cost › by environment" in on.lines()[0]
        # 8 days at 14 dollars, 10 at 6, a quarter of today.
        assert names(on)[:4] == ["everything", "shop", "prod", "dev"]
        assert on.line("PROD").split("PROD")[1].split()[:6] == ["$176", "$14.00", "$354", "$200", "88", "%"]


async def test_every_bill_counts_once_however_many_environments_share_it() -> None:
    async with costs() as on:
        lab = on.line("lab")
        assert lab.count("$54.75") == 1
        assert "$54.75" in on.line("● ", "one")
        assert "$54.75" in on.line("● ", "two")
        await on.press("end")
        listing = on.app.screen.query_one(CostList)
        listing.move_to("environment|lab/two")
        await on.settle()
        assert "the same bill counts in lab/one; above it is counted once" in on.text()


async def test_the_parts_add_up_to_everything() -> None:
    async with costs() as on:
        rows = {one.key: one for one in on.app.screen.query_one(CostList).rows}
        tops = [one for one in rows.values() if one.depth == 1]
        assert rows["all"].month.known == pytest.approx(sum(one.month.known for one in tops))
        assert rows["all"].forecast.known == pytest.approx(sum(one.forecast.known for one in tops))
        for group in ("service", "account"):
            on.screen(CostScreen).group_by(group)
            await on.settle()
            other = on.app.screen.query_one(CostList).rows
            assert other[0].month == rows["all"].month
            known = sum(one.month.known for one in other if one.depth == 1)
            assert known == pytest.approx(rows["all"].month.known, abs=0.01)


async def test_what_nobody_tagged_has_a_row_of_its_own() -> None:
    async with costs() as on:
        assert "$9.12" in on.line("no environment")
        assert "$9.12" in on.line("shop untagged")


async def test_an_unknown_bill_is_never_zero() -> None:
    async with costs() as on:
        far = on.line("?", "away")
        assert "$0" not in far
        assert far.split("away")[1].split()[:3] == ["?", "?", "?"]
        everything = on.line("everything", "+ ?")
        assert everything.lstrip().startswith("?")
        assert "denied ce:GetCostAndUsage" in on.text()
        assert "part of it is not known" in on.text()


async def test_fixed_lines_stand_by_themselves() -> None:
    async with costs() as on:
        assert "$19.00" in on.line("Vercel (fixed)")
        main = on.line("main", "$31.00")
        # Nothing of it is measured by the day.
        assert "–" in main
        on.app.screen.query_one(CostList).move_to("fixed|watch/main|Vercel")
        await on.settle()
        assert "a fixed monthly cost from the configuration" in on.text()


async def test_the_budget_is_told_in_words() -> None:
    async with costs() as on:
        await on.press("j", "j")
        assert "will be over by $154" in on.text()
        assert "$6.45 a day is the budget" in on.text()
        await on.press("j")
        assert "within budget" in on.line("dev ", "share by the cost tag")


async def test_the_band_tells_the_month() -> None:
    whole = costly(environment("shop/prod", (SHOP["prod"],), budget=500.0), bills=(SHOP["prod"],))
    async with costs(whole) as on:
        titles, figures = on.lines()[2:4]
        assert "MARCH SO FAR" in titles
        assert "day 19 of 31" in figures
        assert "within budget" in figures
        assert "$14.00" in figures
        # 9 days at 6 dollars and 8 at 14, against 17 days at 6.
        assert "LAST MONTH BY THE 17TH" in titles
        assert "$102" in figures


async def test_over_the_budget_already() -> None:
    whole = costly(environment("shop/prod", (SHOP["prod"],), budget=100.0), bills=(SHOP["prod"],))
    async with costs(whole) as on:
        assert "over by $75" in on.lines()[3]


async def test_movers_are_those_of_the_row_under_the_cursor() -> None:
    async with costs() as on:
        movers = on.app.screen.query_one(MoverList)
        assert [(one.where, one.what) for one in movers.movers] == [("shop/prod", "Amazon Relational Database Service")]
        assert "+$56.00" in on.line("Relational Database Service", "shop/prod")
        on.app.screen.query_one(CostList).move_to("environment|shop/dev")
        await on.settle()
        assert movers.movers == ()
        assert "Nothing has moved by 5 cents." in on.text()


async def test_enter_leads_to_environment_service_and_account() -> None:
    async with costs() as on:
        listing = on.app.screen.query_one(CostList)
        listing.move_to("environment|shop/prod")
        await on.press("enter")
        assert on.screen(EnvironmentScreen).environment_id() == EnvironmentId("shop", "prod")
        await on.press("escape", "b")
        listing.move_to("service|AWS Lambda")
        await on.press("enter")
        assert on.screen(ServiceScreen).trail() == ("fleet", "Lambda")
        await on.press("escape", "b")
        listing.move_to("account|shop")
        await on.press("enter")
        on.screen(AccountsScreen)


async def test_enter_on_a_mover_leads_to_its_environment() -> None:
    async with costs() as on:
        await on.press("2", "enter")
        assert on.screen(EnvironmentScreen).environment_id() == EnvironmentId("shop", "prod")


async def test_from_an_environment_the_cursor_is_on_it() -> None:
    async with costs(open_it=False) as on:
        await on.command("lab two")
        await on.press("C")
        assert on.app.screen.query_one(CostList).cursor_key == "environment|lab/two"


async def test_a_system_folds_and_unfolds() -> None:
    async with costs() as on:
        await on.press("j", "space")
        assert "prod" not in names(on)
        assert names(on)[:3] == ["everything", "shop", "lab"]
        await on.press("enter")
        assert "prod" in names(on)


async def test_siblings_are_sorted_by_any_column() -> None:
    async with costs() as on:
        await on.press("left", "S")
        assert [name for name in names(on) if name in {"far", "lab", "shop", "watch"}] == [
            "far",
            "lab",
            "shop",
            "watch",
        ]
        await on.press("S")
        assert [name for name in names(on) if name in {"far", "lab", "shop", "watch"}] == [
            "watch",
            "shop",
            "lab",
            "far",
        ]


async def test_a_filter_keeps_what_is_above_and_below() -> None:
    async with costs() as on:
        await on.press("slash")
        await on.write("budget>150 budget<300")
        assert names(on) == ["everything", "shop", "prod"]
        await on.write("shop")
        assert names(on) == ["everything", "shop", "prod", "dev", "no environment", "shop untagged"]
        # In the filter, b is a letter.
        await on.press("b")
        assert on.screen(CostScreen).trail()[1] == "by environment"
        await on.press("escape")
        assert "lab" in names(on)
        on.screen(CostScreen)


async def test_the_way_to_group_is_remembered() -> None:
    async with costs() as on:
        await on.press("j", "j", "b")
        assert "by AWS service" in on.lines()[0]
        assert on.app.screen.query_one(CostList).cursor_key == "all"
        await on.press("escape", "C")
        assert "by AWS service" in on.lines()[0]
        await on.command("Group by account")
        assert "by account" in on.lines()[0]
        assert names(on)[1:5] == ["shop", "prod", "dev", "not tagged"]
        await on.press("j")
        assert "hub pays for it, and was asked" in on.text()
