"""Keeps the timeline: compares each snapshot with the one before, on a thread of its own.

Nobody waits for it, and it never falls behind: while it works, only the newest snapshot is kept for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import replace

from cockpit.engine import changes
from cockpit.engine.changes import Declared
from cockpit.engine.defects import OnDefect
from cockpit.engine.happenings import Stood, of_findings
from cockpit.model.event import Event, EventQuery
from cockpit.model.ids import EnvironmentId
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.store.history import History

_PATIENCE_SECONDS = 1.0


class Recorder:
    """Writes down what happens between snapshots. `see` may be called from any thread; it returns at once."""

    def __init__(
        self,
        history: History | None,
        catalogue: Catalogue,
        *,
        started_at: float,
        on_record: Callable[[], None],
        on_defect: OnDefect,
    ) -> None:
        """Make a recorder.

        Args:
            history: Where the timeline is kept; None: nowhere.
            catalogue: The services.
            started_at: Epoch seconds when this process began to poll.
            on_record: Called on some thread when something was written.
            on_defect: Hears of a comparison that failed; the next snapshot is compared again.
        """
        self._history = history
        self._differ = Differ(catalogue, started_at)
        self._on_record = on_record
        self._on_defect = on_defect
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cockpit-timeline")
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        self._standing: dict[str, Stood] | None = None
        self._asked: Future[tuple[Event, ...] | None] | None = None

    def events(self, query: EventQuery) -> Future[tuple[Event, ...]]:
        """Entries of the timeline, newest first."""
        if self._history is not None:
            return self._history.events(query)
        nothing: Future[tuple[Event, ...]] = Future()
        nothing.set_result(())
        return nothing

    def see(self, snapshot: Snapshot) -> None:
        """Here is something newer."""
        if self._history is None:
            return
        with self._lock:
            idle, self._newest = self._newest is None, snapshot
        if idle:
            with suppress(RuntimeError):
                # The thread has been told to end.
                self._thread.submit(self._work)

    def close(self) -> None:
        """End the thread, without waiting for what it works at."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _work(self) -> None:
        with self._lock:
            snapshot, self._newest = self._newest, None
        if snapshot is None or self._history is None:
            return
        try:
            standing = self._known(self._history)
            if standing is None:
                return
            events, self._standing = self._differ.events(standing, snapshot)
        except Exception as error:  # noqa: BLE001 - a defect costs the timeline an entry, never the cockpit its life
            self._on_defect("timeline", error)
            return
        if events:
            self._history.record(events, then=self._on_record)

    def _known(self, history: History) -> dict[str, Stood] | None:
        """What stands according to the timeline; None while the store does not answer."""
        if self._standing is None:
            # A disk that hangs is asked once, and waited for again.
            self._asked = self._asked or history.standing_findings()
            with suppress(FutureTimeoutError):
                told, self._asked = self._asked.result(_PATIENCE_SECONDS), None
                if told is not None:
                    self._standing = {event.finding: Stood(event) for event in told if event.finding}
        return self._standing


class Differ:
    """The pure parts together, with the snapshot that was seen last. On one thread."""

    def __init__(self, catalogue: Catalogue, started_at: float) -> None:
        self._catalogue = catalogue
        self._declared = {spec.key: Declared.of(spec) for spec in catalogue.services}
        self._started_at = started_at
        self._before: Snapshot | None = None

    def events(self, standing: Mapping[str, Stood], snapshot: Snapshot) -> tuple[list[Event], dict[str, Stood]]:
        """The entries that lead from what stands, and from the snapshot that was seen last, to `snapshot`."""
        events, after = of_findings(standing, snapshot, self._catalogue, started_at=self._started_at)
        events += self._changes(self._before, snapshot)
        self._before = snapshot
        return events, after

    def _changes(self, before: Snapshot | None, snapshot: Snapshot) -> list[Event]:
        found: list[Event] = []
        known = before.observations if before else {}
        for slot, observation in snapshot.observations.items():
            declared, then = self._declared.get(slot.service), known.get(slot)
            # What comes from disk was told by who saw it.
            if declared is None or then is observation or observation.restored:
                continue
            found += changes.of_slot(then, observation, declared)
        return list(_placed(found, before, snapshot)) if found else []


def _placed(events: Collection[Event], before: Snapshot | None, snapshot: Snapshot) -> Iterable[Event]:
    """The changes with the environment that they belong to. What belongs to none is nobody's business."""
    keys = {event.resource for event in events if event.resource is not None}
    now = _environments(snapshot, keys)
    then = _environments(before, keys) if before else {}
    wholes: dict[EnvironmentId, Event] = {}
    for event in events:
        gone = event.words == changes.GONE
        places = (then if gone else now).get(event.resource or "", ())
        if not places:
            continue
        placed = replace(event, environment=places[0] if len(places) == 1 else None)
        other = snapshot if gone else before
        # With a preview everything in it comes, and goes.
        if (
            event.fact == changes.PRESENCE
            and placed.environment
            and other
            and not other.environment(placed.environment)
        ):
            whole = changes.of_environment(placed, appeared=not gone)
            wholes.setdefault(placed.environment, whole)
        else:
            yield placed
    yield from wholes.values()


def _environments(snapshot: Snapshot, keys: Collection[str]) -> Mapping[str, tuple[EnvironmentId, ...]]:
    """Resource key → the environments that it belongs to."""
    found: dict[str, tuple[EnvironmentId, ...]] = {}
    for state in snapshot.environments:
        for cell in state.cells.values():
            for key in cell.resources:
                if key in keys:
                    found[key] = (*found.get(key, ()), state.id)
    return found
