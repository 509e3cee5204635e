"""The tour is true: its pictures are made by the program, and each key that it names does something there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.keys import _character_to_key
from textual.screen import Screen

from cockpit.model.inquiry import LoginState, LoginStep
from docs.picturing.shots import ALL, Picture
from screens.welcome import WelcomeApp
from tests.ui.driving import Drive
from tests.ui.frames import still
from tests.ui.recorded.app import drive_recorded

DOCS = Path(__file__).parents[2] / "docs"
TOUR = (DOCS / "tour.md").read_text("utf-8")
PAGES = [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
PICTURES = {one.name: one for one in ALL}
MOST_KIB = 150
_NAMED = re.compile(r"!\[[^\]]+\]\((?:docs/)?(?P<name>[^)]+)\.svg\)")
_KEY = re.compile(r"<kbd>(.+?)</kbd>")


def named() -> set[str]:
    return {found["name"] for page in PAGES for found in _NAMED.finditer(page.read_text("utf-8"))}


def test_every_picture_that_is_shown_is_made_and_each_that_is_made_is_shown() -> None:
    assert len(PICTURES) == len(ALL)
    assert named() == set(PICTURES)
    assert {path.stem for path in DOCS.glob("*.svg")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_shows_what_it_is_there_for(name: str) -> None:
    svg = (DOCS / f"{name}.svg").read_text("utf-8")
    assert len(svg.encode()) < MOST_KIB * 1024
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)[^<]*[\"')]", re.sub(r">[^<]*<", "><", svg))
    written = " ".join(re.findall(r">([^<>]+)</text>", svg)).replace("\N{NO-BREAK SPACE}", " ")
    words = [
        word for words in PICTURES[name].shows for word in words.replace("&", "&amp;").replace(">", "&gt;").split()
    ]
    assert [word for word in words if word not in written] == []


def textual(key: str) -> str:
    """`Ctrl+S` as Textual names it."""
    return _character_to_key(key) if len(key) == 1 else {"esc": "escape"}.get(key.lower(), key.lower())


@dataclass(frozen=True)
class Paragraph:
    picture: Picture
    keys: tuple[str, ...]


def paragraphs() -> Iterator[Paragraph]:
    """What is said after each picture of the fleet, until the next: its keys work there."""
    for section in TOUR.split("\n## ")[1:]:
        picture = None
        for line in section.split("\n\n")[1:]:
            shown = _NAMED.findall(line)
            picture = PICTURES[shown[0]] if shown else picture
            keys = tuple(textual(key) for key in _KEY.findall(line))
            if keys and picture is not None:
                yield Paragraph(picture, keys)


def live(screen: Screen[object]) -> set[str]:
    return {key for key, active in screen.active_bindings.items() if active.enabled}


async def walk(on: Drive, picture: Picture) -> set[str]:
    """What does something on a picture, and what led there."""
    led = set()
    for key in picture.keys:
        name = textual(key)
        # A letter that is typed into a line is no key.
        led |= {name} & live(on.app.screen)
        await on.press(name)
    await still(on)
    for login, tell in on.engine.logins.items():
        tell(LoginStep(login, LoginState.WAITING, (), "https://login.example/", "ABCD-EFGH"))
        await still(on)
    return live(on.app.screen) | led


@pytest.mark.parametrize("told", paragraphs(), ids=lambda told: f"{told.picture.name}: {' '.join(told.keys)}")
async def test_each_key_does_something_on_the_picture_that_it_is_told_of(told: Paragraph) -> None:
    async with drive_recorded() as on:
        does = await walk(on, told.picture)
    assert [key for key in told.keys if key not in does] == []


async def test_keys_of_headings_lead_there() -> None:
    missing = []
    for section in TOUR.split("\n## ")[1:]:
        heading, _, rest = section.partition("\n")
        keys = [textual(key) for key in _KEY.findall(heading)]
        first = _NAMED.search(rest)
        if keys and first:
            path = [textual(key) if len(key) == 1 else key for key in PICTURES[first["name"]].keys]
            missing += [(heading, key) for key in keys if key not in path and key != "ctrl+p"]
    assert missing == []
    assert set(_KEY.findall(TOUR.split("\n## ")[0])) == {"?"}


async def test_the_welcome_offers_what_the_tour_says() -> None:
    async with WelcomeApp().run_test(size=(80, 24)) as pilot:
        text = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
    assert all(words in text for words in PICTURES["welcome"].shows)
    assert "profiles.toml from my AWS profiles" in text
