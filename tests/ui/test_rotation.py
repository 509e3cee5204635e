"""Rotation through the environments."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from cockpit.model.snapshot import Snapshot
from screens.app import CockpitApp
from screens.environment import EnvironmentScreen
from screens.help import HelpScreen
from screens.home import HomeScreen
from screens.rotation import HOME, PAUSE_SECONDS, Rotation, round_of
from tests.ui.driving import Drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE

FLEET = fleet()


def rotate(start: Rotation, steps: int, snapshot: Snapshot = FLEET) -> list[Rotation]:
    """Some steps, each when it is due."""
    made = [start]
    for _ in range(steps):
        made.append(made[-1].onward(snapshot.environments, made[-1].ends_at()))
    return made


def test_a_round_shows_what_is_in_trouble_first_and_longer() -> None:
    order = round_of(FLEET.environments)
    names = [str(stop.environment) for stop in order]
    assert names[:3] == ["scheduler/staging", "tim-combo/prod", "scheduler/production"]
    assert [stop.turns for stop in order[:4]] == [2.0, 2.0, 2.0, 1.0]
    calm = [str(state.id) for state in FLEET.environments if str(state.id) not in names[:3]]
    assert names[3:] == calm


def test_a_round_begins_at_home_and_shows_every_environment_once() -> None:
    count = len(FLEET.environments)
    stops = [one.stop.environment for one in rotate(Rotation(20, 0.0), 2 * count + 2)]
    assert stops[0] is None
    assert stops[count + 1] is None
    assert set(stops[1 : count + 1]) == {state.id for state in FLEET.environments}
    assert stops[1 : count + 2] == stops[count + 2 :]


def test_a_stop_lasts_its_time_and_trouble_twice_that() -> None:
    home, first = rotate(Rotation(20, 100.0), 1)
    assert (home.due(119.9), home.due(120.0)) == (False, True)
    assert (first.since, first.ends_at()) == (120.0, 160.0)


def test_whoever_is_here_has_a_minute_from_the_last_key() -> None:
    touched = Rotation(20, 0.0).touched(15.0).touched(40.0)
    assert touched.waits(99.0)
    assert not touched.due(40.0 + PAUSE_SECONDS - 1)
    assert touched.due(40.0 + PAUSE_SECONDS)
    assert touched.onward(FLEET.environments, 100.0).ends_at() == 140.0


def test_an_environment_that_has_gone_is_left_out_and_no_environment_is_home() -> None:
    first = rotate(Rotation(20, 0.0), 1)[1]
    gone = first.stops[2].environment
    rest = [state for state in FLEET.environments if state.id != gone]
    assert first.onward(rest, 60.0).stop.environment == first.stops[3].environment
    assert Rotation(20, 0.0).onward((), 20.0).stop == HOME
    assert first.onward((), 60.0).stop == HOME


@pytest.mark.parametrize(("now", "words"), [(108.0, "rotation home · 12 s"), (119.0, "rotation home · 1 s")])
def test_it_tells_where_it_stands(now: float, words: str) -> None:
    assert Rotation(20, 100.0).words(now) == words
    assert rotate(Rotation(20, 100.0), 1)[1].words(125.0) == "rotation 1/16 · 35 s"
    assert Rotation(20, 100.0).touched(108.0).words(127.0) == "rotation waits 41 s"


class Wall:
    """The app with a rotation, and a clock that the test moves."""

    def __init__(self, **options: object) -> None:
        self.now = NOW
        self.engine = FakeEngine(FLEET)
        given = settings(**{"rotate_seconds": 20.0, "read_only": True, **options})
        self.app = CockpitApp(self.engine, given, CATALOGUE, clock=lambda: self.now)

    async def later(self, on: Drive, seconds: float) -> None:
        """Time goes by, and the app's own second comes."""
        self.now += seconds
        self.app._tick()
        await on.settle()


async def test_it_goes_round_by_itself_and_nothing_piles_up() -> None:
    wall = Wall()
    async with wall.app.run_test(size=(120, 40)) as pilot:
        on = Drive(wall.app, pilot, wall.engine)
        await on.settle()
        seen = []
        for _ in range(18):
            await wall.later(on, 40)
            assert len(wall.app.screen_stack) <= 3
            screen = wall.app.screen
            seen.append(str(screen.environment_id()) if isinstance(screen, EnvironmentScreen) else "home")
        assert seen[:2] == ["scheduler/staging", "tim-combo/prod"]
        assert seen.index("home") == len(FLEET.environments)
        assert len(set(seen)) == len(FLEET.environments) + 1
        assert "rotation " in on.lines()[1]


async def test_a_key_or_the_mouse_stops_it_for_a_minute_and_the_header_says_so() -> None:
    wall = Wall()
    async with wall.app.run_test(size=(120, 40)) as pilot:
        on = Drive(wall.app, pilot, wall.engine)
        await on.press("j")
        await wall.later(on, 30)
        assert isinstance(wall.app.screen, HomeScreen)
        assert "rotation waits 30 s" in on.lines()[1]
        wall.app.post_message(events.MouseMove(None, 3, 3, 0, 1, 0, False, False, False, 3, 3))
        await on.settle()
        await wall.later(on, 59)
        assert isinstance(wall.app.screen, HomeScreen)
        await wall.later(on, 2)
        assert isinstance(wall.app.screen, EnvironmentScreen)


async def test_a_shared_screen_is_taken_back_from_wherever_somebody_left_it() -> None:
    wall = Wall()
    async with wall.app.run_test(size=(120, 40)) as pilot:
        on = Drive(wall.app, pilot, wall.engine)
        await on.press("enter", "A", "question_mark")
        assert isinstance(wall.app.screen, HelpScreen)
        await wall.later(on, 61)
        assert isinstance(wall.app.screen, EnvironmentScreen)
        assert len(wall.app.screen_stack) == 3


async def test_nobody_is_taken_away_from_a_screen_of_their_own() -> None:
    wall = Wall(read_only=False)
    async with wall.app.run_test(size=(120, 40)) as pilot:
        on = Drive(wall.app, pilot, wall.engine)
        await on.press("A")
        await wall.later(on, 300)
        assert wall.app.screen.query("#accounts")
        await on.press("escape")
        await wall.later(on, 61)
        assert isinstance(wall.app.screen, EnvironmentScreen)


async def test_a_clock_that_is_set_back_does_not_hold_it_up() -> None:
    wall = Wall()
    async with wall.app.run_test(size=(120, 40)) as pilot:
        on = Drive(wall.app, pilot, wall.engine)
        await wall.later(on, -86_400)
        await wall.later(on, 21)
        assert isinstance(wall.app.screen, EnvironmentScreen)


async def test_an_empty_fleet_stays_at_home() -> None:
    wall = Wall()
    wall.engine.snapshot = replace(FLEET, environments=())
    async with wall.app.run_test(size=(80, 24)) as pilot:
        on = Drive(wall.app, pilot, wall.engine)
        await on.settle()
        wall.app.snapshot = replace(FLEET, environments=())
        await wall.later(on, 50)
        assert isinstance(wall.app.screen, HomeScreen)
