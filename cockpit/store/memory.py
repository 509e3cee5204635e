"""The newest snapshot and those who want to hear of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cockpit.model.snapshot import Snapshot

Subscriber = Callable[[Snapshot], None]


class LatestSnapshot:
    """Holds one snapshot; a swap replaces it whole, so a reader on any thread sees the old one or the new one."""

    def __init__(self, snapshot: Snapshot, *, on_error: Callable[[Exception], None]) -> None:
        self._snapshot = snapshot
        self._on_error = on_error
        self._subscribers: dict[object, Subscriber] = {}
        self._lock = threading.Lock()

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""
        return self._snapshot

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call `callback` with every snapshot to come, on the thread that swaps. Returns the way to end it."""
        token = object()
        with self._lock:
            self._subscribers = {**self._subscribers, token: callback}

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = {key: kept for key, kept in self._subscribers.items() if key is not token}

        return unsubscribe

    def swap(self, snapshot: Snapshot) -> None:
        """Make `snapshot` the newest and tell everyone. A subscriber that fails is reported and harms no other."""
        self._snapshot = snapshot
        for callback in self._subscribers.values():
            try:
                callback(snapshot)
            except Exception as error:  # noqa: BLE001 - a defect in a listener must not stop polling
                self._on_error(error)
