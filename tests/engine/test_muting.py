"""What is said to one engine is shown at once, by every engine on the machine, and told in the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.engine.engine import Engine
from cockpit.model.event import Event, EventKind, EventQuery
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import Snapshot
from cockpit.model.verdict import Health
from tests.engine.engines import Bench, until
from tests.engine.rooms import settings

KINDS = (EventKind.ACKNOWLEDGED, EventKind.MUTED, EventKind.UNMUTED)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    # Five errors in a row: both things are in trouble.
    one.room.value = lambda query: 50.0 if query.metric == "errors" else 1.0
    yield one
    one.close()


def troubled(bench: Bench, engine: Engine) -> Snapshot:
    engine.start()
    return until(engine, lambda one: one.health is Health.CRITICAL and len(one.findings) == 1)


def word(shot: Snapshot, bench: Bench, kind: MuteKind = MuteKind.MUTED, *, lasts: float | None = 3600.0) -> Mute:
    at = bench.clock()
    return Mute(shot.findings[0].key, kind, "ticket 12", "ann", at, None if lasts is None else at + lasts)


def told(bench: Bench, history: object) -> list[Event]:
    entries: tuple[Event, ...] = history.events(EventQuery(kinds=KINDS)).result(5.0)  # type: ignore[attr-defined]
    return list(entries)


@pytest.mark.parametrize("stored", [True, False])
def test_a_mute_holds_at_once_and_is_taken_back_at_once(bench: Bench, *, stored: bool) -> None:
    engine = bench.engine("dev", history=bench.history() if stored else None)
    shot = troubled(bench, engine)
    mute = word(shot, bench)
    engine.mute(mute)
    quiet = until(engine, lambda one: one.health is Health.OK)
    assert quiet.mutes == (mute,)
    assert quiet.findings[0].mute == mute
    engine.unmute(mute.finding, "bob")
    assert until(engine, lambda one: one.health is Health.CRITICAL).mutes == ()


def test_another_engine_shows_it_within_seconds(bench: Bench) -> None:
    screen = bench.engine("dev", history=bench.history())
    wall = bench.engine("dev", history=bench.history())
    mute = word(troubled(bench, screen), bench)
    troubled(bench, wall)
    screen.mute(mute)
    bench.clock.now += 3.0
    assert until(wall, lambda one: one.health is Health.OK).mutes == (mute,)


def test_a_mute_that_has_ended_is_shown_as_ended_without_anybody_asking(bench: Bench) -> None:
    engine = bench.engine("dev", history=bench.history())
    engine.mute(word(troubled(bench, engine), bench, lasts=5.0))
    until(engine, lambda one: one.health is Health.OK)
    bench.clock.now += 6.0
    assert until(engine, lambda one: one.health is Health.CRITICAL).mutes == ()


def test_an_acknowledgement_does_not_come_back_with_the_next_occurrence(bench: Bench) -> None:
    history = bench.history()
    engine = bench.engine("dev", history=history)
    mute = word(troubled(bench, engine), bench, MuteKind.ACKNOWLEDGED, lasts=None)
    engine.mute(mute)
    until(engine, lambda one: one.findings[0].mute == mute)
    well = replace(mute, at=bench.clock() - 1.0)
    engine.mute(well)
    until(engine, lambda one: one.findings[0].mute == well)
    bench.room.value = lambda _: 0.0
    bench.clock.now += 900.0
    engine.refresh()
    until(engine, lambda one: not one.findings and not one.mutes)
    bench.room.value = lambda query: 50.0 if query.metric == "errors" else 1.0
    bench.clock.now += 900.0
    engine.refresh()
    again = until(engine, lambda one: one.health is Health.CRITICAL)
    assert [one.mute for one in again.findings] == [None]


def test_the_timeline_tells_who_said_what(bench: Bench) -> None:
    history = bench.history()
    engine = bench.engine("dev", history=history)
    shot = troubled(bench, engine)
    engine.mute(word(shot, bench, MuteKind.ACKNOWLEDGED, lasts=None))
    engine.mute(word(shot, bench))
    engine.unmute(shot.findings[0].key, "bob")
    entries = sorted(told(bench, history), key=lambda one: one.number)
    assert [one.kind for one in entries] == [EventKind.ACKNOWLEDGED, EventKind.MUTED, EventKind.UNMUTED]
    assert [one.words for one in entries] == [
        "acknowledged by ann: ticket 12",
        "muted for 1 h by ann: ticket 12",
        "muted no more, by bob",
    ]
    assert {one.environment for one in entries} == {shot.findings[0].environment}
    assert {one.resource for one in entries} == {shot.findings[0].resource}


def test_a_read_only_engine_keeps_nothing_and_takes_nothing_back(bench: Bench) -> None:
    history = bench.history()
    screen = bench.engine("dev", history=history)
    mute = word(troubled(bench, screen), bench)
    shared = Engine(
        replace(settings("dev"), read_only=True),
        screen._catalogue,
        history=history,
        clock=bench.clock,
        open_room=bench.room.opened(),
    )
    shared.mute(mute)
    assert history.mutes(bench.clock()) == {}
    screen.mute(mute)
    shared.unmute(mute.finding, "bob")
    assert history.mutes(bench.clock()) == {mute.finding: mute}
    assert [one.kind for one in told(bench, history)] == [EventKind.MUTED]


def test_taking_back_what_nobody_said_tells_nothing(bench: Bench) -> None:
    history = bench.history()
    engine = bench.engine("dev", history=history)
    engine.unmute(troubled(bench, engine).findings[0].key, "bob")
    assert told(bench, history) == []
