"""Logging in from the accounts screen: the code, what becomes of it, and who may."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cockpit.model.inquiry import LoginState, LoginStep
from cockpit.model.snapshot import Snapshot
from screens.accounts import AccountsScreen
from screens.browser import open_page
from screens.commands import commands
from screens.login import LoginScreen
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from widgets.large_code import LargeCode, large_lines
from widgets.line import text_of, width_of

URL = "https://corp.example/start/#/device?user_code=WQMK-BXZR"
WAITING = LoginStep("combo-sso", LoginState.WAITING, ("combo-dev",), URL, "WQMK-BXZR", NOW + 581)


class Browser:
    """A browser of this machine that opens nothing."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, url: str, *_: object) -> bool:
        self.opened.append(url)
        return True


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The only browser there is, as the standard library finds it."""
    one = Browser()
    webbrowser.register("cockpit-tests", None, one)  # type: ignore[arg-type]
    monkeypatch.setattr(webbrowser, "_tryorder", ["cockpit-tests"])
    yield one
    webbrowser._browsers.pop("cockpit-tests", None)  # type: ignore[attr-defined]


async def tell(on: Drive, step: LoginStep) -> None:
    """The engine tells a step."""
    on.engine.logins[step.login](step)
    await on.settle()


def told(on: Drive) -> str:
    """Everything that was notified."""
    return " ".join(f"{one.title}: {one.message}" for one in on.app._notifications)


async def begun(on: Drive) -> None:
    await on.press("A", "L")
    on.screen(LoginScreen)
    await tell(on, WAITING)


async def test_expired_then_a_key_then_a_code_then_the_accounts_are_seen_again(browser: Browser) -> None:
    async with drive() as on:
        assert "combo-sso expired" in on.lines()[1]
        await on.press("A")
        assert on.line("? combo-sso", "expired", "1 account unseen", "L logs in")
        assert on.engine.logins == {}
        await on.press("L")
        assert on.line("Asking for a code")
        await tell(on, WAITING)
        assert on.screen(LoginScreen).query_one(LargeCode).code == "WQMK-BXZR"
        assert on.line(URL)
        assert on.line("Waiting until it is confirmed", "10 min left")
        assert on.line("Then seen again: combo-dev")
        on.engine.publish(_logged_in())
        await tell(on, LoginStep("combo-sso", LoginState.DONE, ("combo-dev",)))
        on.screen(AccountsScreen)
        assert told(on) == "Logged in to combo-sso: combo-dev is seen again."
        assert on.line("● combo-sso", "8 h left", "1 account")
        assert "expired" not in on.lines()[1]
        assert browser.opened == []


def _logged_in() -> Snapshot:
    snapshot = fleet(2, expired=False)
    accounts = (
        replace(one, expires_at=NOW + 8 * 3600) if one.name == "combo-dev" else one for one in snapshot.accounts
    )
    return replace(snapshot, accounts=tuple(accounts))


async def test_a_waiting_code_is_opened_and_copied_when_asked_for_only_and_given_up_by_escape(browser: Browser) -> None:
    async with drive() as on:
        await begun(on)
        assert (browser.opened, on.app.clipboard) == ([], "")
        await on.press("o")
        await on.app.workers.wait_for_complete()
        assert browser.opened == [URL]
        await on.press("c")
        assert on.app.clipboard == URL
        await on.press("escape")
        on.screen(AccountsScreen)
        assert on.engine.given_up == ["combo-sso"]
        # What is told late finds nobody.
        await tell(on, LoginStep("combo-sso", LoginState.CANCELLED))
        on.screen(AccountsScreen)


async def test_where_no_browser_can_be_opened_the_address_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    async with drive() as on:
        await begun(on)
        await on.press("o")
        await on.app.workers.wait_for_complete()
        await on.settle()
        assert on.app.clipboard == URL
        assert "No browser can be opened on this machine" in told(on)


def test_a_browser_of_text_and_an_address_that_is_none_are_not_opened(
    monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    assert not open_page("file:///etc/passwd")
    assert browser.opened == []
    webbrowser.register("cockpit-tests", None, webbrowser.GenericBrowser("false"))
    assert not open_page(URL)


async def test_what_failed_is_said_and_can_be_begun_again() -> None:
    async with drive(size=(80, 24)) as on:
        await begun(on)
        for sentence in ("The code was not confirmed in time; begin again.", "The request was refused in the browser."):
            await tell(on, LoginStep("combo-sso", LoginState.FAILED, ("combo-dev",), message=sentence))
            assert on.line("?", sentence)
            assert URL not in on.text()
            first = on.engine.logins["combo-sso"]
            await on.press("c")
            assert on.app.clipboard == "aws sso login --sso-session combo-sso"
            await on.press("r")
            assert on.line("Asking for a code")
            # The attempt before is over, whatever it still has to say.
            first(WAITING)
            await on.settle()
            assert on.line("Asking for a code")
            await tell(on, WAITING)
            assert on.line(URL)


async def test_accounts_that_stay_unseen_in_spite_of_it_are_named() -> None:
    async with drive() as on:
        await begun(on)
        step = LoginStep("combo-sso", LoginState.DONE, (), message="Still unseen: combo-dev (denied sts:AssumeRole).")
        await tell(on, step)
        assert told(on) == "Logged in to combo-sso: Still unseen: combo-dev (denied sts:AssumeRole)."


async def test_l_logs_in_to_what_helps_the_account_under_the_cursor() -> None:
    async with drive() as on:
        await on.press("A")
        # Its own, early; then the only one that has run out.
        for account, login in (("combo-media", "media-sso"), ("timeclout", "combo-sso")):
            on.screen(AccountsScreen)._list.move_to(account)
            await on.press("L")
            assert list(on.engine.logins)[-1] == login
            await on.press("escape")
        assert on.engine.given_up == ["media-sso", "combo-sso"]


async def test_where_no_login_helps_it_is_said() -> None:
    async with drive(fleet(expired=False)) as on:
        await on.press("A")
        on.screen(AccountsScreen)._list.move_to("timeclout")
        await on.press("L")
        on.screen(AccountsScreen)
        assert "timeclout hangs on no login (profile timeclout)." in told(on)


async def test_a_click_on_a_login_begins_it() -> None:
    async with drive() as on:
        await on.press("A")
        await on.pilot.click("#logins", offset=(5, 1))
        await on.settle()
        on.screen(LoginScreen)
        assert list(on.engine.logins) == ["media-sso"]


async def test_the_palette_logs_in() -> None:
    async with drive() as on:
        await on.command("log in to media-sso")
        on.screen(LoginScreen)
        assert list(on.engine.logins) == ["media-sso"]


async def test_on_a_shared_screen_nobody_logs_in() -> None:
    async with drive(read_only=True) as on:
        await on.press("A")
        screen = on.screen(AccountsScreen)
        await on.press("L")
        on.screen(AccountsScreen)
        assert "L logs in" not in on.text()
        assert "accounts.log_in" not in {one.binding.id for one in screen.active_bindings.values()}
        await on.pilot.click("#logins", offset=(5, 0))
        await on.settle()
        on.screen(AccountsScreen)
        assert on.engine.logins == {}
        assert not any("log in" in one.title.lower() for one in commands(on.app))


async def test_in_the_demo_it_is_said_that_the_code_confirms_itself() -> None:
    async with drive() as on:
        on.app.context = replace(on.app.context, demo=True)
        await on.press("A")
        await on.press("L")
        await tell(on, WAITING)
        assert on.line("confirms the code by itself")


async def test_the_dialog_fits_the_smallest_screen_in_ascii_too() -> None:
    async with drive(size=(80, 24), ascii=True) as on:
        await begun(on)
        assert on.line(URL)
        assert on.line("####", "#####")
        assert on.line("Then seen again: combo-dev")
        assert on.text().isascii()


def test_a_code_is_large_where_there_is_room_and_whole_always() -> None:
    lines = large_lines("WQMK-BXZR", 60, plain=False)
    assert len(lines) == 3
    assert {width_of(line) for line in lines} == {9 * 6 - 1}
    assert len(large_lines("WQMK-BXZR", 60, plain=True)) == 5
    for code, width in (("WQMK-BXZR", 50), ("WQÄMK", 60)):
        assert [text_of(line) for line in large_lines(code, width, plain=False)] == [code]
    assert large_lines("", 60, plain=False) == ()


def test_every_letter_of_a_code_looks_different() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    assert len({tuple(map(text_of, large_lines(one, 60, plain=True))) for one in letters}) == len(letters)
