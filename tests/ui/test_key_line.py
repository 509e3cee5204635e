"""The line of live keys."""

from __future__ import annotations

from screens.environment import EnvironmentScreen
from screens.help import HelpScreen
from tests.ui.driving import drive
from widgets.key_line import KeyLine, ShownKey, fitting_keys

KEYS = (
    ShownKey("a", "a", "Accounts"),
    ShownKey("q", "q", "Quit"),
    ShownKey("p", "^p", "All"),
    ShownKey("h", "?", "Help"),
)


def test_where_room_is_short_commands_and_help_stay() -> None:
    assert fitting_keys(KEYS, 80) == KEYS
    assert [key.shown for key in fitting_keys(KEYS, 30)] == ["a", "…", "^p", "?"]
    assert [key.shown for key in fitting_keys(KEYS, 10)] == ["…", "^p", "?"]


async def test_keys_follow_screen_and_focus() -> None:
    async with drive() as on:
        assert on.line("q Quit", "→ Service")
        await on.press("tab")
        assert "→ Service" not in on.lines()[-1]
        await on.press("1", "enter")
        on.screen(EnvironmentScreen)
        assert "esc Back" in on.lines()[-1]
        assert "q Quit" not in on.lines()[-1]


async def test_a_click_on_a_key_does_what_the_key_does() -> None:
    async with drive() as on:
        await on.pilot.click(KeyLine, offset=(on.lines()[-1].index("Help"), 0))
        await on.settle()
        assert isinstance(on.app.screen, HelpScreen)


async def test_keys_are_in_words_where_only_ascii_can_be_shown() -> None:
    async with drive(ascii=True) as on:
        assert on.lines()[-1].isascii()
        assert on.line("enter Open")
