"""The dashboard in a terminal, on the recorded fleet, with a full polling cycle always under way.

`python -m benchmarks.dashboard --endpoint URL --accounts 25` is what `benchmarks.keys` presses keys in.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
import threading
import time

from benchmarks.fleets import hermetic, settings
from cockpit.engine.engine import Engine
from cockpit.model.snapshot import Snapshot
from cockpit.services import catalogue
from screens.app import CockpitApp
from screens.run import SWITCH_SECONDS


def refresh_for_ever(engine: Engine, ended: threading.Event) -> None:
    """As soon as everything was looked at, look at everything again."""
    asked = 0.0
    while not ended.wait(0.1):
        if engine.snapshot.polling and _all_seen_since(engine.snapshot, asked):
            asked = time.time()
            engine.refresh()


def _all_seen_since(snapshot: Snapshot, moment: float) -> bool:
    """Whether everything but costs, which are not paid for twice, was looked at since."""
    seen = [one for slot, one in snapshot.observations.items() if slot.service != "cost"]
    return bool(seen) and all(one.attempted_at > moment for one in seen)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--accounts", type=int, default=25)
    options = parser.parse_args()
    hermetic()
    fleet, services, ended = settings(options.accounts, options.endpoint), catalogue(), threading.Event()
    engine = Engine(fleet, services, history=None)
    engine.start()
    app = CockpitApp(engine, fleet, services, leave_on_signals=True)
    threading.Thread(target=refresh_for_ever, args=(engine, ended), daemon=True).start()
    # As the program itself does before it paints.
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    with contextlib.suppress(KeyboardInterrupt):
        app.run()
    ended.set()
    engine.stop()


if __name__ == "__main__":
    main()
