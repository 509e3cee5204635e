"""`o`: the console page of what is under the cursor, in the browser where there is one, else as a copied link."""

from __future__ import annotations

import webbrowser
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.model.service import Catalogue
from screens import links
from screens.app import CockpitApp
from screens.browser import open_page
from screens.links import LinksScreen, browser_is_likely
from tests.ui.driving import Drive, drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE

SSH = ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME")


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SSH:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(links.sys, "platform", "linux")


def told(on: Drive) -> list[str]:
    return [one.message for one in on.app._notifications]


def with_pages() -> Catalogue:
    """The catalogue, with a console page for each function."""
    services = tuple(
        replace(one, console=lambda found: f"/lambda/home#/functions/{found.name}") if one.key == "lambda" else one
        for one in CATALOGUE.services
    )
    return replace(CATALOGUE, services=services)


async def test_without_a_browser_the_link_is_copied_and_says_as_whom_it_opens() -> None:
    app = CockpitApp(FakeEngine(fleet()), settings(), with_pages(), clock=lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        on = Drive(app, pilot, app.engine)  # type: ignore[arg-type]
        await on.settle()
        await on.command("tim-combo prod lambda")
        await on.press("o")
        await on.finish()
        assert app.clipboard.startswith("https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/")
        assert any("There is no browser here: the link is copied." in one for one in told(on))
        assert any("must be signed in to account 333333333302" in one for one in told(on))


async def test_what_has_no_page_says_why() -> None:
    async with drive() as on:
        await on.command("tim-combo prod rds")
        await on.press("o")
        await on.finish()
        assert told(on) == ["It has no page in the AWS console."]


async def test_an_environment_offers_its_links_and_opens_the_only_one() -> None:
    async with drive() as on:
        await on.command("tim-combo prod")
        await on.press("o")
        await on.settle()
        if isinstance(on.app.screen, LinksScreen):
            assert on.line("runbook", "https://wiki.example/tim-combo")
            await on.press("G", "enter")
        await on.finish()
        assert on.app.clipboard == "https://wiki.example/tim-combo"


async def test_nothing_leads_away_from_a_shared_screen() -> None:
    async with drive(read_only=True) as on:
        await on.command("tim-combo prod")
        await on.press("o")
        assert on.app.clipboard == ""
        assert not isinstance(on.app.screen, LinksScreen)


@pytest.mark.parametrize(
    ("environ", "platform", "likely"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_TTY": "/dev/ttys1"}, "darwin", False),
    ],
)
def test_a_browser_is_likely_on_a_screen_of_ones_own_only(environ: dict[str, str], platform: str, likely: bool) -> None:
    assert browser_is_likely(environ, platform) is likely


@pytest.mark.parametrize(("ends_with", "opened"), [(0, True), (3, False)])
def test_what_a_browser_writes_never_reaches_the_terminal(
    ends_with: int, opened: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "noisy-open"
    script.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/asked\necho noise\necho noise >&2\nexit {ends_with}\n')
    script.chmod(0o755)
    monkeypatch.setattr(webbrowser, "_tryorder", [str(script)])
    monkeypatch.setattr(webbrowser, "_browsers", {str(script): [None, webbrowser.BackgroundBrowser(str(script))]})
    assert open_page("https://console.example/") is opened
    assert (tmp_path / "asked").read_text() == "https://console.example/\n"
    assert capfd.readouterr() == ("", "")
