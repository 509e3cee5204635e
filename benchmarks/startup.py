"""From the start of the program to its first painted frame, with a fleet that was seen before.

`python -m benchmarks.startup --endpoint URL --accounts 25` starts `cockpit` twice as a user would, in a real
pseudo-terminal with a state folder of its own. The first run sees everything and leaves; of the later ones it is
measured when the first frame is painted, and when the first one that shows the environments is. One JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.fleets import hermetic, profiles_text
from benchmarks.terminal import Terminal

RUNS = 5
SEEN_SECONDS = 60.0


def start(profiles: Path, state: Path) -> Terminal:
    """The program in a terminal."""
    command = [sys.executable, "-m", "cockpit", "--config", str(profiles)]
    return Terminal(command, environ=dict(os.environ) | {"COCKPIT_STATE_DIR": str(state)})


def measure(profiles: Path, state: Path) -> dict[str, float]:
    """Seconds to the first frame, and to the first one with environments on it."""
    with start(profiles, state) as terminal:
        # Only what is known shows a figure: an environment nobody has seen yet has none.
        frame, _ = terminal.read_until(lambda text: "account-000" in text and "$" in text, seconds=30)
        first = terminal.frames[0]
        return {"first_frame_seconds": first.at - terminal.started_at, "fleet_seconds": frame.at - terminal.started_at}


def remember(profiles: Path, state: Path, accounts: int) -> None:
    """Run until everything was seen and stored."""
    with start(profiles, state):
        deadline = time.perf_counter() + SEEN_SECONDS
        while time.perf_counter() < deadline and _stored(state) < accounts * 9:
            time.sleep(0.5)


def _stored(state: Path) -> int:
    """Slots in the store."""
    file = state / "fleet.sqlite"
    if not file.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as store:
            return int(store.execute("SELECT count(*) FROM observation").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--accounts", type=int, default=25)
    options = parser.parse_args()
    hermetic()
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        profiles, state = Path(folder) / "profiles.toml", Path(folder) / "state"
        profiles.write_text(profiles_text(options.accounts, options.endpoint))
        remember(profiles, state, options.accounts)
        runs = [measure(profiles, state) for _ in range(RUNS)]
        found: dict[str, Any] = {"slots_stored": _stored(state)}
        for name in runs[0]:
            ordered = sorted(run[name] for run in runs)
            found[name] = {"median": ordered[len(ordered) // 2], "worst": ordered[-1]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
