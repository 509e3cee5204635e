"""Since when findings stand. Kept in memory, so that asking costs nothing; written along with the observations."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.model.text import storable

_GAP_SECONDS = 15 * 60.0
"""A finding that nobody saw for this long has ended; if it comes again it is new."""
_REWRITE_SECONDS = 60.0
"""`last_seen` on disk may be this old: writing it at every look would write all day."""


@dataclass(slots=True)
class _Stand:
    since: float
    last_seen: float
    written_at: float = float("-inf")


class Standing:
    """Finding key → since. Thread-safe."""

    def __init__(self) -> None:
        self._stands: dict[str, _Stand] = {}
        self._lock = threading.Lock()
        self.changed = False
        """Whether there is something to write."""

    def first_seen(self, keys: Iterable[str], now: float) -> dict[str, float]:
        """Since when each of `keys` stands, given that all of them stand `now` (epoch seconds)."""
        with self._lock:
            return {key: self._seen(key, now) for key in keys}

    def _seen(self, key: str, now: float) -> float:
        stand = self._stands.get(key)
        if stand is None or now - stand.last_seen > _GAP_SECONDS:
            stand = self._stands[key] = _Stand(now, now)
        # A clock that was set back must not leave a beginning in the future.
        stand.since, stand.last_seen = min(stand.since, now), now
        self.changed |= now - stand.written_at > _REWRITE_SECONDS
        return stand.since

    def read(self, connection: sqlite3.Connection) -> None:
        """Take over what is stored."""
        rows = connection.execute("SELECT key, since, last_seen FROM finding").fetchall()
        with self._lock:
            for key, since, last_seen in rows:
                if isinstance(since, float) and isinstance(last_seen, float):
                    self._stands.setdefault(str(key), _Stand(since, last_seen, last_seen))

    def forget(self, now: float) -> None:
        """Forget what has ended."""
        with self._lock:
            self._stands = {key: stand for key, stand in self._stands.items() if now - stand.last_seen <= _GAP_SECONDS}

    def write(self, connection: sqlite3.Connection, now: float) -> None:
        """Store what has changed, and drop what has ended."""
        with self._lock:
            due = {key: stand for key, stand in self._stands.items() if stand.last_seen - stand.written_at > 0}
            rows = [(storable(key), stand.since, stand.last_seen) for key, stand in due.items()]
            connection.execute("DELETE FROM finding WHERE last_seen < ?", (now - _GAP_SECONDS,))
            # Another process may have seen it earlier, or later.
            connection.executemany(
                "INSERT INTO finding VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                "since = min(since, excluded.since), last_seen = max(last_seen, excluded.last_seen)",
                rows,
            )
            for stand in due.values():
                stand.written_at = stand.last_seen
            self.changed = False
