"""A shared screen: nothing private on it, nothing that writes behind it, and no way to lift it."""

from __future__ import annotations

import importlib.util
import inspect
import typing
from pathlib import Path
from typing import Any

import pytest
from textual.binding import ActiveBinding
from textual.screen import ModalScreen

from screens.app import CockpitApp
from screens.commands import commands, resources
from screens.context import Source
from screens.masked import MaskedSource
from screens.places import Place
from tests.ui.driving import Drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.private import SECRETS, leaks, private_engine
from tests.ui.specs import CATALOGUE
from tests.ui.watching import Watched, arrived, back, everywhere, sound, watched

SIZES = ((80, 24), (120, 40), (200, 60))
WRITES = ("log_in", "logs", "mute", "pause", "unmute")
"""What a shared screen refuses: what changes something, stops polling, or asks for what may hold anything."""
READS = ("course", "detail", "events", "look_at", "refresh", "snapshot", "subscribe")
GATES: dict[str, tuple[str, ...]] = {}
"""Modules that write, and their doors, which must never be reached: `{"cockpit.guard": ("Guard.execute",)}`."""


DIGITS = {f"panel({number})" for number in range(4, 10)}
"""Digits do the same; no screen of these tests has so many panels that the first three would not tell."""


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Every attempt to write, whoever makes it. A later gate is added to `GATES`."""
    reached: list[str] = []

    def spied(owner: Any, name: str) -> None:
        whole = getattr(owner, name)

        def spy(*arguments: object, **named: object) -> object:
            reached.append(f"{owner.__name__}.{name}")
            return whole(*arguments, **named)

        monkeypatch.setattr(owner, name, spy)

    for owner in (MaskedSource, FakeEngine):
        for name in WRITES:
            spied(owner, name)
    for module, doors in GATES.items():
        for door in doors:
            outer, _, name = door.rpartition(".")
            spied(getattr(importlib.import_module(module), outer), name)
    monkeypatch.setattr("webbrowser.get", lambda *_: reached.append("browser"))
    monkeypatch.chdir(tmp_path)
    return reached


async def test_the_fleet_of_these_tests_is_full_of_private_words() -> None:
    engine = private_engine()
    app = CockpitApp(engine, settings(), CATALOGUE, clock=lambda: NOW)
    seen = ""
    async with app.run_test(size=SIZES[2]) as pilot:
        on = Drive(app, pilot, engine)
        await on.settle()
        for place in {type(place): place for place in everywhere(app)}.values():
            app.action_home()
            app.visit(place)
            await on.settle()
            seen += on.text()
    assert len(set(leaks(seen))) > len(SECRETS) // 2


async def test_nothing_private_is_on_any_screen_at_any_size() -> None:
    async with watched() as (on, app):
        told = set()
        for place in (None, *everywhere(app)):
            await arrived(on, app, place)
            # Each kind of place at each size; other services and kinds of resources where most of them is shown.
            for size in SIZES if type(place) not in told else SIZES[2:]:
                if app.size != size:
                    await on.resize(*size)
                sound(on, app, (place, size))
                assert "READ-ONLY" in on.lines()[0]
            told.add(type(place))
        assert told == {type(None), *typing.get_args(Place)}


def new_bindings(app: CockpitApp, known: set[tuple[str, str]]) -> list[ActiveBinding]:
    """Bindings that are live now and whose action of whose owner was not tried yet."""
    fresh = []
    for active in app.screen.active_bindings.values():
        name = (type(active.node).__name__, active.binding.action)
        if active.enabled and name not in known and active.binding.action not in DIGITS:
            known.add(name)
            fresh.append(active)
    return fresh


async def tried(on: Drive, app: Watched, place: Place | None, known: set[tuple[str, str]]) -> None:
    """Every binding of a place, each from there; then every binding of the dialog that one opened."""
    await arrived(on, app, place)
    here = app.screen
    for active in new_bindings(app, known):
        if app.screen is not here:
            await back(on, app, place, here)
            here = app.screen
        await on.press(active.binding.key)
        sound(on, app, active.binding)
        if isinstance(app.screen, ModalScreen):
            await within(on, app, active.binding.key, place, known)


async def within(on: Drive, app: Watched, opener: str, place: Place | None, known: set[tuple[str, str]]) -> None:
    """Every binding of the dialog that a key opens in a place."""
    here = app.screen
    for active in new_bindings(app, known):
        if app.screen is not here:
            await arrived(on, app, place)
            await on.press(opener)
            here = app.screen
        await on.press(active.binding.key)
        sound(on, app, active.binding)


async def test_no_binding_of_any_screen_or_dialog_writes_or_tells_anything(reached: list[str], tmp_path: Path) -> None:
    async with watched() as (on, app):
        known: set[tuple[str, str]] = set()
        for place in (None, *everywhere(app)):
            await tried(on, app, place, known)
        actions = {action for _, action in known}
        assert {"command_palette", "help", "copy", "refresh", "pick_accounts", "cursor(1)", "filter"} <= actions
        assert not actions & {"mute", "log_in", "logs", "pause", "raw", "open_link", "save"}
        assert app.copied
    assert reached == []
    assert list(tmp_path.iterdir()) == []


async def test_no_command_of_the_palette_writes_or_tells_anything(reached: list[str], tmp_path: Path) -> None:
    async with watched() as (on, app):
        assert app.snapshot is not None
        found = [one.command(app) for one in resources(app.snapshot)]
        titles, kinds = set(), set()
        for place in (None, *everywhere(app)):
            if type(place) in kinds:
                continue
            kinds.add(type(place))
            await arrived(on, app, place)
            here = app.screen
            for command in (*commands(app), *found):
                assert not list(leaks(f"{command.title} {command.help} {command.also}")), command
                if command.title in titles:
                    continue
                titles.add(command.title)
                if getattr(command.run, "func", None) == app.visit:
                    # A place, and those are all visited by the other tests.
                    continue
                answer = command.run()
                if inspect.isawaitable(answer):
                    await answer
                await on.settle()
                sound(on, app, command.title)
                if app.screen is not here:
                    await back(on, app, place, here)
                    here = app.screen
        assert {"Refresh", "Help", "Theme", "Quit"} <= titles
        assert not any(
            word in title for title in titles for word in ("Log in", "Save", "Pause", "console", "Mute", "Raw")
        )
    assert reached == []
    assert list(tmp_path.iterdir()) == []


def test_every_door_of_the_engine_is_known_to_read_or_to_be_refused() -> None:
    doors = {name for name in vars(Source) if not name.startswith("_")}
    assert doors == {*READS, *WRITES}
    assert (importlib.util.find_spec("cockpit.guard") is not None) == ("cockpit.guard" in GATES)


async def test_nothing_lifts_it_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watched() as (on, app):
        monkeypatch.setenv("COCKPIT_READ_ONLY", "false")
        with pytest.raises(AttributeError):
            app.context.settings.read_only = False  # type: ignore[misc]
        engine = on.engine
        await on.publish(fleet(2))
        assert app.snapshot is not None
        assert app.snapshot is not engine.snapshot
        assert "READ-ONLY" in on.lines()[0]
        assert app.context.source is not engine
        assert app.context.shared


def test_whoever_gets_at_the_engine_from_a_shared_screen_is_refused() -> None:
    engine = private_engine()
    shown = MaskedSource(engine, settings(read_only=True), CATALOGUE)
    shown.pause(True)
    assert engine.snapshot.polling
    assert engine.paused == []


async def test_what_passers_by_choose_is_not_kept_and_what_was_kept_is_not_shown() -> None:
    async with watched() as (on, app):
        await on.press("ctrl+e")
        await on.command("theme")
        app.context.preferences.remember("scope", "anything")
        sound(on, app, "preferences")
