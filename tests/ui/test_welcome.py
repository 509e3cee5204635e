"""The first run: nothing is configured yet."""

from __future__ import annotations

import termios
from pathlib import Path

import pytest

from screens.welcome import Choice, WelcomeApp
from tests.ui.terminals import terminal

SIZES = ((80, 24), (120, 40), (200, 60))


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_what_to_do_at_every_size(size: tuple[int, int]) -> None:
    async with WelcomeApp().run_test(size=size) as pilot:
        text = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        for words in ("Nothing is configured yet.", "Look at the demo", "Write a first profiles.toml", "Quit"):
            assert words in text
        assert all(len(strip.text) == size[0] for strip in pilot.app.screen._compositor.render_strips())


@pytest.mark.parametrize(
    ("keys", "choice"),
    [
        (("enter",), Choice.DEMO),
        (("down", "enter"), Choice.INIT),
        (("j", "j", "k", "enter"), Choice.INIT),
        (("j", "j", "enter"), Choice.QUIT),
        (("q",), Choice.QUIT),
        (("ctrl+c",), Choice.QUIT),
    ],
)
async def test_keys_choose(keys: tuple[str, ...], choice: Choice) -> None:
    app = WelcomeApp()
    async with app.run_test() as pilot:
        await pilot.press(*keys)
    assert app.return_value is choice


async def test_the_mouse_chooses() -> None:
    app = WelcomeApp()
    async with app.run_test() as pilot:
        await pilot.click("OptionList", offset=(3, 1))
    assert app.return_value is Choice.INIT


async def test_escape_does_not_leave() -> None:
    app = WelcomeApp()
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.return_value is None
        assert app.is_running


async def test_a_shared_screen_offers_to_write_nothing() -> None:
    app = WelcomeApp(offer_init=False)
    async with app.run_test() as pilot:
        await pilot.press("down", "enter")
    assert app.return_value is Choice.QUIT


def test_without_a_configuration_the_dashboard_begins_with_it_and_writes_the_first_file(tmp_path: Path) -> None:
    (tmp_path / "aws").write_text("[profile shop-prod]\nsso_account_id = 111122223333\nregion = eu-west-1\n")
    with terminal("-m", "cockpit", home=tmp_path, profiles=None) as on:
        on.wait_for(b"Nothing is configured yet.", b"Quit")
        on.press(b"j\r")
        assert on.ended() == 0
        assert termios.tcgetattr(on.inner) == on.before
        assert "1 account, 1 system, 1 environment." in on.afterwards()
    assert 'id = "111122223333"' in (tmp_path / "config" / "cockpit" / "profiles.toml").read_text()


def test_quitting_leaves_nothing_behind(tmp_path: Path) -> None:
    with terminal("-m", "cockpit", home=tmp_path, profiles=None) as on:
        on.wait_for(b"Nothing is configured yet.", b"Quit")
        on.press(b"q")
        assert on.ended() == 0
    assert not (tmp_path / "config").exists()
