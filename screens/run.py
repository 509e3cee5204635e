"""The dashboard from start to end: the store and the engine open, the app runs, everything is closed again."""

from __future__ import annotations

import gc
import locale
import logging
import os
import signal
import sys
import time
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from pathlib import Path

from cockpit.config.settings import Settings
from cockpit.engine.engine import Engine
from cockpit.model.service import Catalogue
from cockpit.store.history import FILE_NAME, History
from screens.app import CockpitApp
from screens.crash import crashed
from screens.terminal import shows_utf8, watch_for_hangup

LOG_FILE = "cockpit.log"
SWITCH_SECONDS = 0.001
_LOG_BYTES = 256 * 1024


def run(settings: Settings, catalogue: Catalogue, *, demo: bool) -> int:
    """Open the store and the engine, run the app, stop everything; the exit code. Raises `Crashed` after a defect."""
    settings = replace(settings, ascii=settings.ascii or not shows_utf8(os.environ, locale.getencoding()))
    history = History.open(settings.state_dir / FILE_NAME, clock=time.time)
    log = _log_to(settings.state_dir / LOG_FILE)
    engine = Engine(settings, catalogue, history=history, clock=time.time)
    # A key waits for the engine's thread to let go of the interpreter: one millisecond, not Python's five.
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        engine.start()
        preferences = history.preferences(read_only=settings.read_only)
        app = CockpitApp(engine, settings, catalogue, demo=demo, preferences=preferences, leave_on_signals=True)
        # What is loaded by now stays. A collector that need not walk it stops the loop for 20 ms at most, not for 80.
        gc.collect()
        gc.freeze()
        watching = watch_for_hangup(sys.stdin.fileno(), lambda: os.kill(os.getpid(), signal.SIGHUP))
        app.run()
        watching()
        if app.crash is not None:
            raise crashed(app.crash, settings.state_dir / LOG_FILE)
        return app.return_code or 0
    finally:
        engine.stop()
        history.close()
        log.close()


def _log_to(path: Path) -> logging.Handler:
    """Send what our own rooms log to a small file: the terminal belongs to the screens.

    Libraries are not heard: what they log may quote a request.
    """
    # Without any handler logging would write to standard error.
    logging.getLogger().addHandler(logging.NullHandler())
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logging.getLogger("cockpit").addHandler(handler)
    return handler
