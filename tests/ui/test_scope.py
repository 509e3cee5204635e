"""Accounts and regions in view: chosen with a picker, told in the header, applied to every list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.model.ids import SlotId
from cockpit.model.snapshot import Snapshot
from screens.accounts import AccountsScreen
from screens.app import CockpitApp
from screens.context import Forgetful
from screens.environment import EnvironmentScreen
from screens.home import HomeScreen
from screens.picker import PickerScreen
from screens.places import ServicePlace
from screens.scope import EVERYTHING, InView, Scope, narrowed, regions_in_use
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import ACCOUNTS
from tests.ui.specs import CATALOGUE
from widgets.accounts_list import AccountList
from widgets.choices import Choices
from widgets.matrix import FleetMatrix

SIZES = ((80, 24), (120, 40))


def matrix_of(on: Drive) -> set[str]:
    """Environments that home shows."""
    assert isinstance(on.app, CockpitApp)
    return set(on.screen(HomeScreen).query_one(FleetMatrix).keys)


async def choose_only(on: Drive, *rows: int) -> None:
    """In an open picker: nothing but these rows."""
    await on.press("n")
    for row in rows:
        await on.press("g", *["j"] * row, "space")
    await on.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_choice_of_accounts_shows_fewer_environments_and_says_so(size: tuple[int, int]) -> None:
    async with drive(size=size) as on:
        whole = matrix_of(on)
        await on.press("P")
        assert "10 of 10 accounts in view" in on.text()
        assert on.line("[x] timeclout", "111111111111")
        await choose_only(on, 0, 4)
        assert matrix_of(on) == {
            "timeclout/production",
            "timeclout/pr123",
            "timeclout/pr131",
            "scheduler/production",
        }
        assert len(whole) == 16
        assert "2 of 10 accounts" in on.lines()[0]
        assert "fleet " in on.lines()[0]
        assert "findings not in view" in on.line("ATTENTION")
        assert "tim-combo" not in on.text()
        assert all(len(line) == size[0] for line in on.lines())


async def test_severities_in_the_header_stay_those_of_the_whole_fleet() -> None:
    async with drive(size=(200, 40)) as on:
        before = on.lines()[0].partition("✖")[2].partition("READ-ONLY")[0].split()
        await on.press("P")
        await choose_only(on, 0)
        counted = on.lines()[0].partition("✖")[2].split()
        assert counted[0] == before[0]
        assert "3 of 16 environments" in on.lines()[0]


async def test_esc_changes_nothing() -> None:
    async with drive() as on:
        before = on.text()
        await on.press("P", "n", "space", "escape")
        assert on.text() == before
        assert on.app.scope is EVERYTHING


async def test_nothing_is_no_choice() -> None:
    async with drive() as on:
        await on.press("P", "n", "enter")
        assert isinstance(on.app.screen, PickerScreen)
        assert "Nothing is chosen" in on.text()
        await on.press("space")
        assert "Nothing is chosen" not in on.text()
        assert "1 of 10 accounts in view" in on.text()


async def test_a_choice_that_leaves_no_environment_is_refused() -> None:
    spare = replace(fleet().accounts[0], name="spare", account_id="555555555501", labels={"team": "none"})
    async with drive(replace(fleet(), accounts=(*fleet().accounts, spare))) as on:
        await on.press("P")
        assert on.line("spare", "555555555501", "team=none")
        await choose_only(on, 10)
        assert "No environment draws on this choice." in on.text()
        assert on.app.scope is EVERYTHING


async def test_all_and_everything_bring_the_rest_back() -> None:
    async with drive() as on:
        whole = matrix_of(on)
        await on.press("P")
        await choose_only(on, 0)
        await on.press("P", "a", "enter")
        assert matrix_of(on) == whole
        assert on.app.scope == EVERYTHING
        await on.press("P")
        await choose_only(on, 0)
        await on.command("everything in view")
        assert matrix_of(on) == whole
        assert " of 10 accounts" not in on.lines()[0]


async def test_when_what_was_in_view_is_gone_home_says_why_it_is_empty() -> None:
    async with drive() as on:
        await on.press("P")
        await choose_only(on, 0)
        gone = tuple(one for one in fleet(2).environments if one.id.system != "timeclout")
        await on.publish(replace(fleet(2), environments=gone))
        assert matrix_of(on) == set()
        assert "No environment draws on the accounts and regions in view." in on.text()


async def test_it_survives_a_refresh_and_another_screen() -> None:
    async with drive() as on:
        await on.press("P")
        await choose_only(on, 0)
        await on.publish(fleet(2))
        assert len(matrix_of(on)) == 3
        await on.press("A")
        assert set(on.screen(AccountsScreen).query_one(AccountList).keys) == {"timeclout"}
        assert "1 of 10 accounts" in on.lines()[0]
        await on.press("escape", "j", "enter")
        on.screen(EnvironmentScreen)
        assert "1 of 10 accounts" in on.lines()[0]


async def test_a_table_shows_rows_in_view_and_counts_the_others() -> None:
    async with drive() as on:
        on.app.visit(ServicePlace("lambda"))
        await on.settle()
        assert "tim-combo/prod" in on.text()
        await on.press("P")
        await choose_only(on, 0)
        assert "tim-combo/prod" not in on.text()
        assert "timeclout/" in on.text()
        assert "more not in view" in on.text()
        assert [line for line in on.lines()[2:] if "combo" in line] == []


async def test_the_picker_opens_from_the_palette_and_help_names_its_key() -> None:
    async with drive() as on:
        await on.press("question_mark")
        assert on.line("Choose which accounts are shown", "P")
        assert on.line("Choose which regions are shown", "R")
        await on.press("escape")
        await on.command("regions in view")
        assert isinstance(on.app.screen, PickerScreen)
        assert "1 of 1 regions in view" in on.text()


async def test_polling_does_not_know_of_it() -> None:
    async with drive() as on:
        await on.press("P")
        await choose_only(on, 0)
        await on.press("ctrl+r")
        assert on.engine.refreshed == [None]
        assert on.engine.looked_at == []


async def test_the_picker_is_ascii_where_only_that_can_be_shown() -> None:
    async with drive(size=(80, 24), ascii=True) as on:
        await on.press("P", "space")
        assert [line for line in on.lines() if not line.isascii()] == []
        assert on.line("[ ] timeclout")
        assert on.line("[x] sched-local")


def two_regions() -> Snapshot:
    """The fleet with the databases of trinity's production account in another region."""
    whole = fleet()
    moved = next(state for state in whole.environments if str(state.id) == "trinity/production")
    cell = replace(moved.cells["lambda"], slots=(SlotId("trinity-prod", "eu-north-1", "lambda"),))
    cells = {**{key: moved.cells[key] for key in ("cloudfront", "cost")}, "lambda": cell}
    states = tuple(replace(one, cells=cells) if one is moved else one for one in whole.environments)
    accounts = tuple(
        replace(one, regions=("eu-north-1",)) if one.name == "trinity-prod" else one for one in whole.accounts
    )
    return replace(whole, environments=states, accounts=accounts)


