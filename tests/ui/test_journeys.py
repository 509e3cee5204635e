"""What people come for, key by key."""

from __future__ import annotations

import pytest

from cockpit.model.ids import SlotId
from screens.accounts import AccountsScreen
from screens.environment import EnvironmentScreen
from screens.errors import ErrorsScreen
from screens.home import HomeScreen
from screens.resource import ResourceScreen
from screens.service import ServiceScreen
from tests.ui.driving import drive
from tests.ui.fleet import fleet
from widgets.board import PanelBoard
from widgets.facts import FactList


async def test_home_tells_at_once_what_is_wrong_and_why() -> None:
    async with drive() as on:
        assert on.line("tim-combo", "prod", "PROD", "✖ err 7.2 %")
        told = on.line("tim-combo/prod", "checkout:live")
        assert "error rate 7.2 % > 5.0 % for 6 min" in told
        assert "14:26" in told
        assert "version 42" in told


async def test_two_keys_from_home_lead_to_the_failing_release() -> None:
    async with drive() as on:
        await on.press("2", "enter")
        on.screen(ResourceScreen)
        assert "tim-combo/prod › lambda › checkout:live PROD" in on.lines()[0]
        assert on.line("error rate", "7.2 %", "limit > 5.0 %")
        assert on.line("5.0 %┤", "╌╌╌")
        assert on.line("version", "42")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_what_is_broken_and_why_is_found_in_three_keys(size: tuple[int, int]) -> None:
    async with drive(size=size) as on:
        # No key: what is worst, by how much, and what changed then.
        assert on.line("error rate 7.2 % > 5.0 % for 6 min", "after version 42")
        await on.press("tab", "enter")
        on.screen(ResourceScreen)
        # Two keys: its course with the limit, and since when.
        assert "checkout:live PROD" in on.lines()[0]
        assert on.line("5.0 %┤", "╌╌╌")
        await on.press("escape")
        on.screen(HomeScreen)


async def test_environment_then_service_then_resource() -> None:
    async with drive() as on:
        await on.press("j", "enter")
        on.screen(EnvironmentScreen)
        assert on.line("1 LAMBDA", "✖ critical")
        await on.press("1", "enter")
        on.screen(ServiceScreen)
        assert on.line("✖ checkout:live", "7.2 %")
        await on.press("enter")
        on.screen(ResourceScreen)
        await on.press("escape", "escape", "escape")
        on.screen(HomeScreen)


async def test_left_and_right_choose_a_service_on_the_matrix() -> None:
    async with drive() as on:
        await on.press("right", "right", "enter")
        on.screen(ServiceScreen)
        assert "scheduler/staging › RDS" in on.lines()[0]


async def test_a_cause_that_hides_several_environments_leads_to_its_account() -> None:
    async with drive() as on:
        await on.press("2", "j", "j", "enter")
        on.screen(AccountsScreen)
        assert on.line("ACCOUNT combo-dev")
        assert on.line("remedy", "aws sso login --sso-session combo-sso")


async def test_what_may_not_be_read_names_permission_and_remedy() -> None:
    async with drive() as on:
        await on.press("exclamation_mark")
        on.screen(ErrorsScreen)
        assert on.line("missing permission", "lambda:ListFunctions")
        assert on.line("remedy", "Allow lambda:ListFunctions for the role cockpit-read.")


async def test_a_denied_service_is_unknown_in_words_and_not_an_empty_table() -> None:
    async with drive() as on:
        assert on.line("trinity", "production", "? denied")
        await on.press("2", "j", "j", "j", "j", "enter")
        on.screen(ServiceScreen)
        assert on.line("? trinity-prod eu-west-1", "denied lambda:ListFunctions")


async def test_cells_that_nobody_looked_at_wait_and_are_no_trouble_yet() -> None:
    async with drive() as on:
        assert on.line("scheduler", "dev", "○ waiting")
        assert "not looked at yet" not in on.text()
        await on.press(*"jjjjjjj", "enter")
        assert on.line("1 LAMBDA", "○ waiting")


async def test_a_click_chooses_a_cell_and_a_second_one_opens_it() -> None:
    async with drive() as on:
        lines = on.lines()
        row = next(index for index, line in enumerate(lines) if "tim-combo" in line and "PROD" in line)
        where = lines[2].index("DATABASE") + 2
        await on.pilot.click(offset=(where, row))
        await on.pilot.click(offset=(where, row))
        await on.pilot.pause()
        on.screen(ServiceScreen)
        assert "tim-combo/prod › RDS" in on.lines()[0]


