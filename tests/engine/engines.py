"""Engines over a room with nothing behind it, and a way to wait for what they show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cockpit.engine.engine import Engine
from cockpit.model.snapshot import Snapshot
from cockpit.store.history import FILE_NAME, History
from tests.engine.rooms import CATALOGUE, Clock, Room, settings

PATIENCE_SECONDS = 5.0


class Bench:
    """Engines that are stopped at the end, and what they complained of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock()
        self.room = Room()
        self.defects: list[tuple[str, Exception]] = []
        self._engines: list[Engine] = []
        self._histories: list[History] = []

    def engine(self, *accounts: str, **changes: Any) -> Engine:
        given: dict[str, Any] = {
            "history": None,
            "clock": self.clock,
            "open_room": self.room.opened(),
            "on_defect": lambda where, error: self.defects.append((where, error)),
        }
        one = Engine(settings(*accounts or ("dev", "prod")), changes.pop("catalogue", CATALOGUE), **(given | changes))
        self._engines.append(one)
        return one

    def history(self) -> History:
        one = History.open(self.path / FILE_NAME, clock=self.clock)
        self._histories.append(one)
        return one

    def close(self) -> None:
        for engine in self._engines:
            engine.stop()
        for history in self._histories:
            history.close()


def until(engine: Engine, wanted: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot that is as `wanted`."""
    arrived = threading.Condition()

    def hear(_: Snapshot) -> None:
        with arrived:
            arrived.notify_all()

    leave = engine.subscribe(hear)
    with arrived:
        there = arrived.wait_for(lambda: wanted(engine.snapshot), PATIENCE_SECONDS)
    leave()
    assert there, "the wanted snapshot never came"
    return engine.snapshot
