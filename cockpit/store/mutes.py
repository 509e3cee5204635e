"""Acknowledgements and mutes: in memory, so that asking costs nothing, and in one table that all processes share.

What was said here holds at once, and stays in memory until it is written. What others have said comes with the next
look at the table.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from cockpit.model.mute import Mute, MuteKind
from cockpit.model.text import storable
from cockpit.model.verdict import Health
from cockpit.store.events import Run

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS mute (
        finding TEXT PRIMARY KEY, kind TEXT NOT NULL, note TEXT NOT NULL, who TEXT NOT NULL, at REAL NOT NULL,
        until REAL, subject TEXT NOT NULL, up_to TEXT) WITHOUT ROWID""",
)
REREAD_SECONDS = 1.0
"""What another process has said is known after this, and the moment that reading takes."""
LONGEST_SECONDS = 90 * 86_400.0
"""Not even an acknowledgement without end holds longer: what it was about may be gone with its whole account."""
_CLOCK_SECONDS = 60.0
"""By this much a clock may be set right."""
MOST = 1000
"""More are not kept; the oldest go first."""


class Mutes:
    """Finding key → what was said about it. Thread-safe."""

    def __init__(self) -> None:
        self._stored: Mapping[str, Mute] = {}
        self._said: dict[str, Mute | None] = {}
        """Said here and not written yet; None is taken back."""
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._asked = False
        """Whether reading was asked for, and has not begun."""
        self._wanted = True
        """Whether there is something to write, or somebody has asked what others have said."""

    def mutes(self, now: float) -> dict[str, Mute]:
        """What holds at `now` (epoch seconds)."""
        with self._lock:
            known = {**self._stored, **self._said}
        return {key: mute for key, mute in known.items() if mute is not None and holds(mute, now)}

    def mute(self, mute: Mute) -> None:
        """Keep it, in the place of what was said before about the same finding.

        Raises ValueError for a mute without an end.
        """
        if mute.kind is MuteKind.MUTED and mute.until is None:
            raise ValueError("a mute needs an end")
        with self._lock:
            self._said[mute.finding] = mute
            self._wanted = True

    def unmute(self, findings: Iterable[str]) -> None:
        """Forget what was said about these findings (keys)."""
        with self._lock:
            self._said.update(dict.fromkeys(findings))
            self._wanted = True

    def is_due(self, now: float) -> bool:
        """Whether the table should be read again. Asking counts as reading: a slow disk is not asked twice."""
        with self._lock:
            due = not self._asked and abs(now - self._read_at) >= REREAD_SECONDS
            if due:
                self._read_at, self._wanted, self._asked = now, True, True
            return due

    def sync(self, run: Run, now: float) -> None:
        """Write what was said here, and learn what others have said. What cannot be written now is kept."""
        with self._lock:
            self._asked = False
            if not self._wanted:
                return
            said, self._wanted = dict(self._said), False
        stored = run(partial(_synced, said, now), None)
        if stored is None:
            # The next question tries again.
            return
        with self._lock:
            self._stored = stored
            self._said = {key: mute for key, mute in self._said.items() if key not in said or said[key] is not mute}


def holds(mute: Mute, now: float) -> bool:
    """Whether it is in force at `now` (epoch seconds).

    What was said at a time that is yet to come was said under another clock; so its end tells nothing.
    """
    end = mute.at + LONGEST_SECONDS
    return mute.at <= now + _CLOCK_SECONDS and now < (end if mute.until is None else min(mute.until, end))


def _synced(said: Mapping[str, Mute | None], now: float, connection: sqlite3.Connection) -> dict[str, Mute]:
    for key, mute in said.items():
        if mute is None:
            connection.execute("DELETE FROM mute WHERE finding = ?", (storable(key),))
        else:
            connection.execute("INSERT OR REPLACE INTO mute VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(mute))
    connection.execute("DELETE FROM mute WHERE until <= ? OR at <= ?", (now, now - LONGEST_SECONDS))
    if said:
        connection.execute(
            "DELETE FROM mute WHERE finding IN (SELECT finding FROM mute ORDER BY at DESC LIMIT -1 OFFSET ?)", (MOST,)
        )
    rows = connection.execute("SELECT finding, kind, note, who, at, until, subject, up_to FROM mute").fetchall()
    return {mute.finding: mute for row in rows if (mute := _mute(row)) is not None}


def _row(mute: Mute) -> tuple[object, ...]:
    up_to = mute.up_to.value if mute.up_to else None
    said = (mute.finding, mute.kind.value, mute.note, mute.by, mute.at, mute.until, mute.subject, up_to)
    return tuple(storable(value) if isinstance(value, str) else value for value in said)


def _mute(row: Sequence[Any]) -> Mute | None:
    """What a row says; None for one that makes no sense: it mutes nothing."""
    finding, kind, note, who, at, until, subject, up_to = row
    try:
        mute = Mute(
            finding=str(finding),
            kind=MuteKind(kind),
            note=str(note),
            by=str(who),
            at=float(at),
            until=None if until is None else float(until),
            subject=str(subject),
            up_to=None if up_to is None else Health(up_to),
        )
    except (TypeError, ValueError):
        return None
    return None if mute.kind is MuteKind.MUTED and mute.until is None else mute
