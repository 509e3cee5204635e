"""One check, from settings to report: narrow, sweep once, judge. The caller prints."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from cockpit.check.report import Report
from cockpit.check.request import CheckRequest
from cockpit.check.scope import narrowed
from cockpit.config.settings import Settings
from cockpit.engine.sweep import Progress
from cockpit.model.service import Catalogue
from cockpit.store.history import History

_GRACE_SECONDS = 5.0
"""What a sweep may take beyond its deadline to wind up before it is given up."""


class TimedOut(Exception):  # noqa: N818 - a result of its own, not a fault
    """The sweep did not even end at its deadline. The text is the sentence for the user."""


def run_check(
    settings: Settings,
    catalogue: Catalogue,
    request: CheckRequest,
    *,
    progress: Callable[[Progress], None],
    clock: Callable[[], float] = time.time,
) -> Report:
    """Look once at what `request` names and report. Raises NothingMatches and TimedOut."""
    chosen = narrowed(settings, catalogue, request.scope)
    history = History.open(_store(settings.state_dir), clock=clock)
    try:
        return asyncio.run(
            _checked(chosen, catalogue, request, history, progress, clock, _left_out(settings, catalogue, request))
        )
    finally:
        history.close()
