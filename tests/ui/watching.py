"""A shared screen on a fleet full of private words, and every place in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from textual.screen import Screen

from cockpit.model.ids import EnvironmentId
from screens import places
from screens.app import CockpitApp
from screens.places import Place
from tests.ui.driving import Drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.known import NOW, settings
from tests.ui.private import leaks, private_engine
from tests.ui.specs import CATALOGUE


class Watched(CockpitApp):
    """The app, which remembers what left it."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__(engine, settings(read_only=True), CATALOGUE, clock=lambda: NOW, preferences=Loud())
        self.left: list[str] = []
        self.copied: list[str] = []

    def exit(self, *_: object, **__: object) -> None:
        """Stay."""
        self.left.append("exit")

    def copy_to_clipboard(self, text: str) -> None:
        """Remember."""
        self.copied.append(text)


class Loud:
    """Preferences that nobody may touch from a shared screen."""

    def recall(self, name: str) -> object:
        """What somebody chose once holds a host."""
        return f"{name} www.acme.com"

    def remember(self, name: str, value: object) -> None:
        """Fail."""
        raise AssertionError(f"{name} was kept: {value}")


@asynccontextmanager
async def watched(size: tuple[int, int] = (120, 40)) -> AsyncIterator[tuple[Drive, Watched]]:
    """The app on the private fleet."""
    engine = private_engine()
    app = Watched(engine)
    async with app.run_test(size=size) as pilot:
        on = Drive(app, pilot, engine)
        await on.settle()
        yield on, app


def everywhere(app: CockpitApp) -> Iterable[Place]:
    """Each kind of place, with each service and kind of resource."""
    assert app.snapshot is not None
    trouble = EnvironmentId("tim-combo", "prod")
    keys: dict[tuple[str, str], str] = {}
    for observation in app.snapshot.observations.values():
        for one in observation.resources:
            keys.setdefault((one.slot.service, one.kind), one.key)
    alias = keys["lambda", "alias"]
    return (
        places.EnvironmentPlace(trouble),
        *(places.ServicePlace(spec.key) for spec in CATALOGUE.services),
        places.ServicePlace("lambda", trouble),
        *(places.ResourcePlace(key) for key in keys.values()),
        places.AccountsPlace("combo-dev"),
        places.LogsPlace(alias),
        places.VersionsPlace(alias),
        places.CostPlace(),
        places.TimelinePlace(),
        places.ErrorsPlace(),
        places.MutesPlace(),
    )


def sound(on: Drive, app: Watched, where: object) -> None:
    """Nothing private is on screen, and nothing of it was copied."""
    found = list(leaks(on.text()))
    assert not found, f"{found} on {where}:\n{on.text()}"
    copied = [word for text in app.copied for word in leaks(text)]
    assert not copied, f"{copied} copied on {where}"


async def back(on: Drive, app: Watched, place: Place | None, here: Screen[object]) -> None:
    """In the place again: by closing what lies over it, which is quicker than to arrive anew."""
    if here not in app.screen_stack:
        await arrived(on, app, place)
    while app.screen is not here and here in app.screen_stack:
        app.pop_screen()
    await on.settle()


async def arrived(on: Drive, app: Watched, place: Place | None) -> None:
    """In the place anew, from home."""
    app.action_home()
    if place is not None:
        app.visit(place)
    await on.settle()
