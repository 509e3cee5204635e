"""A service's table, key by key: filtered, sorted, and of one environment or the whole fleet."""

from __future__ import annotations

from screens.home import HomeScreen
from screens.service import ServiceScreen
from screens.table_memory import order_of
from tests.ui.driving import drive
from widgets.filter_bar import FilterBar
from widgets.table import ResourceTable


async def test_filter_then_sort_then_only_what_needs_attention() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter")
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        await on.press("slash")
        await on.write("p99>700ms")
        await on.press("enter")
        assert {row.name for row in table.shown} == {"mailer-5", "payments-11", "users-3"}
        await on.press("right", "S")
        figures = [float(row.values["error_percent"] or 0) for row in table.shown]
        assert figures == sorted(figures, reverse=True)
        await on.press("S")
        assert [float(row.values["error_percent"] or 0) for row in table.shown] == figures[::-1]
        await on.press("escape")
        assert len(table.shown) == 12
        await on.press("ctrl+z")
        assert [row.name for row in table.shown] == ["checkout:live"]
        await on.press("escape")
        assert len(table.shown) == 12
        await on.press("escape")
        on.screen(HomeScreen)


async def test_a_wrong_filter_is_explained_and_the_last_right_one_stays() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter", "slash")
        await on.write("mailer")
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        assert [row.name for row in table.shown] == ["mailer-5"]
        await on.write("mailer colour=red")
        assert on.line("no field 'colour'")
        assert [row.name for row in table.shown] == ["mailer-5"]


async def test_a_filter_that_matches_nothing_says_so() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter", "slash")
        await on.write("nothing-like-it")
        assert on.line("None of 12 matches the filter.")


async def test_a_click_on_a_title_sorts_and_a_second_one_reverses() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter")
        table = on.screen(ServiceScreen).query_one(ResourceTable)
        where = on.lines()[2].index("CALLS")
        await on.pilot.click(ResourceTable, offset=(where + 1, 0))
        assert order_of(table.order) == (("invocations", True),)
        await on.pilot.click(ResourceTable, offset=(where + 1, 0))
        assert order_of(table.order) == (("invocations", False),)


async def test_the_whole_fleet_of_one_service_has_environment_and_account_columns() -> None:
    async with drive(size=(160, 40)) as on:
        await on.command("lambda whole")
        header = on.line("NAME", "ENVIRONMENT")
        assert "ACCOUNT" in header
        assert "REGION" not in header
        assert on.line("checkout:live", "tim-combo/prod", "combo-sandbox")


async def test_the_filter_bar_is_closed_by_esc_and_kept_by_enter() -> None:
    async with drive() as on:
        await on.press("j", "right", "enter", "slash")
        await on.write("mail")
        await on.press("enter")
        bar = on.screen(ServiceScreen).query_one(FilterBar)
        assert bar.is_open
        assert on.line("filter: mail")
        await on.press("slash", "escape")
        assert not bar.is_open
