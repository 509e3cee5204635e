"""Record the embedded fleet: `python -m tests.ui.recorded.record`. It takes about a minute."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.demo import adopt, embedded_fleet

if TYPE_CHECKING:
    from cockpit.engine.engine import Engine
    from cockpit.model.snapshot import Snapshot

DEADLINE_SECONDS = 120.0
SETTLE_SECONDS = 25.0
"""So long it goes on after everything was seen: close looks end, and the timeline fills."""


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so, but not for ever."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the embedded fleet was not seen whole in time")
        time.sleep(0.2)


def shown_resources(snapshot: Snapshot) -> list[str]:
    """Keys of the resources that the pictures open: those of findings."""
    return [finding.resource for finding in snapshot.findings if finding.resource]


def _function_of(key: str) -> str:
    """The ARN of the function that an alias belongs to: logs and versions are asked of it."""
    return ":".join(key.split(":")[:7])


def record(engine: Engine) -> None:
    """Wait until all is known, ask what the screens would ask, and write it."""
    from cockpit.model.event import EventQuery
    from cockpit.model.inquiry import LogQuery
    from docs.picturing.stage import is_whole
    from tests.ui.recorded.fleet import SPANS, Recording, write

    until(lambda: is_whole(engine.snapshot))
    time.sleep(SETTLE_SECONDS)
    snapshot = engine.snapshot
    keys = shown_resources(snapshot)
    functions = sorted({whole for key in keys if ":function:" in key for whole in (key, _function_of(key))})
    query = LogQuery(start=snapshot.at - 300, newest=True, limit=200)
    courses = [engine.course(key, span).result(30) for key in keys for span in SPANS]
    pages = {key: engine.logs(key, query).result(30) for key in functions}
    details = [engine.detail(key).result(30) for key in functions]
    events = engine.events(EventQuery(limit=200)).result(10)
    write(
        Recording(
            now=snapshot.at,
            observations=tuple(replace(one, restored=False) for one in snapshot.observations.values()),
            accounts=tuple(replace(one, failures=()) for one in snapshot.accounts),
            meter=snapshot.meter,
            first_seen={one.key: one.since for one in snapshot.findings if one.since is not None},
            events=events,
            newest_event=snapshot.newest_event,
            courses=tuple(courses),
            pages=pages,
            details=tuple(details),
        )
    )


def main() -> int:
    """Start the fleet, and record."""
    with embedded_fleet() as fleet, tempfile.TemporaryDirectory() as state:
        # First of all: botocore fixes paths when it is imported.
        adopt(fleet.environ)
        from cockpit.config.loader import load
        from cockpit.engine.engine import Engine
        from cockpit.services import catalogue
        from cockpit.store.history import FILE_NAME, History

        known = catalogue()
        settings = load(known, path=fleet.profiles, environ={}, flags={}, cwd=Path(state))
        history = History.open(Path(state) / FILE_NAME, clock=time.time)
        engine = Engine(replace(settings, state_dir=Path(state)), known, history=history)
        engine.start()
        try:
            record(engine)
        finally:
            engine.stop()
            history.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
