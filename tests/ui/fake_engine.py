"""An engine that polls nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from cockpit.model.ids import SlotId
from cockpit.model.snapshot import Snapshot


class FakeEngine:
    """Serves hand-made snapshots, and remembers what it was asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.refreshed: list[Collection[SlotId] | None] = []
        self.paused: list[bool] = []
        self.looked_at: list[Collection[SlotId]] = []
        self.callbacks: list[Callable[[Snapshot], None]] = []

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """As the engine does."""
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def publish(self, snapshot: Snapshot) -> None:
        """A newer snapshot."""
        self.snapshot = snapshot
        for callback in self.callbacks:
            callback(snapshot)

    def refresh(self, slots: Collection[SlotId] | None = None) -> None:
        """Remember."""
        self.refreshed.append(slots)

    def pause(self, paused: bool) -> None:
        """Pause, visibly."""
        self.paused.append(paused)
        self.publish(replace(self.snapshot, polling=not paused))

    def look_at(self, slots: Collection[SlotId]) -> None:
        """Remember."""
        self.looked_at.append(slots)
