"""`--estimate`: list what there is, read no metric, and reckon what watching it will cost."""

from __future__ import annotations

import logging
import sys
import time

from cockpit.check.request import DEFAULT_TIMEOUT_SECONDS
from cockpit.check.run import GRACE_SECONDS, TimedOut, run_bounded
from cockpit.cli.narration import ProgressLine
from cockpit.cli.output import write_stdout
from cockpit.cli.refusal import Refusal
from cockpit.config.settings import Settings
from cockpit.engine.estimate import estimate, render
from cockpit.engine.sweep import sweep
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.store.history import FILE_NAME, History

_INCOMPLETE = 3


def print_estimate(settings: Settings, catalogue: Catalogue) -> int:
    """Print the estimate; 3 where something could not be listed, else 0. Raises Refusal."""
    logging.getLogger().addHandler(logging.NullHandler())
    snapshot = _discovered(settings, catalogue)
    result = estimate(settings, catalogue, snapshot.observations, snapshot.at, meter=snapshot.meter)
    write_stdout(render(result))
    return _INCOMPLETE if result.not_counted else 0


def _discovered(settings: Settings, catalogue: Catalogue) -> Snapshot:
    line = ProgressLine(sys.stderr)
    line.say("listing")
    # With the store, because what a bill costs to ask for may have been paid already.
    history = History.open(settings.state_dir / FILE_NAME, clock=time.time)
    try:
        looking = sweep(
            settings,
            catalogue,
            history=history,
            deadline=DEFAULT_TIMEOUT_SECONDS,
            progress=line,
            discover_only=True,
        )
        return run_bounded(looking, DEFAULT_TIMEOUT_SECONDS + GRACE_SECONDS)
    except TimedOut as problem:
        raise Refusal(str(problem)) from problem
    finally:
        line.clear()
        history.close()
