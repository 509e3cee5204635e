"""The engine writes the timeline down: across restarts, beside another process, and without anybody waiting for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.engine.engine import Engine
from cockpit.engine.recorder import Recorder
from cockpit.model.event import Event, EventKind, EventQuery
from cockpit.model.service import Catalogue, Watched
from cockpit.model.snapshot import Snapshot
from cockpit.store.history import FILE_NAME, History
from tests.engine import house
from tests.engine.engines import Bench, until
from tests.engine.rooms import DEV, TINY, listing, thing

CATALOGUE = Catalogue((replace(TINY, watched=(Watched("size", "size", ("thing",)),), selects=("thing",)),))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.close()


def told(engine: Engine) -> list[tuple[EventKind, str, str]]:
    entries = engine.events(EventQuery()).result(5)
    return [(event.kind, event.subject, event.words) for event in entries]


def test_what_is_changed_between_two_polls_is_told_and_the_snapshot_says_that_there_is_news(bench: Bench) -> None:
    bench.room.listings[DEV] = replace(listing(DEV), resources=(thing(DEV, "web", size=1),))
    engine = bench.engine("dev", history=bench.history(), catalogue=CATALOGUE)
    engine.start()
    assert until(engine, lambda one: DEV in one.observations).newest_event == 0
    bench.room.listings[DEV] = replace(listing(DEV), resources=(thing(DEV, "web", size=2),))
    bench.clock.now += 60
    engine.refresh()
    assert until(engine, lambda one: one.newest_event > 0).newest_event == 1
    assert told(engine) == [(EventKind.CHANGED, "web", "size 1 → 2")]
    assert bench.defects == []


def test_without_a_store_there_is_no_timeline(bench: Bench) -> None:
    engine = bench.engine("dev")
    engine.start()
    until(engine, lambda one: DEV in one.observations)
    assert told(engine) == []


def seen_by(history: History, shots: list[Snapshot]) -> None:
    """A process that sees these snapshots, and ends."""
    written: list[bool] = []
    defects: list[Exception] = []
    recorder = Recorder(
        history,
        house.CATALOGUE,
        started_at=house.NOW - 5000,
        on_record=lambda: written.append(True),
        on_defect=lambda _, error: defects.append(error),
    )
    for shot in shots:
        recorder.see(shot)
        wait_until(lambda: recorder._newest is None)
    recorder._thread.shutdown(wait=True)
    history.flush()
    assert defects == []


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def shot(load: float, age: float) -> Snapshot:
    return house.snapshot(house.PROD, house.seen(house.thing("web", [load] * 5), age=age))


def entries(history: History) -> list[Event]:
    return list(history.events(EventQuery()).result(5))


def test_a_restart_neither_repeats_what_stands_nor_misses_its_end(bench: Bench) -> None:
    first = bench.history()
    seen_by(first, [shot(90.0, age=30)])
    first.close()
    second = bench.history()
    seen_by(second, [shot(90.0, age=20), shot(10.0, age=10)])
    assert [event.kind for event in entries(second)] == [EventKind.ENDED, EventKind.BEGAN]


def test_what_ended_between_two_runs_ends_at_the_first_look_of_the_second(bench: Bench) -> None:
    first = bench.history()
    seen_by(first, [shot(90.0, age=30)])
    first.close()
    second = bench.history()
    seen_by(second, [shot(10.0, age=10)])
    assert [event.kind for event in entries(second)] == [EventKind.ENDED, EventKind.BEGAN]


def test_while_the_store_does_not_answer_nothing_is_taken_to_stand(bench: Bench) -> None:
    first = bench.history()
    seen_by(first, [shot(90.0, age=30)])
    first.close()
    second = bench.history()
    second._call(lambda file: file.execute("PRAGMA busy_timeout = 0").fetchone(), otherwise=None)
    recorder = Recorder(
        second,
        house.CATALOGUE,
        started_at=house.NOW - 5000,
        on_record=lambda: None,
        on_defect=lambda _, error: pytest.fail(str(error)),
    )
    with closing(sqlite3.connect(bench.path / FILE_NAME, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        recorder.see(shot(10.0, age=20))
        recorder._thread.submit(lambda: None).result(5)
    recorder.see(shot(10.0, age=10))
    recorder._thread.shutdown(wait=True)
    second.flush()
    assert [event.kind for event in entries(second)] == [EventKind.ENDED, EventKind.BEGAN]


def test_two_processes_tell_one_story(bench: Bench) -> None:
    shots = [shot(10.0, age=40), shot(70.0, age=30), shot(90.0, age=20), shot(10.0, age=10)]
    for history in (bench.history(), bench.history()):
        seen_by(history, shots)
    kinds = [event.kind for event in sorted(entries(history), key=lambda event: event.number)]
    assert kinds == [EventKind.BEGAN, EventKind.WORSENED, EventKind.ENDED]


def test_after_the_end_it_hears_nothing(bench: Bench) -> None:
    history = bench.history()
    recorder = Recorder(
        history, house.CATALOGUE, started_at=0, on_record=lambda: None, on_defect=lambda where, error: None
    )
    recorder.close()
    recorder.see(shot(90.0, age=30))
    assert entries(history) == []
