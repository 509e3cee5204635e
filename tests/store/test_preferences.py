"""What the user chose is there in the next run, unless the screen is shared."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.store.history import FILE_NAME, History
from cockpit.store.preferences import LONGEST, MOST
from screens.context import Preferences as Door


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    one = History.open(tmp_path / FILE_NAME, clock=time.time)
    yield one
    one.close()


def next_run(before: History, tmp_path: Path) -> History:
    before.close()
    return History.open(tmp_path / FILE_NAME, clock=time.time)


@pytest.mark.parametrize(
    "value", [None, True, 3, 1.5, "cockpit-light", ["name", "errors"], {"scope": {"accounts": []}}]
)
def test_a_choice_is_there_at_once_and_in_the_next_run(history: History, tmp_path: Path, value: object) -> None:
    chosen: Door = history.preferences()
    chosen.remember("one", value)
    assert chosen.recall("one") == value
    later = next_run(history, tmp_path)
    assert later.preferences().recall("one") == value
    later.close()


def test_what_was_never_chosen_is_nothing(history: History) -> None:
    assert history.preferences().recall("columns") is None


def test_the_last_choice_counts(history: History, tmp_path: Path) -> None:
    chosen = history.preferences()
    for theme in ("dark", "light", "dark"):
        chosen.remember("theme", theme)
    later = next_run(history, tmp_path)
    assert later.preferences().recall("theme") == "dark"
    later.close()


def test_what_is_changed_after_it_was_recalled_changes_nothing(history: History) -> None:
    chosen = history.preferences()
    chosen.remember("columns", ["name"])
    recalled = chosen.recall("columns")
    assert isinstance(recalled, list)
    recalled.append("errors")
    assert chosen.recall("columns") == ["name"]


def test_a_shared_screen_reads_and_keeps_nothing(history: History, tmp_path: Path) -> None:
    history.preferences().remember("theme", "light")
    history.flush()
    shared = history.preferences(read_only=True)
    assert shared.recall("theme") == "light"
    shared.remember("theme", "dark")
    assert shared.recall("theme") == "dark"
    later = next_run(history, tmp_path)
    assert later.preferences().recall("theme") == "light"
    later.close()


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), "x" * LONGEST])
def test_what_is_no_json_or_too_long_is_refused(history: History, value: object) -> None:
    chosen = history.preferences()
    with pytest.raises((TypeError, ValueError)):
        chosen.remember("one", value)
    assert chosen.recall("one") is None


def test_choices_never_grow_without_end(history: History, tmp_path: Path) -> None:
    chosen = history.preferences()
    for number in range(MOST + 10):
        chosen.remember(f"name {number}", number)
    later = next_run(history, tmp_path)
    kept = later.preferences()
    assert kept.recall("name 9") is None
    assert kept.recall(f"name {MOST + 9}") == MOST + 9
    later.close()


def test_a_value_that_is_no_json_any_more_is_nothing(history: History, tmp_path: Path) -> None:
    history.preferences().remember("theme", "dark")
    history.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as file:
        file.execute("UPDATE preference SET value = '{'")
    later = History.open(tmp_path / FILE_NAME, clock=time.time)
    assert later.preferences().recall("theme") is None
    later.close()