async def test_regions_are_chosen_likewise() -> None:
    async with drive(two_regions(), size=(80, 24)) as on:
        await on.press("R")
        assert [line for line in on.lines() if "[x]" in line and "us-east-1" in line] == []
        await choose_only(on, 1)
        assert "1 of 2 regions" in on.lines()[0]
        assert "trinity/production" not in matrix_of(on)
        assert "tim-combo/prod" in matrix_of(on)


def view_of(scope: Scope) -> InView:
    return InView.of(scope, CATALOGUE.services)


def test_what_is_in_no_region_does_not_bring_an_environment_into_one() -> None:
    snapshot = two_regions()
    assert regions_in_use(snapshot, view_of(EVERYTHING)) == ("eu-north-1", "eu-west-1")
    there = narrowed(snapshot, view_of(Scope(regions=frozenset({"eu-north-1"}))))
    assert "trinity/production" in {str(state.id) for state in there.environments}
    assert "trinity/development" not in {str(state.id) for state in there.environments}
    assert [account.name for account in there.accounts] == ["trinity-prod"]


def test_a_bill_is_in_view_with_its_environment_whoever_is_asked_for_it() -> None:
    snapshot = fleet()
    in_view = view_of(Scope(accounts=frozenset({"timeclout"})))
    state = next(one for one in snapshot.environments if str(one.id) == "timeclout/production")
    other = next(one for one in snapshot.environments if str(one.id) == "trinity/production")
    bill = replace(in_view, bills=frozenset({"cost"}))
    payer = SlotId("payer", "us-east-1", "cost")
    assert bill.holds_part(payer, state)
    assert not bill.holds_part(payer, other)
    assert not bill.holds_part(replace(payer, service="lambda"), state)


async def test_a_slash_shows_fewer_choices_and_forgets_none() -> None:
    async with drive() as on:
        await on.press("P", "slash", *"combo")
        assert on.line("combo-dev", "333333333301")
        assert "trinity-prod" not in on.app.screen.query_one(Choices).render_line(0).text
        assert on.line("10 of 10 accounts in view")
        # The first enter leads to the list, a letter that is typed there is a key again, and the second applies.
        await on.press("enter", "n", "escape", "enter")
        assert on.app.scope.accounts == frozenset(ACCOUNTS) - {"combo-dev", "combo-sandbox", "combo-media"}


async def test_esc_shows_all_choices_again_before_it_leaves() -> None:
    async with drive() as on:
        await on.press("P", "slash", *"combo", "down", "space", "escape")
        assert on.line("9 of 10 accounts in view")
        assert on.line("trinity-prod")
        await on.press("escape")
        assert on.app.scope is EVERYTHING


async def test_what_is_in_view_is_remembered_as_far_as_it_is_still_there() -> None:
    kept = Forgetful()
    async with drive(preferences=kept) as on:
        await on.press("P", "n", "space", "enter")
        chosen = on.app.scope.accounts
        assert chosen is not None
        assert len(chosen) == 1
    async with drive(preferences=kept) as on:
        assert on.app.scope.accounts == chosen
        assert "1 of 10 accounts" in on.text()
        await on.command("everything in view")
    async with drive(preferences=kept) as on:
        assert on.app.scope is EVERYTHING
    kept.remember("scope", {"accounts": ["gone"], "regions": 7})
    async with drive(preferences=kept) as on:
        assert on.app.scope is EVERYTHING


async def test_compact_chrome_is_remembered() -> None:
    kept = Forgetful()
    async with drive(preferences=kept) as on:
        await on.press("ctrl+e")
    async with drive(preferences=kept) as on:
        assert "oldest data" not in on.text()
