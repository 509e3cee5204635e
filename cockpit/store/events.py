"""What happened, on disk: the timeline of every cockpit process on this machine, in one table.

Several processes see the same things happen, each at its own look, and a process that starts anew sees again what it
saw before. So an entry is written only if it says something new: a finding begins only if it has ended or never was,
and a change is told once (`_is_news`). That is decided in the transaction that writes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar

from cockpit.model.event import CHANGED_SOMEHOW, Event, EventKind, EventQuery
from cockpit.model.ids import EnvironmentId, SlotId
from cockpit.model.text import storable
from cockpit.model.verdict import Health

KEEP_SECONDS = 90 * 86_400.0
KEEP_ROWS = 50_000
"""The timeline holds no more than this, whatever happens: the oldest entries go first."""

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS event (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at REAL NOT NULL, kind TEXT NOT NULL, system TEXT, environment TEXT,
        account TEXT, region TEXT, service TEXT, subject TEXT NOT NULL, words TEXT NOT NULL,
        before TEXT, after TEXT, resource TEXT, finding TEXT, fact TEXT, exact INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS event_at ON event (at)",
    "CREATE INDEX IF NOT EXISTS event_finding ON event (finding, number) WHERE finding IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS event_fact ON event (resource, fact) WHERE fact IS NOT NULL",
)
_COLUMNS = (
    "at, kind, system, environment, account, region, service, subject, words, before, after, resource, finding, "
    "fact, exact"
)
_INSERT = f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - ours

_OF_FINDINGS = (EventKind.BEGAN, EventKind.WORSENED, EventKind.EASED, EventKind.ENDED)
_FINDING_KINDS = ", ".join(f"'{kind.value}'" for kind in _OF_FINDINGS)
_SAME_BEGINNING_SECONDS = 60.0
"""Two processes date the same beginning within this of each other."""
_SAME_CHANGE_SECONDS = 15 * 60.0
"""Two processes notice the same change within this of each other: the longest time between two looks, thrice."""
_PENDING_MAX = 10_000
"""Entries that wait for a disk that cannot be written."""

T = TypeVar("T")


class Run(Protocol):
    """Runs work on the database; the second argument where it cannot be done."""

    def __call__(self, work: Callable[[sqlite3.Connection], T], otherwise: T, /) -> T:
        """The result of `work`, in one transaction."""


class Timeline:
    """The entries that wait to be written, and the number of the newest that is. Thread-safe."""

    def __init__(self) -> None:
        self._pending: list[Event] = []
        self._lock = threading.Lock()
        self._grown = False
        """Whether something was written since anything was forgotten."""
        self.newest = 0
        """`Event.number` of the newest entry, of any process; as of the last look at the file."""

    def add(self, events: Iterable[Event]) -> None:
        """Queue entries."""
        with self._lock:
            self._pending = [*self._pending, *events][-_PENDING_MAX:]

    def write(self, run: Run, now: float) -> None:
        """Write what is queued, and learn what others have written. What cannot be written now is kept."""
        with self._lock:
            batch = tuple(self._pending)
        newest = run(partial(_written, batch, now), None)
        if newest is None:
            return
        self.newest = newest
        with self._lock:
            self._pending = self._pending[len(batch) :]
            self._grown = self._grown or bool(batch)

    def forget(self, run: Run, now: float) -> None:
        """Drop what is too old or too much; to be called when it is written which findings are seen."""
        if self._grown and run(partial(_forget, now=now), False):  # noqa: FBT003 - what `run` gives without a file
            self._grown = False


def _written(batch: Sequence[Event], now: float, connection: sqlite3.Connection) -> int:
    """The number of the newest entry, after `batch` was written."""
    for event in batch:
        # A value that SQLite cannot hold is a defect of who recorded it; it costs that entry, no more.
        with suppress(sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError, AttributeError):
            told = _storable(event)
            if _is_news(connection, told, now):
                connection.execute(_INSERT, _row(told))
    row = connection.execute("SELECT max(number) FROM event").fetchone()
    return int(row[0] or 0)


def _is_news(connection: sqlite3.Connection, event: Event, now: float) -> bool:
    """Whether the timeline does not tell this already."""
    if event.kind in _OF_FINDINGS and event.finding is not None:
        return _is_news_of_finding(connection, event, now)
    if event.kind is EventKind.CHANGED:
        return _is_unknown_change(connection, event)
    return True


def _is_news_of_finding(connection: sqlite3.Connection, event: Event, now: float) -> bool:
    last = connection.execute(
        f"SELECT kind, after FROM event WHERE finding = ? AND kind IN ({_FINDING_KINDS}) "  # noqa: S608 - our constants
        "ORDER BY number DESC LIMIT 1",
        (event.finding,),
    ).fetchone()
    stands = last is not None and last[0] != EventKind.ENDED.value
    if event.kind is not EventKind.BEGAN:
        return stands and (event.after.value if event.after else None) != last[1]
    if stands:
        return False
    # A process that looks less often may see a beginning when another has seen its end already. One that is yet to
    # come was written under another clock.
    (began,) = connection.execute(
        "SELECT max(at) FROM event WHERE finding = ? AND kind = ? AND at <= ?",
        (event.finding, EventKind.BEGAN.value, now + _SAME_BEGINNING_SECONDS),
    ).fetchone()
    return began is None or event.at > began + _SAME_BEGINNING_SECONDS


def _is_unknown_change(connection: sqlite3.Connection, event: Event) -> bool:
    told = connection.execute(
        "SELECT at, words FROM event WHERE resource IS ? AND fact = ? AND kind = ? AND (resource IS NOT NULL "
        "OR subject = ?) ORDER BY number DESC",
        (event.resource, event.fact, event.kind.value, event.subject),
    ).fetchall()
    if event.exact:
        return all(abs(at - event.at) >= 1.0 or words != event.words for at, words in told)
    # What has become 42 must become something else before it can become 42 again.
    again = bool(told) and told[0][1] == event.words and not event.words.endswith(CHANGED_SOMEHOW)
    return not again and all(abs(at - event.at) > _SAME_CHANGE_SECONDS or words != event.words for at, words in told)


def _forget(connection: sqlite3.Connection, now: float) -> bool:
    """Drop what is too old, but not the beginning of what stands and is seen, and then what is too much.

    What stands and nobody sees any more is of an environment that nobody watches any more.
    """
    kept = f"{_STANDING} AND finding IN ({_SEEN})"
    too_old = f"DELETE FROM event WHERE at < ? AND number NOT IN ({kept})"  # noqa: S608 - our constants
    connection.execute(too_old, (now - KEEP_SECONDS,))
    connection.execute(
        "DELETE FROM event WHERE number <= (SELECT number FROM event ORDER BY number DESC LIMIT 1 OFFSET ?)",
        (KEEP_ROWS,),
    )
    return True


_STANDING = (
    f"SELECT number FROM event WHERE number IN (SELECT max(number) FROM event WHERE finding IS NOT NULL "  # noqa: S608 - ours
    f"AND kind IN ({_FINDING_KINDS}) GROUP BY finding) AND kind != '{EventKind.ENDED.value}'"
)
_SEEN = "SELECT key FROM finding"
"""Findings that some process sees (`cockpit.store.standing`)."""


def read_standing(connection: sqlite3.Connection) -> tuple[Event, ...]:
    """The newest entry of every finding that stands as far as the timeline knows, with `at` when it began."""
    began = dict(
        connection.execute(
            "SELECT finding, max(at) FROM event WHERE kind = ? GROUP BY finding", (EventKind.BEGAN.value,)
        ).fetchall()
    )
    rows = connection.execute(f"SELECT number, {_COLUMNS} FROM event WHERE number IN ({_STANDING})")  # noqa: S608 - ours
    found = [event for row in rows if (event := _event(row)) is not None]
    return tuple(replace(event, at=began.get(event.finding, event.at)) for event in found)


def read_events(query: EventQuery, connection: sqlite3.Connection) -> tuple[Event, ...]:
    """The entries that `query` asks for, newest first."""
    conditions: list[str] = ["1"]
    values: list[object] = []
    if query.since is not None:
        conditions.append("at >= ?")
        values.append(query.since)
    if query.environment is not None:
        conditions.append("(environment IS NULL OR (system = ? AND environment = ?))")
        values += [storable(query.environment.system), storable(query.environment.environment)]
    if query.resource is not None:
        conditions.append("resource = ?")
        values.append(storable(query.resource))
    if query.kinds:
        conditions.append(f"kind IN ({', '.join('?' * len(query.kinds))})")
        values += [kind.value for kind in query.kinds]
    rows = connection.execute(
        f"SELECT number, {_COLUMNS} FROM event WHERE {' AND '.join(conditions)} "  # noqa: S608 - values are bound
        "ORDER BY at DESC, number DESC LIMIT ?",
        (*values, query.limit),
    )
    return tuple(event for row in rows if (event := _event(row)) is not None)


def _storable(event: Event) -> Event:
    """The entry with texts that the file can hold, so that what is asked and what is written are the same."""
    return replace(
        event,
        subject=storable(event.subject),
        words=storable(event.words),
        resource=_storable_if_any(event.resource),
        finding=_storable_if_any(event.finding),
        fact=_storable_if_any(event.fact),
    )


def _storable_if_any(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _row(event: Event) -> tuple[object, ...]:
    where, slot = event.environment, event.slot
    return (
        event.at,
        event.kind.value,
        *((storable(where.system), storable(where.environment)) if where else (None, None)),
        *((slot.account, slot.region, slot.service) if slot else (None, None, None)),
        event.subject,
        event.words,
        event.before.value if event.before else None,
        event.after.value if event.after else None,
        event.resource,
        event.finding,
        event.fact,
        int(event.exact),
    )


def _event(row: Sequence[Any]) -> Event | None:
    """An entry from its row; None for a row that makes no sense (a kind that a newer version writes)."""
    number, at, kind, system, environment, account, region, service, subject, words, before, after, *rest = row
    resource, finding, fact, exact = rest
    try:
        return Event(
            at=float(at),
            kind=EventKind(kind),
            environment=None if environment is None else EnvironmentId(str(system), str(environment)),
            slot=None if service is None else SlotId(str(account), str(region), str(service)),
            subject=str(subject),
            words=str(words),
            before=None if before is None else Health(before),
            after=None if after is None else Health(after),
            resource=resource,
            finding=finding,
            fact=fact,
            exact=bool(exact),
            number=int(number),
        )
    except (TypeError, ValueError):
        return None
