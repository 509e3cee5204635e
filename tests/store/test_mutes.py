"""What was said about findings holds in every process on the machine, ends when it should, and never grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.model.mute import Mute, MuteKind
from cockpit.store.history import FILE_NAME, History
from cockpit.store.mutes import LONGEST_SECONDS, MOST, REREAD_SECONDS

START = 1_700_000_000.0


class Clock:
    """Set by hand."""

    now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def opened(path: Path, clock: Clock) -> Iterator[Callable[[], History]]:
    histories: list[History] = []

    def open_another() -> History:
        histories.append(History.open(path, clock=clock))
        return histories[-1]

    yield open_another
    for history in histories:
        history.close()


def muted(finding: str = "shop/prod|a/b/c|queue|rule", *, lasts: float = 3600.0, **changes: object) -> Mute:
    mute = Mute(finding, MuteKind.MUTED, "ticket 12", "ann", START, START + lasts, "shop/prod queue")
    return replace(mute, **changes)  # type: ignore[arg-type]


def acknowledged(finding: str = "shop/prod|a/b/c|queue|rule") -> Mute:
    return Mute(finding, MuteKind.ACKNOWLEDGED, "", "ann", START, None)


def seen_later(history: History, clock: Clock) -> dict[str, Mute]:
    """What a process knows a few seconds on: the first question asks the file, the second has the answer."""
    clock.now += REREAD_SECONDS
    history.mutes(clock.now)
    history.flush()
    return history.mutes(clock.now)


def test_what_is_said_holds_at_once_and_in_the_next_process(opened: Callable[[], History], clock: Clock) -> None:
    first = opened()
    first.mute(muted())
    assert list(first.mutes(clock.now).values()) == [muted()]
    first.close()
    assert list(opened().mutes(clock.now).values()) == [muted()]


def test_another_process_that_runs_hears_of_it_and_of_its_end_within_seconds(
    opened: Callable[[], History], clock: Clock
) -> None:
    screen, wall = opened(), opened()
    assert not wall.mutes(clock.now)
    screen.mute(muted())
    screen.flush()
    assert list(seen_later(wall, clock).values()) == [muted()]
    wall.unmute([muted().finding])
    wall.flush()
    assert not seen_later(screen, clock)


def test_a_mute_ends_by_itself_to_the_second(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    history.mute(muted(lasts=60.0))
    assert history.mutes(START + 59.0)
    assert not history.mutes(START + 60.0)


def test_a_mute_from_a_clock_that_ran_ahead_mutes_nothing(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    history.mute(muted(lasts=3600.0))
    clock.now = START - 86_400.0
    assert not history.mutes(clock.now)
    # A clock that is set right by moments takes nothing back.
    assert history.mutes(START - 30.0)


def test_what_has_ended_leaves_the_file(opened: Callable[[], History], path: Path, clock: Clock) -> None:
    history = opened()
    history.mute(muted("one", lasts=60.0))
    history.mute(acknowledged("two"))
    clock.now += 61.0
    history.mute(muted("three", lasts=600.0))
    history.close()
    with sqlite3.connect(path) as file:
        assert [row[0] for row in file.execute("SELECT finding FROM mute ORDER BY finding")] == ["three", "two"]


def test_a_later_word_replaces_an_earlier_one(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    history.mute(acknowledged())
    history.mute(muted())
    history.flush()
    assert [mute.kind for mute in history.mutes(clock.now).values()] == [MuteKind.MUTED]


def test_not_even_an_acknowledgement_lasts_for_ever(opened: Callable[[], History]) -> None:
    history = opened()
    history.mute(acknowledged())
    assert history.mutes(START + LONGEST_SECONDS - 1)
    assert not history.mutes(START + LONGEST_SECONDS)


def test_a_mute_without_an_end_is_refused(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    with pytest.raises(ValueError, match="end"):
        history.mute(muted(until=None))
    assert not history.mutes(clock.now)


def test_the_oldest_go_where_there_are_too_many(opened: Callable[[], History], clock: Clock) -> None:
    history = opened()
    for number in range(MOST + 5):
        history.mute(muted(f"finding {number}", at=START + number / 10_000))
    history.flush()
    kept = seen_later(history, clock)
    assert len(kept) == MOST
    assert "finding 4" not in kept
    assert "finding 5" in kept


@pytest.mark.parametrize(
    "row",
    [
        ("one", "silenced", "", "ann", START, START + 60, ""),
        ("one", "muted", "", "ann", START, None, ""),
        ("one", "muted", "", "ann", "yesterday", START + 60, ""),
    ],
)
def test_a_row_that_makes_no_sense_mutes_nothing(
    opened: Callable[[], History], path: Path, clock: Clock, row: tuple[object, ...]
) -> None:
    opened().close()
    with sqlite3.connect(path) as file:
        file.execute("INSERT INTO mute VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, None))
    assert not opened().mutes(clock.now)


def test_while_the_file_is_full_what_was_said_holds_and_is_written_later(
    opened: Callable[[], History], path: Path, clock: Clock
) -> None:
    history = opened()
    history._call(lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone(), otherwise=None)
    history.mute(muted(note="x" * 200_000))
    history.flush()
    assert seen_later(history, clock)
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT count(*) FROM mute").fetchone() == (0,)
    history._call(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone(), otherwise=None)
    assert seen_later(history, clock)
    history.close()
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT count(*) FROM mute").fetchone() == (1,)
