"""The store's thread: no text and no defect ends it, and nobody who asks it is left without an answer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cockpit.model.event import Event, EventKind, EventQuery
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.mute import Mute, MuteKind
from cockpit.store.history import FILE_NAME, History
from cockpit.store.thread import StoreThread
from tests.store.observations import ACCOUNT_ID, observation

NOW = 1_700_000_000.0
HALF = "a \ud83d"
"""Half of a sign, as JSON may bring it: no file can hold it as it is."""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], History]]:
    histories: list[History] = []

    def open_another() -> History:
        histories.append(History.open(tmp_path / FILE_NAME, clock=lambda: NOW))
        return histories[-1]

    yield open_another
    for history in histories:
        history.close()


def odd_event(history: History) -> None:
    where, slot = EnvironmentId(HALF, HALF), SlotId("dev", "eu-west-2", "lambda")
    for kind in (EventKind.CHANGED, EventKind.BEGAN):
        history.record([Event(NOW, kind, where, slot, HALF, HALF, resource=HALF, finding=HALF, fact=HALF)])


def odd_mute(history: History) -> None:
    history.mute(Mute(HALF, MuteKind.MUTED, HALF, HALF, NOW, NOW + 60, HALF))


def odd_preference(history: History) -> None:
    history.preferences().remember(HALF, [HALF])


def odd_finding(history: History) -> None:
    history.first_seen([HALF], NOW)


@pytest.mark.parametrize("say", [odd_event, odd_mute, odd_preference, odd_finding])
def test_a_text_that_no_file_can_hold_stops_nothing(
    opened: Callable[[], History], say: Callable[[History], None]
) -> None:
    history = opened()
    say(history)
    history.save([observation()])
    assert history.flush(2.0)
    history.close()
    assert set(opened().load({"dev": ACCOUNT_ID})) == {observation().slot}


def test_an_entry_with_such_a_text_is_told_all_the_same(opened: Callable[[], History]) -> None:
    history = opened()
    odd_event(history)
    history.flush(2.0)
    told = history.events(EventQuery(environment=EnvironmentId(HALF, HALF), resource=HALF)).result(2)
    assert [event.words for event in told] == ["a ?", "a ?"]


def thread_of(path: Path, write: Callable[[], None] = lambda: None) -> StoreThread:
    thread = StoreThread(path, clock=lambda: NOW, batch_seconds=60.0, begin=lambda _: None, write=write)
    thread.start()
    return thread


def test_a_defect_costs_its_own_work_and_is_said(tmp_path: Path) -> None:
    def broken() -> None:
        raise KeyError("a secret")

    thread = thread_of(tmp_path / FILE_NAME, write=broken)
    thread.later(broken)
    assert thread.call(lambda _: True, otherwise=False)
    assert any("KeyError" in notice for notice in thread.notices)
    assert not any("secret" in notice for notice in thread.notices)
    thread.close(2.0)


def test_whoever_asks_while_it_ends_gets_an_answer(tmp_path: Path) -> None:
    thread = thread_of(tmp_path / FILE_NAME)
    started, answers = threading.Event(), []

    def ask() -> None:
        started.set()
        while not (answers and answers[-1].done() and answers[-1].result() == "closed"):
            answers.append(thread.submit(_asked, otherwise="closed"))

    asker = threading.Thread(target=ask)
    asker.start()
    started.wait(2)
    thread.close(2.0)
    asker.join(2)
    assert {answer.result(2) for answer in answers} <= {"asked", "closed"}


def _asked(_: sqlite3.Connection) -> str:
    return "asked"


def test_work_that_is_left_after_the_end_is_not_kept(tmp_path: Path) -> None:
    thread = thread_of(tmp_path / FILE_NAME)
    thread.close(2.0)
    thread.later(lambda: pytest.fail("it ran"))
    assert thread.submit(_asked, otherwise="closed").result(0) == "closed"
    assert thread.waiting == 0


def test_while_nothing_can_be_written_what_has_ended_is_forgotten_all_the_same(tmp_path: Path) -> None:
    now = [NOW]
    history = History.open(tmp_path / FILE_NAME, clock=lambda: now[0])
    history._call(lambda file: file.execute("PRAGMA busy_timeout = 0").fetchone(), otherwise=None)
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        for hour in range(50):
            now[0] = NOW + 3600 * hour
            history.first_seen([f"of preview {hour}"], now[0])
            history.flush()
        assert len(history._standing._stands) <= 2
    history.close()


def test_while_the_disk_hangs_nothing_piles_up(opened: Callable[[], History]) -> None:
    history, hangs, goes_on = opened(), threading.Event(), threading.Event()

    def hang(_: sqlite3.Connection) -> bool:
        hangs.set()
        return goes_on.wait(5)

    stuck = history._submit(hang, otherwise=False)
    hangs.wait(5)
    before = history._thread.waiting
    for second in range(100):
        history.mutes(NOW + 2.0 * second)
    assert history._thread.waiting - before <= 1
    goes_on.set()
    assert stuck.result(5)
