"""Who may pay for a look, and what was paid: rows that all processes on a machine share."""

from __future__ import annotations

import sqlite3


def claim(connection: sqlite3.Connection, slot: str, owner: str, now: float, for_seconds: float) -> bool:
    """Whether `owner` has the lease on `slot` for the next seconds from `now` (epoch seconds)."""
    row = connection.execute("SELECT owner, until FROM lease WHERE slot = ?", (slot,)).fetchone()
    # An end that is further away than a lease is long was written under another clock.
    if row is not None and row[0] != owner and now < row[1] <= now + for_seconds:
        return False
    connection.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?)", (slot, owner, now + for_seconds))
    return True


def release(connection: sqlite3.Connection, slot: str, owner: str) -> bool:
    """Give the lease back, if it is `owner`'s."""
    connection.execute("DELETE FROM lease WHERE slot = ? AND owner = ?", (slot, owner))
    return True


def spend(connection: sqlite3.Connection, day: int, usd: float) -> float:
    """Add dollars to a day (days since 1970, UTC); the day's total over every process."""
    connection.execute("DELETE FROM spending WHERE day < ?", (day - 1,))
    connection.execute(
        "INSERT INTO spending VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET usd = usd + excluded.usd",
        (day, usd),
    )
    row = connection.execute("SELECT usd FROM spending WHERE day = ?", (day,)).fetchone()
    return float(row[0])
