"""Acknowledge, mute, take back: by keys and by mouse, what changes on screen, and what a shared screen refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets._footer import FooterKey

from cockpit.engine.muted import with_mutes
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health
from screens.environment import EnvironmentScreen
from screens.home import HomeScreen
from screens.mute import MuteScreen
from screens.mutes import MutesScreen
from screens.resource import ResourceScreen
from tests.ui.driving import Drive, drive
from tests.ui.fleet import fleet
from tests.ui.known import NOW
from widgets.attention import AttentionList
from widgets.band import band_lines
from widgets.line import text_of
from widgets.matrix import worst_first

RELEASE = "lambda checkout:live"
SIZES = ((80, 24), (120, 40), (200, 60))


@pytest.fixture(autouse=True)
def ann(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is at the keyboard, as the operating system tells it."""
    monkeypatch.setenv("LOGNAME", "ann")


def release_of(shot: Snapshot) -> str:
    return next(one.key for one in shot.findings if one.rule == "lambda.error_rate")


def marked(kind: MuteKind, *, until: float | None = NOW + 3600.0, note: str = "ticket 12") -> Snapshot:
    """The fleet with its bad release acknowledged or muted."""
    key = release_of(fleet())
    return with_mutes(fleet(), {key: Mute(key, kind, note, "bob", NOW - 600.0, until, "tim-combo/prod release")})


def subjects(on: Drive) -> list[str]:
    return [item.subject for item in on.app.screen.query_one(AttentionList).items.values()]


async def mute_first(on: Drive, note: str = "ticket 12") -> None:
    """From home: mute the worst finding for an hour."""
    await on.press("2", "g", "m", "right", "down", "down")
    await on.write(note)
    await on.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_two_keys_acknowledge_the_worst_finding(size: tuple[int, int]) -> None:
    async with drive(size=size) as on:
        assert subjects(on)[0] == RELEASE
        await on.press("m", "enter")
        on.screen(HomeScreen)
        (mute,) = on.engine.mutes.values()
        assert (mute.kind, mute.by, mute.note, mute.until) == (MuteKind.ACKNOWLEDGED, "ann", "", None)
        assert mute.finding == release_of(fleet())
        assert mute.subject == "tim-combo/prod lambda checkout:live: error rate 7.2 % > 5.0 %"
        # It counts as before, and stands after what nobody has seen yet.
        assert subjects(on)[-1] == RELEASE
        assert on.line("tim-combo", "✖ err 7.2 %")
        await on.press("2", "G")
        assert on.line("ack ann 14:32")
        assert on.line("ATTENTION 6 · 1 acknowledged")


async def test_a_mute_needs_a_note_and_an_end_and_then_counts_no_more() -> None:
    async with drive() as on:
        await on.press("m", "right", "enter")
        assert isinstance(on.app.screen, MuteScreen)
        assert on.line("A mute needs a note")
        assert not on.engine.mutes
        await on.write("ticket 12")
        await on.press("up", "right", "enter")
        (mute,) = on.engine.mutes.values()
        assert (mute.kind, mute.note, mute.until) == (MuteKind.MUTED, "ticket 12", NOW + 4 * 3600.0)
        row = on.line("tim-combo", "prod", "PROD")
        assert "⊘ tim-combo" in row
        assert "⊘ err 7.2 %" in row
        assert on.line("✖ 1 critical", "⊘ 1 muted")
        assert on.line("muted until 18:32 by ann: ticket 12")


async def test_a_mute_ends_on_screen_when_it_ends() -> None:
    async with drive(marked(MuteKind.MUTED)) as on:
        assert on.line("✖ 1 critical", "⊘ 1 muted")
        await on.publish(fleet(version=2))
        assert on.line("✖ 2 critical")
        assert "muted" not in on.text()


async def test_what_was_said_is_shown_and_can_be_taken_back_by_another() -> None:
    async with drive(marked(MuteKind.MUTED)) as on:
        await on.press("2", "G", "m")
        assert on.line("now: muted until 15:32 by bob: ticket 12")
        assert on.line("[Mute]", "Take back")
        await on.press("right", "enter")
        assert on.engine.unmuted == [release_of(fleet())]
        assert on.line("✖ 2 critical")


async def test_escape_leaves_everything_as_it_is() -> None:
    async with drive() as on:
        await on.press("m", "right", "escape")
        on.screen(HomeScreen)
        assert not on.engine.mutes


async def test_the_mouse_does_all_of_it() -> None:
    async with drive() as on:
        await on.press("m")
        await on.pilot.click("#mute-kind", offset=(26, 0))
        await on.settle()
        assert on.line("[Mute]")
        await on.pilot.click("#mute-span", offset=(30, 0))
        await on.settle()
        assert on.line("[1 week]")
        await on.pilot.click("#mute-note")
        await on.write("ticket 12")
        (apply,) = (key for key in on.app.screen.query(FooterKey) if key.action == "apply")
        await on.pilot.click(apply)
        await on.settle()
        (mute,) = on.engine.mutes.values()
        assert (mute.kind, mute.note, mute.until) == (MuteKind.MUTED, "ticket 12", NOW + 7 * 86_400.0)


