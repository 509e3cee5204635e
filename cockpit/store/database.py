"""The SQLite file: opening it, its schema, and what happens when it cannot be used.

Nothing here raises for a bad file or a bad disk. A file that is damaged or comes from a newer version is renamed
and a new one begun; where no file can be had, everything goes on in memory. `notices` says so in plain sentences.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cockpit.store import events, front_page, mutes, preferences

SCHEMA_VERSION = 1
"""Kept in `PRAGMA user_version`."""

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS observation (
        account_id TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, service TEXT NOT NULL,
        saved_at REAL NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (account_id, account, region, service)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS finding (
        key TEXT PRIMARY KEY, since REAL NOT NULL, last_seen REAL NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS lease (slot TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS spending (day INTEGER PRIMARY KEY, usd REAL NOT NULL)",
    *events.SCHEMA,
    *mutes.SCHEMA,
    *preferences.SCHEMA,
    *front_page.SCHEMA,
)

_DAMAGE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR})
"""Primary result codes that mean that the file is not ours or not whole; SQLITE_ERROR is a missing table."""

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

_BUSY_WAIT_SECONDS = 2.0
_ATTEMPTS = 6

T = TypeVar("T")


class _Newer(Exception):  # noqa: N818 - a fact about the file, never seen outside
    """The file was written by a newer version."""


class _Foreign(Exception):  # noqa: N818 - a fact about the file, never seen outside
    """A healthy SQLite file that some other program owns."""


class Database:
    """One connection. Every method must be called on the thread that made it."""

    def __init__(self, path: Path, *, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        self._lasting: tuple[str, ...] = ()
        self._trouble: str | None = None
        self._identity: tuple[int, int] | None = None
        self._connection = self._open()

    @property
    def notices(self) -> tuple[str, ...]:
        """One-sentence notices: what was set aside, and what is wrong at present."""
        return self._lasting if self._trouble is None else (*self._lasting, self._trouble)

    def notice(self, sentence: str) -> None:
        """Add a notice that stays."""
        if sentence not in self._lasting:
            self._lasting = (*self._lasting, sentence)

    def run(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """The result of `work`, in one transaction; `otherwise` where the file does not let it be done."""
        try:
            return self._transaction(work, otherwise)
        except sqlite3.DatabaseError as error:
            if _primary_code(error) not in _DAMAGE or self._identity is None:
                self._trouble = f"The stored state cannot be used at present ({_in_words(error)})."
                return otherwise
        self._connection.close()
        if self._still_ours():
            self._set_aside("damaged")
        self._connection = self._open()
        try:
            return self._transaction(work, otherwise)
        except sqlite3.DatabaseError as error:
            self._trouble = f"The stored state cannot be used at present ({_in_words(error)})."
            return otherwise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _transaction(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if _primary_code(error) in _BUSY:
                # Another process is writing; it is neither damage nor worth a notice.
                return otherwise
            raise
        changes = self._connection.total_changes
        try:
            result = work(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        if self._connection.total_changes > changes:
            # Only a write shows that there is room again.
            self._trouble = None
        return result

    def _open(self) -> sqlite3.Connection:
        for _ in range(_ATTEMPTS):
            try:
                return self._open_file()
            except _Newer:
                self._set_aside("newer")
            except _Foreign:
                self._set_aside("damaged")
            except sqlite3.DatabaseError as error:
                if _primary_code(error) in _DAMAGE:
                    self._set_aside("damaged")
                elif _primary_code(error) in _BUSY:
                    # Two processes that create the file at once; the turn to WAL does not wait by itself.
                    time.sleep(0.1)
                else:
                    return self._open_in_memory(_in_words(error))
            except OSError as error:
                return self._open_in_memory(error.strerror or type(error).__name__)
        return self._open_in_memory("it can neither be used nor replaced")

    def _open_file(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made by us first, so that it is never readable by others; SQLite gives its -wal and -shm the same mode.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._path.chmod(0o600)
        connection = _connect(str(self._path))
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        status = self._path.stat()
        self._identity = (status.st_dev, status.st_ino)
        return connection

    def _open_in_memory(self, why: str) -> sqlite3.Connection:
        self.notice(f"Nothing is kept on disk: {self._path} cannot be used ({why}).")
        self._identity = None
        connection = _connect(":memory:")
        _prepare(connection)
        return connection

    def _still_ours(self) -> bool:
        """Whether the file at the path is the one that was opened; another process may have replaced it already."""
        try:
            status = self._path.stat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._identity

    def _set_aside(self, why: str) -> None:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock()))
        kept = self._path.with_name(f"{self._path.name}.{why}-{stamp}")
        try:
            self._path.replace(kept)
            # Its log goes along: it must not be replayed into the successor.
            for suffix in ("-wal", "-shm"):
                log = self._path.with_name(self._path.name + suffix)
                if log.exists():
                    log.replace(kept.with_name(kept.name + suffix))
        except OSError:
            return
        reason = "comes from a newer version" if why == "newer" else "was damaged"
        self.notice(f"The stored state {reason}; it was set aside as {kept.name} and a new one begun.")


def _connect(name: str) -> sqlite3.Connection:
    # isolation_level=None: transactions are ours. The history's own thread alone uses it, but another opens it.
    return sqlite3.connect(name, timeout=_BUSY_WAIT_SECONDS, isolation_level=None, check_same_thread=False)


def _prepare(connection: sqlite3.Connection) -> None:
    """Bring a file to our schema, or find that it is not ours. A table that came later is added to an older file."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        for statement in _SCHEMA:
            connection.execute(statement)
        if version == 0:
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    """Schema version of the file; 0 for an empty one."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise _Newer
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise _Foreign
    return version


def _primary_code(error: sqlite3.Error) -> int:
    # Extended codes carry the primary one in their low byte; errors of the module itself carry none.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _in_words(error: sqlite3.Error) -> str:
    return str(error)[:120]
