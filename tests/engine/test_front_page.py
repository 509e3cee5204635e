"""What a program that starts shows first."""

from __future__ import annotations

import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.engine.front_page import FrontPages, first_snapshot, page_of
from cockpit.engine.muted import with_mutes
from cockpit.model.mute import Mute, MuteKind
from cockpit.model.snapshot import MeterReading
from cockpit.model.verdict import Health
from cockpit.store import front_page
from cockpit.store.history import FILE_NAME, History
from tests.engine import house
from tests.ui.recorded.fleet import demo_settings, recorded_snapshot

DAY = 86400.0
METER = MeterReading(since=0.0)


def history(folder: Path) -> History:
    return History.open(folder / FILE_NAME, clock=lambda: recorded_snapshot().at)


def test_what_was_judged_is_shown_again_as_it_was_while_it_is_young(tmp_path: Path) -> None:
    seen = recorded_snapshot()
    settings, known = demo_settings()
    store = history(tmp_path)
    FrontPages(store, settings, known).keep(seen)
    first = FrontPages(store, settings, known).first(METER, seen.at + 1)
    store.close()
    assert first is not None
    assert first.environments == seen.environments
    assert first.accounts == seen.accounts


def test_a_mute_that_has_ended_meanwhile_hides_nothing_and_one_that_holds_does(tmp_path: Path) -> None:
    seen = house.snapshot(house.PROD, house.seen(house.thing("web", [90.0] * 5)))
    finding = house.only_finding(seen)
    store = History.open(tmp_path / FILE_NAME, clock=lambda: seen.at)
    store.mute(Mute(finding.key, MuteKind.MUTED, "", "ann", seen.at - 60, seen.at + 60))
    pages = FrontPages(store, house.PROD, house.CATALOGUE)
    pages.keep(with_mutes(seen, store.mutes(seen.at)))

    def shown(later: float) -> tuple[bool, Health]:
        first = pages.first(METER, seen.at + later)
        assert first is not None
        (state,) = first.environments
        assert state.health is house.cell(first).health
        return house.only_finding(first).counts, state.health

    assert shown(1.0) == (False, Health.OK)
    assert shown(61.0) == (True, Health.CRITICAL)
    store.unmute([finding.key])
    assert shown(1.0) == (True, Health.CRITICAL)
    store.close()


def test_another_configuration_begins_with_nothing(tmp_path: Path) -> None:
    seen = recorded_snapshot()
    settings, known = demo_settings()
    store = history(tmp_path)
    FrontPages(store, settings, known).keep(seen)
    fewer = replace(settings, systems=settings.systems[1:])
    assert FrontPages(store, fewer, known).first(METER, seen.at) is None
    store.close()


@given(st.floats(-DAY, 30 * DAY))
def test_nothing_is_better_than_when_it_was_judged_and_what_is_old_is_unknown(later: float) -> None:
    seen = recorded_snapshot()
    settings, known = demo_settings()
    page = page_of(seen)
    assert page is not None
    first = first_snapshot(page, settings, known, METER, seen.at + later)
    stale = {spec.key: spec.stale_seconds for spec in known.services}
    for before, after in zip(seen.environments, first.environments, strict=True):
        assert after.health is not Health.OK or before.health is Health.OK
        for key, cell in after.cells.items():
            assert cell.health in {before.cells[key].health, Health.UNKNOWN}
            old = cell.observed_at is not None and first.at - cell.observed_at > max(stale[key], DAY)
            assert not old or cell.health is Health.UNKNOWN
            assert cell.health is not Health.UNKNOWN or after.health is not Health.OK


def test_a_fleet_that_was_not_seen_whole_is_not_kept() -> None:
    seen = recorded_snapshot()
    first, *others = seen.environments
    cells = {key: replace(cell, pending=True) for key, cell in first.cells.items()}
    assert page_of(replace(seen, environments=(replace(first, cells=cells), *others))) is None
    assert page_of(replace(seen, environments=())) is None


@pytest.mark.parametrize("body", [b"", b"no archive", zlib.compress(b"{"), zlib.compress(b"{}"), zlib.compress(b"[1]")])
def test_a_page_that_makes_no_sense_is_none(body: bytes) -> None:
    file = sqlite3.connect(":memory:")
    file.execute(front_page.SCHEMA[0])
    file.execute("INSERT INTO front_page VALUES (1, 'print', ?)", (body,))
    assert front_page.read(file, "print") is None
    assert front_page.read(file, "another") is None
    file.close()