async def test_one_cause_is_acknowledged_in_every_environment_that_it_touches() -> None:
    async with drive() as on:
        await on.press("2", "j", "j", "m")
        assert on.line("combo-dev (4 services)", "tim-combo/dev,test")
        await on.press("enter")
        expired = {one.key for one in fleet().findings if one.failure and one.failure.account == "combo-dev"}
        assert set(on.engine.mutes) == expired
        assert {key.partition("|")[0] for key in expired} == {"tim-combo/dev", "tim-combo/test"}
        assert on.line("tim-combo", "dev", "? expired")


async def test_what_is_unseen_can_be_muted_and_stays_unknown() -> None:
    async with drive() as on:
        await on.press("2", "j", "j", "j", "m", "right", "down", "down")
        await on.write("being moved")
        await on.press("enter")
        row = on.line("trinity", "development")
        assert "? trinity" in row
        assert "?⊘stale" in row
        assert on.line("? 4 unknown")


@pytest.mark.parametrize("size", SIZES)
async def test_an_environment_tells_of_it_in_its_list_and_in_its_panel(size: tuple[int, int]) -> None:
    async with drive(marked(MuteKind.MUTED), size=size) as on:
        await on.command("tim-combo prod")
        on.screen(EnvironmentScreen)
        assert on.line("muted until 15:32 by bob")
        assert on.line("LAMBDA", "⊘ 1 muted")
        assert on.line("⊘ 1 muted", "services")
        await on.press("m", "right", "enter")
        assert on.line("LAMBDA", "✖ critical")


async def test_a_resource_offers_it_too() -> None:
    async with drive() as on:
        await on.press("2", "enter")
        on.screen(ResourceScreen)
        await on.press("m", "enter")
        assert on.line("ack ann 14:32")


async def test_a_table_shows_who_has_seen_it() -> None:
    async with drive(marked(MuteKind.MUTED), size=(200, 60)) as on:
        await on.command("tim-combo prod lambda")
        assert on.line("✖ checkout:live", "muted until 15:32 by bob")


async def test_the_palette_lists_what_is_muted_and_takes_it_back() -> None:
    async with drive(marked(MuteKind.MUTED)) as on:
        await on.command("acknowledged and muted")
        on.screen(MutesScreen)
        assert on.line("⊘ muted", "until 15:32", "bob 14:22", "tim-combo/prod release", "ticket 12")
        await on.press("enter", "right", "enter")
        assert on.line("Nothing is acknowledged or muted")
        assert on.engine.unmuted == [release_of(fleet())]


async def test_what_is_muted_though_it_stands_no_more_is_listed_and_can_be_changed() -> None:
    gone = Mute("shop/prod|a/b/c|queue|rule", MuteKind.MUTED, "ticket 9", "bob", NOW - 60.0, NOW + 60.0, "shop queue")
    async with drive(replace(fleet(), mutes=(gone,))) as on:
        await on.command("acknowledged and muted")
        assert on.line("shop queue", "stands no more · ticket 9")
        await on.press("m", "left", "enter")
        (mute,) = on.engine.mutes.values()
        assert (mute.finding, mute.kind, mute.by) == (gone.finding, MuteKind.ACKNOWLEDGED, "ann")


async def test_a_shared_screen_offers_none_of_it() -> None:
    async with drive(marked(MuteKind.MUTED), read_only=True) as on:
        await on.press("2", "m")
        on.screen(HomeScreen)
        assert "m Mute" not in on.text()
        assert "bob" not in on.text()
        assert "ticket 12" not in on.text()
        assert on.line("⊘ 1 muted")
        assert not on.app.offers("mutes")


async def test_ascii_has_a_letter_for_it() -> None:
    async with drive(marked(MuteKind.MUTED), ascii=True) as on:
        assert on.line("z tim-combo", "z err 7.2 %")
        assert on.line("z 1 muted")


def test_what_is_well_only_for_a_mute_stands_before_what_is_well() -> None:
    rows = worst_first(marked(MuteKind.MUTED).environments)
    well = [row for row in rows if row.health is Health.OK and not any(cell.pending for cell in row.cells.values())]
    assert next(row.muted for row in well) == 1
    assert not any(row.muted for row in well[1:])


def test_a_wall_is_not_painted_green_over_a_mute() -> None:
    lines = band_lines({Health.OK: 9}, 200, muted=1)
    assert "⊘ 1 muted" in "\n".join(map(text_of, lines))
    assert not any(run.role.endswith("-ground") for line in lines for run in line)
    assert any(run.role.endswith("-ground") for line in band_lines({Health.OK: 9}, 200) for run in line)
