"""A calm wall screen is not empty: what is nearest to a limit, what changed, and how old the good news is."""

from __future__ import annotations

from dataclasses import replace

from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Outcome
from screens.context import Context
from screens.nearest import AGAIN_SECONDS, nearest, nearest_plots
from screens.sight import View
from tests.ui.driving import drive
from tests.ui.fake_engine import FakeEngine
from tests.ui.fleet import fleet
from tests.ui.known import NOW, settings
from tests.ui.specs import CATALOGUE

CALM = fleet(bad_release=False, queue=False, database=False, denied=False, expired=False, stale=False, pending=False)


def view(snapshot: Snapshot) -> View:
    return View(snapshot, Context(settings(), CATALOGUE, lambda: NOW, FakeEngine(snapshot)), NOW)


def test_the_nearest_to_a_limit_comes_first_and_nothing_is_beyond_one() -> None:
    found = nearest(view(fleet()), fleet().environments)
    told = [one.nearness for one in found]
    assert told == sorted(told, reverse=True)
    assert all(0 < one < 1 for one in told)


def test_charts_are_of_different_rules_before_they_are_of_the_same() -> None:
    plots = nearest_plots(view(CALM), CALM.environments, limit=4)
    assert len(plots) == 4
    assert len({plot.title.split(" · ")[0].split(" ", 1)[1] for plot in plots[:2]}) == 2
    assert all(plot.present for plot in plots)
    assert len({plot.values for plot in plots}) == 4


def test_what_cannot_be_seen_now_is_near_nothing() -> None:
    denied = {
        slot: replace(one, outcome=Outcome.DENIED) if slot.service == "rds" else one
        for slot, one in CALM.observations.items()
    }
    found = nearest(view(replace(CALM, observations=denied)), CALM.environments)
    assert found
    assert "rds" not in {one.spec.key for one in found}


async def test_a_calm_wall_shows_what_is_nearest_to_a_limit_and_what_changed() -> None:
    async with drive(CALM, size=(200, 60)) as on:
        await on.finish()
        assert on.line("Nothing needs attention. The oldest data is 35 s old.")
        assert on.line("LAST HOUR nearest to a limit", "RECENT CHANGES")
        assert on.line("CPU · ", "p99 duration · ")
        lower = on.lines()[28:-1]
        assert sum(not line.strip() for line in lower) <= 2


async def test_what_is_wrong_comes_before_what_is_near() -> None:
    async with drive(fleet(bad_release=True, queue=False, database=False), size=(240, 70)) as on:
        await on.finish()
        assert on.line("LAST HOUR what is wrong · nearest to a limit")
        first = on.line("error rate · ")
        assert first.index("error rate · ") < first.index("CPU · ")


async def test_a_small_screen_shows_no_charts_of_what_is_well() -> None:
    async with drive(CALM, size=(120, 50)) as on:
        await on.finish()
        assert "LAST HOUR" not in on.text()


async def test_the_nearest_is_looked_for_once_a_minute() -> None:
    async with drive(CALM, size=(200, 60)) as on:
        await on.finish()
        feed = on.app.screen._nearest  # type: ignore[attr-defined]
        asked = feed._asked
        await on.publish(replace(CALM, version=2))
        assert feed._asked == asked
        feed.show(replace(view(CALM), now=NOW + AGAIN_SECONDS), CALM.environments)
        assert feed._asked != asked
