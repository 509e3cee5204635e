"""What the user chose, kept from one run to the next: one small table of JSON values."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cockpit.model.text import storable

if TYPE_CHECKING:
    from cockpit.store.thread import StoreThread

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS preference (
        name TEXT PRIMARY KEY, value TEXT NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID""",
)
MOST = 500
"""More are not kept; those that were chosen longest ago go first."""
LONGEST = 64 * 1024
"""Characters of one value as JSON."""
_PATIENCE_SECONDS = 2.0


class Preferences:
    """Choices by name. `recall` and `remember` never wait; the store's thread writes. Thread-safe.

    Two processes that choose differently at the same time: the later choice is what the next run finds.
    """

    def __init__(self, thread: StoreThread, *, read_only: bool = False) -> None:
        """Read what is kept, which may take a moment. With `read_only` nothing is ever written."""
        self._thread = thread
        self._read_only = read_only
        self._lock = threading.Lock()
        self._unwritten: dict[str, str] = {}
        self._known: dict[str, str] = thread.call(_read, otherwise={}, timeout_seconds=_PATIENCE_SECONDS)

    def recall(self, name: str) -> object:
        """What was remembered under this name, or None. A value of its own: changing it changes nothing here."""
        with self._lock:
            text = self._known.get(name)
        try:
            value: object = None if text is None else json.loads(text)
        except ValueError:
            return None
        return value

    def remember(self, name: str, value: object) -> None:
        """Keep a plain JSON value. Raises TypeError or ValueError for anything else, and for one that is too long."""
        text = json.dumps(value, allow_nan=False)
        if len(text) > LONGEST:
            raise ValueError(f"{name}: a preference holds at most {LONGEST} characters")
        with self._lock:
            if self._known.get(name) == text:
                return
            self._known[name] = text
            if self._read_only:
                return
            self._unwritten[name] = text
        self._thread.later(partial(self._write, self._thread.run))

    def _write(self, run: Callable[[Callable[[sqlite3.Connection], bool], bool], bool]) -> None:
        with self._lock:
            chosen = dict(self._unwritten)
        if not chosen or not run(partial(_written, chosen), False):  # noqa: FBT003 - what `run` gives without a file
            # Kept: the next choice tries again.
            return
        with self._lock:
            self._unwritten = {name: text for name, text in self._unwritten.items() if chosen.get(name) != text}


def _read(connection: sqlite3.Connection) -> dict[str, str]:
    return {str(name): str(value) for name, value in connection.execute("SELECT name, value FROM preference")}


def _written(chosen: dict[str, str], connection: sqlite3.Connection) -> bool:
    for name, text in chosen.items():
        # Numbered in the order of choice: a clock may be set back.
        connection.execute(
            "INSERT OR REPLACE INTO preference VALUES (?, ?, (SELECT coalesce(max(number), 0) + 1 FROM preference))",
            (storable(name), text),
        )
    connection.execute(
        "DELETE FROM preference WHERE name IN (SELECT name FROM preference ORDER BY number DESC LIMIT -1 OFFSET ?)",
        (MOST,),
    )
    return True
