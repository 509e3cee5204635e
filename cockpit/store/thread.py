"""The one thread that uses the file. Any other thread leaves work for it, and may wait for the answer."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from typing import TypeVar

from cockpit.store.database import Database

PATIENCE_SECONDS = 10.0
"""How long a caller waits for an answer that it cannot do without."""

T = TypeVar("T")


class StoreThread:
    """Does work on the file, in the order in which it was asked for; every method may be called from any thread."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float],
        batch_seconds: float,
        begin: Callable[[StoreThread], None],
        write: Callable[[], None],
    ) -> None:
        """Make the thread; `start` starts it.

        Args:
            path: The SQLite file.
            clock: Epoch seconds.
            batch_seconds: How often `write` is called.
            begin: Called on the thread when the file is open, before anything else.
            write: Writes what has gathered; called on the thread in each batch, and at the end.
        """
        self._clock = clock
        self._batch_seconds = batch_seconds
        self._begin = begin
        self._write = write
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._database: Database | None = None
        self._closed = False
        self._lock = threading.Lock()
        """Held while work is left, so that none comes after the end."""
        self._thread = threading.Thread(target=self._work, args=(path,), name="cockpit-history", daemon=True)
        self.notices: tuple[str, ...] = ()
        """What the reader should know about the file, one sentence each."""

    def start(self) -> None:
        """Open the file and begin."""
        self._thread.start()

    def close(self, timeout_seconds: float) -> None:
        """Do what was asked for, write what has gathered, and end. Idempotent."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join(timeout_seconds)

    @property
    def waiting(self) -> int:
        """How much work is left undone at present."""
        return self._jobs.qsize()

    def call(
        self,
        work: Callable[[sqlite3.Connection], T],
        *,
        otherwise: T,
        write_first: bool = False,
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> T:
        """What `work` answers; `otherwise` where the file does not let it be done, or not in time."""
        if self._closed:
            return otherwise
        try:
            return self.submit(work, otherwise=otherwise, write_first=write_first).result(timeout_seconds)
        except FutureTimeoutError:
            return otherwise

    def submit(self, work: Callable[[sqlite3.Connection], T], *, otherwise: T, write_first: bool = False) -> Future[T]:
        """Leave work; returns at once. After the end the answer is `otherwise`."""
        done: Future[T] = Future()

        def job() -> None:
            if not done.set_running_or_notify_cancel():
                # Who asked has gone meanwhile; to answer all the same would end the thread.
                return
            try:
                if write_first:
                    self._write()
                done.set_result(self.run(work, otherwise))
            except Exception as error:  # noqa: BLE001 - a defect is the caller's to hear of; the thread lives on
                done.set_exception(error)

        if not self.later(job):
            done.set_result(otherwise)
        return done

    def later(self, job: Callable[[], None]) -> bool:
        """Call `job` on this thread, soon; it does its work by `run`. False after the end: it is not called then."""
        with self._lock:
            if not self._closed:
                self._jobs.put(job)
            return not self._closed

    def run(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """As `call`; for work that is on this thread already."""
        assert self._database is not None  # noqa: S101 - set before the first job runs
        try:
            return self._database.run(work, otherwise)
        finally:
            self.notices = self._database.notices

    def notice(self, sentence: str) -> None:
        """Add a notice that stays; on this thread."""
        if self._database is not None:
            self._database.notice(sentence)
            self.notices = self._database.notices

    def _work(self, path: Path) -> None:
        """Jobs as they come, a batch of writes every `batch_seconds`."""
        self._database = Database(path, clock=self._clock)
        self.notices = self._database.notices
        self._survive(lambda: self._begin(self))
        write_at = time.monotonic() + self._batch_seconds
        while True:
            try:
                job = self._jobs.get(timeout=max(0.0, write_at - time.monotonic()))
            except queue.Empty:
                self._survive(self._write)
                write_at = time.monotonic() + self._batch_seconds
                continue
            if job is None:
                break
            self._survive(job)
        self._survive(self._write)
        self._database.close()

    def _survive(self, job: Callable[[], None]) -> None:
        """A defect costs what it happened in, never everything that would be stored after it."""
        try:
            job()
        except Exception as error:  # noqa: BLE001 - as said
            # Only the kind: the text may quote what was to be stored.
            self.notice(f"Something could not be stored: a defect in cockpit ({type(error).__name__}).")
