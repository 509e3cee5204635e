"""The last known fleet on disk: observations, since when findings stand, and who may pay for a look.

One SQLite file (WAL) in the state folder, used by one thread of this class; any thread may call. Saving only
queues: encoding and writing happen on that thread, in batches, the newest observation of a slot winning. No
secret is in it, because observations hold none. It never raises for a bad file or a full disk (see `notices`).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import SlotId
from cockpit.model.mute import Mute
from cockpit.model.observation import Observation
from cockpit.store import front_page, leases
from cockpit.store.codec import MalformedRow, decode, encode
from cockpit.store.events import Timeline, read_events, read_standing
from cockpit.store.front_page import FrontPage
from cockpit.store.mutes import Mutes
from cockpit.store.preferences import Preferences
from cockpit.store.standing import Standing
from cockpit.store.thread import PATIENCE_SECONDS, StoreThread

FILE_NAME = "fleet.sqlite"
"""Name of the file in the state folder."""

_BATCH_SECONDS = 15.0
_BRIEFLY_SECONDS = 0.5
"""How long a caller waits for the thread; a hanging disk costs the history, not the cockpit."""
_KEEP_SECONDS = 30 * 86400.0
"""Slots that nobody polls any more are forgotten after this."""


class History:
    """The stored state. Open with `History.open`; thread-safe."""

    def __init__(self, path: Path, *, clock: Callable[[], float], batch_seconds: float) -> None:
        self._clock = clock
        self._pending: dict[SlotId, Observation] = {}
        self._pending_lock = threading.Lock()
        self._notices: tuple[str, ...] = ()
        self._standing = Standing()
        self._timeline = Timeline()
        self._mutes = Mutes()
        self._thread = StoreThread(
            path, clock=clock, batch_seconds=batch_seconds, begin=self._begin, write=self._write_pending
        )
        self._call = self._thread.call
        self._submit = self._thread.submit
        self._run = self._thread.run

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float], batch_seconds: float = _BATCH_SECONDS) -> History:
        """Open or create the file at `path`. A damaged or newer file is set aside; `notices` says so.

        Args:
            path: The SQLite file itself (`state_dir / FILE_NAME`); missing folders are made, for the owner only.
            clock: Epoch seconds.
            batch_seconds: Longest time that a saved observation waits to be written.
        """
        history = cls(path, clock=clock, batch_seconds=batch_seconds)
        history._thread.start()
        if not history._call(lambda _: True, otherwise=False):
            history._notices = ("The stored state does not answer; it is not used.",)
        return history

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader should know about the file, one sentence each."""
        return (*self._thread.notices, *self._notices)

    def load(self, accounts: Mapping[str, str]) -> dict[SlotId, Observation]:
        """Every stored observation of `accounts` (name → 12-digit id), marked as restored.

        Rows of other accounts, and of a name that meant another id, are not restored. A row that makes no sense
        is dropped, with a notice.
        """
        self.flush()

        def read(connection: sqlite3.Connection) -> dict[SlotId, Observation]:
            rows = connection.execute("SELECT account_id, account, region, service, body FROM observation").fetchall()
            wanted = [row for row in rows if accounts.get(row[1]) == row[0]]
            return dict(found for row in wanted if (found := self._read_row(connection, row)))

        return self._call(read, otherwise={})

    def load_slot(self, slot: SlotId, account_id: str) -> Observation | None:
        """The stored observation of one slot, as any process on this machine saved it last; None if there is none."""

        def read(connection: sqlite3.Connection) -> Observation | None:
            row = connection.execute(
                "SELECT account_id, account, region, service, body FROM observation "
                "WHERE account_id = ? AND account = ? AND region = ? AND service = ?",
                (account_id, slot.account, slot.region, slot.service),
            ).fetchone()
            found = self._read_row(connection, row) if row else None
            return found[1] if found else None

        return self._call(read, otherwise=None)

    def save(self, observations: Iterable[Observation]) -> None:
        """Queue observations to be written. Returns at once; a later one of the same slot replaces an earlier one."""
        with self._pending_lock:
            self._pending |= {observation.slot: observation for observation in observations}

    def claim(self, slot: SlotId, *, for_seconds: float, owner: str) -> bool:
        """Whether `owner` may poll `slot` for the next seconds. A second claim by the same owner replaces the first.

        Where the file does not answer, the answer is yes: a look that is paid for twice is better than none.
        """
        now = self._clock()
        return self._call(lambda file: leases.claim(file, str(slot), owner, now, for_seconds), otherwise=True)

    def release(self, slot: SlotId, *, owner: str) -> None:
        """Give a lease back, after what is queued was written. Returns at once."""
        self._submit(lambda file: leases.release(file, str(slot), owner), otherwise=False, write_first=True)

    def spend(self, day: int, usd: float) -> float | None:
        """Add dollars to a day (days since 1970, UTC); the day's total over every process, None if it is not known."""
        # Not waited for long: leaving the program asks too. What is told late may be told twice, which errs on the
        # side of spending less.
        return self._call(lambda file: leases.spend(file, day, usd), otherwise=None, timeout_seconds=_BRIEFLY_SECONDS)

    def first_seen(self, keys: Iterable[str], now: float) -> dict[str, float]:
        """Finding key → since when it has stood, epoch seconds; `now` for a new one. Never waits for the disk."""
        return self._standing.first_seen(keys, now)

    def record(self, events: Iterable[Event], then: Callable[[], None] = lambda: None) -> None:
        """Add to the timeline what it does not tell yet, and call `then`, on the store's thread.

        Returns at once; what cannot be written now is kept.
        """
        self._timeline.add(events)
        self._thread.later(self._write_events)
        self._thread.later(then)

    def events(self, query: EventQuery) -> Future[tuple[Event, ...]]:
        """Entries of the timeline, newest first; none where the file does not answer."""
        return self._submit(partial(read_events, query), otherwise=())

    def standing_findings(self) -> Future[tuple[Event, ...] | None]:
        """The newest entry of every finding that stands, as the timeline tells it; None: the file does not answer."""
        return self._submit(read_standing, otherwise=None)

    @property
    def newest_event(self) -> int:
        """`Event.number` of the newest entry that is written; 0 where there is none."""
        return self._timeline.newest

    def mute(self, mute: Mute) -> None:
        """Acknowledge or mute a finding, for every process on this machine; it holds here at once.

        Raises ValueError for a mute without an end.
        """
        self._mutes.mute(mute)
        self._thread.later(self._sync_mutes)

    def unmute(self, findings: Iterable[str]) -> None:
        """Forget what was said about findings (keys). Returns at once."""
        self._mutes.unmute(findings)
        self._thread.later(self._sync_mutes)

    def mutes(self, now: float) -> dict[str, Mute]:
        """Finding key → what holds at `now`. Never waits: what others have said comes a few seconds later."""
        if self._mutes.is_due(now):
            self._thread.later(self._sync_mutes)
        return self._mutes.mutes(now)

    def preferences(self, *, read_only: bool = False) -> Preferences:
        """What the user chose in an earlier run. With `read_only` what is chosen now is not kept."""
        return Preferences(self._thread, read_only=read_only)

    def front_page(self, fingerprint: str) -> FrontPage | None:
        """The fleet as it was last judged under this configuration; None where that is not known."""
        read = partial(front_page.read, fingerprint=fingerprint)
        return self._call(read, otherwise=None, timeout_seconds=_BRIEFLY_SECONDS)

    def keep_front_page(self, fingerprint: str, page: FrontPage) -> None:
        """Keep the fleet as it is judged now. Returns at once."""
        self._submit(partial(front_page.write, fingerprint=fingerprint, page=page), otherwise=False)

    def flush(self, timeout_seconds: float = PATIENCE_SECONDS) -> bool:
        """Write what is queued. False if it is not done in time."""
        return self._call(lambda _: True, otherwise=False, write_first=True, timeout_seconds=timeout_seconds)

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Write what is queued and end the thread. Idempotent."""
        self._thread.close(timeout_seconds)

    def _begin(self, thread: StoreThread) -> None:
        """Take over what is stored; on the store's thread."""
        thread.run(self._standing.read, None)
        self._write_events()
        self._sync_mutes()

    def _write_pending(self) -> None:
        with self._pending_lock:
            batch, self._pending = self._pending, {}
        now = self._clock()
        rows = [row for observation in batch.values() if (row := self._encoded(observation, now))]
        # Also where nothing can be written: keys of previews that came and went would add up.
        self._standing.forget(now)

        def write(connection: sqlite3.Connection) -> bool:
            connection.executemany("INSERT OR REPLACE INTO observation VALUES (?, ?, ?, ?, ?, ?)", rows)
            connection.execute("DELETE FROM observation WHERE saved_at < ?", (now - _KEEP_SECONDS,))
            self._standing.write(connection, now)
            return True

        if (rows or self._standing.changed) and not self._thread.run(write, otherwise=False):
            # Kept for the next batch, unless something newer has come meanwhile.
            with self._pending_lock:
                self._pending = batch | self._pending
        self._write_events()
        self._timeline.forget(self._run, now)

    def _write_events(self) -> None:
        self._timeline.write(self._run, self._clock())

    def _sync_mutes(self) -> None:
        self._mutes.sync(self._run, self._clock())

    def _read_row(
        self, connection: sqlite3.Connection, row: tuple[str, str, str, str, bytes]
    ) -> tuple[SlotId, Observation] | None:
        account_id, *names, body = row
        slot = SlotId(*names)
        try:
            return slot, decode(slot, account_id, body)
        except MalformedRow:
            connection.execute(
                "DELETE FROM observation WHERE account_id = ? AND account = ? AND region = ? AND service = ?", row[:4]
            )
            self._thread.notice(f"The stored state of {slot} could not be read and was dropped.")
            return None

    def _encoded(self, observation: Observation, now: float) -> tuple[str, str, str, str, float, bytes] | None:
        slot = observation.slot
        try:
            body = encode(observation)
        except (TypeError, ValueError):
            # A fact that JSON cannot hold is a defect of one service; it costs that slot its memory, no more.
            self._thread.notice(f"The state of {slot} cannot be stored.")
            return None
        return observation.account_id, slot.account, slot.region, slot.service, now, body
