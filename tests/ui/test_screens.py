"""Every screen at three sizes, in both themes, in ASCII and without colour."""

from __future__ import annotations

import pytest

from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from widgets.matrix import FleetMatrix

SIZES = ((80, 24), (120, 40), (200, 60))
SCREENS = {
    "home": (),
    "environment": ("j", "enter"),
    "service": ("j", "right", "enter"),
    "resource": ("2", "enter"),
    "accounts": ("A",),
    "errors": ("exclamation_mark",),
}
SAID = {
    "home": ("ENVIRONMENT", "LAMBDA", "✖ err 7.2 %", "ATTENTION", "error rate 7.2 % > 5.0 %"),
    "environment": ("tim-combo/prod", "LAMBDA", "DATABASE", "EDGE", "ALARMS", "COST", "✖ critical"),
    "service": ("NAME", "ERRORS", "checkout:live", "7.2 %", "1 needs attention"),
    "resource": ("checkout:live", "error rate", "5.0 %", "╌╌╌", "version 42"),
    "accounts": ("combo-dev", "expired", "aws sso login", "333333333301"),
    "errors": ("lambda:ListFunctions", "aws sso login --sso-session combo-sso"),
}


def assert_fits(on: Drive, size: tuple[int, int]) -> None:
    lines = on.lines()
    assert len(lines) == size[1]
    assert all(len(line) == size[0] for line in lines)


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_screen_says_what_matters_at_every_size(screen: str) -> None:
    async with drive(size=SIZES[0]) as on:
        await on.press(*SCREENS[screen])
        for size in SIZES:
            await on.resize(*size)
            text = on.text()
            missing = [words for words in SAID[screen] if words not in text]
            assert not missing, f"{missing} not in\n{text}"
            assert "READ-ONLY" not in on.lines()[0]
            assert "14:32" in on.lines()[0]
            assert_fits(on, size)


async def test_ascii_means_ascii_on_every_screen() -> None:
    async with drive(ascii=True) as on:
        for keys in SCREENS.values():
            await on.press(*keys)
            assert [line for line in on.lines() if not line.isascii()] == []
            await on.app.run_action("home")
            await on.press("escape", "g")


async def test_ascii_keeps_severity_in_signs_and_words() -> None:
    async with drive(ascii=True) as on:
        assert on.line("tim-combo", "prod", "X err 7.2 %")
        assert "X 2 critical  ! 1 warning  ? 4 unknown  o 8 ok  . 1 waiting" in on.lines()[0]


async def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with drive() as on:
        colours = {
            segment.style.color.triplet
            for strip in on.app.screen._compositor.render_strips()
            for filtered in [strip.apply_filter(on.app._filters[0], on.app.screen.styles.background)]
            for segment in filtered
            if segment.style and segment.style.color and segment.style.color.triplet
        }
        assert colours
        assert all(red == green == blue for red, green, blue in colours)
        assert on.line("✖ err 7.2 %")


async def test_another_theme_can_be_chosen_while_it_runs() -> None:
    async with drive() as on:
        matrix = on.app.screen.query_one(FleetMatrix)
        before = matrix.ink("ok").color
        on.app.theme = "cockpit-light"
        await on.pilot.pause()
        assert matrix.ink("ok").color != before


async def test_an_unknown_theme_falls_back_to_our_own() -> None:
    async with drive(theme="no-such-theme") as on:
        assert on.app.theme == "cockpit-dark"


async def test_without_any_environment_it_says_where_they_come_from() -> None:
    from dataclasses import replace

    async with drive(replace(fleet(), environments=(), observations={}, accounts=())) as on:
        assert on.line("No environments yet.")
        assert "Nothing needs attention" not in on.text()


async def test_compact_gives_the_chrome_to_the_data() -> None:
    async with drive() as on:
        await on.press("ctrl+e")
        assert "oldest data" not in on.text()
        assert "Commands" not in on.lines()[-1]
        await on.press("ctrl+e")
        assert "oldest data" in on.text()
