"""One check, from settings to report: narrow, sweep once, judge. The caller prints."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import TypeVar

from cockpit.check.report import Report, build_report
from cockpit.check.request import CheckRequest
from cockpit.check.scope import narrowed, partial_bills
from cockpit.config.settings import Settings
from cockpit.engine.defects import OnDefect
from cockpit.engine.slots import slots_of
from cockpit.engine.sweep import Progress, sweep
from cockpit.model.ids import SlotId
from cockpit.model.service import Catalogue
from cockpit.model.snapshot import Snapshot
from cockpit.model.units import format_age
from cockpit.store.history import FILE_NAME, History

GRACE_SECONDS = 5.0
"""What a sweep may take beyond its deadline to wind up, before it is given up."""

_WIND_UP_SECONDS = 0.3

T = TypeVar("T")


class TimedOut(Exception):  # noqa: N818 - a result of its own, not a fault
    """The sweep did not even end after its deadline. The text is the sentence for the user."""


def run_check(
    settings: Settings,
    catalogue: Catalogue,
    request: CheckRequest,
    *,
    progress: Callable[[Progress], None],
    on_defect: OnDefect,
    clock: Callable[[], float] = time.time,
) -> Report:
    """Look once at what `request` names and report.

    `progress` is called whenever a slot is done, `on_defect` for each defect that was survived.
    Raises NothingMatches where a pattern matches nothing, TimedOut where not even a report can be had in time.
    """
    chosen = narrowed(settings, catalogue, request.scope)
    asked = slots_of(chosen, catalogue)
    began = time.monotonic()
    notices = [_left_out(str(name)) for name in partial_bills(settings, catalogue, request.scope)]

    def survived(where: str, error: Exception) -> None:
        # Only the kind: the text of an unforeseen error may hold anything.
        notices.append(f"A defect of the cockpit cost {where} its look ({type(error).__name__}).")
        on_defect(where, error)

    history = History.open(settings.state_dir / FILE_NAME, clock=clock)
    try:
        looking = _swept(chosen, catalogue, request, asked, history, clock, progress, survived)
        snapshot = run_bounded(looking, request.timeout_seconds + GRACE_SECONDS)
    finally:
        history.close()
    took = time.monotonic() - began
    return build_report(snapshot, request, catalogue, asked=asked, took_seconds=took, notices=tuple(notices))


def run_bounded(work: Coroutine[None, None, T], limit_seconds: float) -> T:
    """Run `work` on a loop of its own. Raises TimedOut.

    Not `asyncio.run`: that waits for the loop's threads at the end, and one of them may hang in a credential
    process or a name server that never answers.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(work, limit_seconds))
    except TimeoutError:
        raise TimedOut(f"The check did not end within {format_age(limit_seconds)}.") from None
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_WIND_UP_SECONDS))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _swept(  # noqa: PLR0917 - one call, spelled out
    settings: Settings,
    catalogue: Catalogue,
    request: CheckRequest,
    asked: tuple[SlotId, ...],
    history: History,
    clock: Callable[[], float],
    progress: Callable[[Progress], None],
    on_defect: OnDefect,
) -> Coroutine[None, None, Snapshot]:
    return sweep(
        settings,
        catalogue,
        slots=asked,
        history=history,
        clock=clock,
        deadline=request.timeout_seconds,
        max_age=request.max_age_seconds,
        progress=progress,
        on_defect=on_defect,
    )


def _left_out(environment: str) -> str:
    return f"The bill of {environment} is left out: it is judged for all of its accounts or not at all."