async def test_digits_choose_panels() -> None:
    async with drive() as on:
        await on.press("j", "enter", "2")
        focused = on.app.focused
        assert isinstance(focused, PanelBoard)
        assert focused.chosen is not None
        assert focused.chosen.service == "rds"


async def test_related_things_can_be_followed() -> None:
    async with drive() as on:
        await on.press("2", "enter")
        assert str(on.screen(ResourceScreen).query_one("#facts", FactList).cursor_key).startswith("related|function")
        await on.press("enter")
        on.screen(ResourceScreen)
        assert "payments-1" in on.lines()[0]


async def test_raw_data_on_y_and_back_on_esc() -> None:
    async with drive() as on:
        await on.press("2", "enter", "y")
        assert on.line('"key": "arn:aws:lambda')
        await on.press("escape")
        on.screen(ResourceScreen)
        assert '"key"' not in on.text()


@pytest.mark.parametrize(
    ("keys", "copied"),
    [
        (("c",), "scheduler/staging"),
        (("2", "c"), "tim-combo/prod lambda checkout:live: error rate 7.2 % > 5.0 % for 6 min"),
        (("j", "right", "enter", "c"), "arn:aws:lambda:eu-west-1:333333333302:alias/prod-checkout:live"),
        (("A", "c"), "aws sso login --sso-session combo-sso"),
    ],
)
async def test_c_copies_what_is_under_the_cursor(keys: tuple[str, ...], copied: str) -> None:
    async with drive() as on:
        await on.press(*keys)
        assert on.app.clipboard == copied


async def test_the_palette_goes_to_places_and_does_things() -> None:
    async with drive() as on:
        await on.command("tim-combo prod lambda")
        on.screen(ServiceScreen)
        assert "tim-combo/prod › Lambda" in on.lines()[0]


async def test_the_palette_does_what_keys_do() -> None:
    async with drive() as on:
        await on.command("Pause or resume")
        assert on.engine.paused == [True]
        await on.command("Errors")
        on.screen(ErrorsScreen)
        await on.command("Home")
        on.screen(HomeScreen)


async def test_notices_stand_in_the_error_log() -> None:
    from dataclasses import replace

    async with drive(replace(fleet(), notices=("The stored state was damaged and has been set aside.",))) as on:
        await on.press("exclamation_mark")
        assert on.line("The stored state was damaged and has been set aside.")


async def test_refresh_and_what_is_looked_at_follow_the_screen() -> None:
    async with drive() as on:
        await on.press("ctrl+r")
        assert on.engine.refreshed == [None]
        await on.press("j", "right", "enter", "ctrl+r")
        slot = SlotId("combo-sandbox", "eu-west-1", "lambda")
        assert on.engine.refreshed[-1] == frozenset({slot})
        assert on.engine.looked_at[-1] == frozenset({slot})
        await on.press("escape")
        assert on.engine.looked_at[-1] == frozenset()


async def test_p_pauses_and_the_header_says_so() -> None:
    async with drive() as on:
        await on.press("p")
        assert on.engine.paused == [True]
        assert "PAUSED" in on.lines()[0]
        await on.press("p")
        assert on.engine.paused == [True, False]
        assert "PAUSED" not in on.lines()[0]


async def test_a_healthy_fleet_says_that_nothing_needs_attention() -> None:
    calm = fleet(
        bad_release=False, queue=False, database=False, denied=False, expired=False, stale=False, pending=False
    )
    async with drive(calm) as on:
        assert on.line("Nothing needs attention.")
        assert "● 16 ok" in on.lines()[0]


async def test_an_environment_that_has_gone_is_told() -> None:
    async with drive() as on:
        await on.press("j", "enter")
        snapshot = fleet()
        from dataclasses import replace

        left = tuple(one for one in snapshot.environments if str(one.id) != "tim-combo/prod")
        await on.publish(replace(snapshot, environments=left))
        assert on.line("tim-combo/prod is no longer there")


async def test_home_tells_the_finding_under_the_cursor_in_full() -> None:
    async with drive(fleet(), size=(120, 36)) as on:
        assert on.line("checkout:live", "tim-combo/prod", "since 14:26, 6 min ago")
        await on.press("2", "j")
        detail = on.app.screen.query_one("#detail")
        rows = detail.size.height
        assert rows >= 3
        item = on.screen(HomeScreen)._attention.chosen
        assert item is not None
        assert on.line(item.subject, item.where, "ago")
        await on.press("j")
        assert detail.size.height == rows
