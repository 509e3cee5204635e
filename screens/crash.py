"""What is left of a screen that crashed: one sentence for the user, and a trace for the log. Never a value.

Textual shows a page with the values of local variables, among which may be anything that a screen was given.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from textual.worker import WorkerFailed

_LOGGER = logging.getLogger("cockpit.screens")
_FRAMES = 12
"""The innermost frames tell; those of the framework's loop do not."""


class Crashed(Exception):  # noqa: N818 - said as what happened
    """The dashboard has ended by a defect, its terminal restored. The text is for the user; the cause is the defect."""


def crashed(error: Exception, log: Path) -> Crashed:
    """Log where it happened, and put it into a sentence. The text of the error stays out of both."""
    cause = error.error if isinstance(error, WorkerFailed) else error
    frames = traceback.extract_tb(cause.__traceback__)
    steps = [f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames[-_FRAMES:]]
    _LOGGER.error("The dashboard crashed with %s\n%s", type(cause).__name__, "\n".join(f"  {step}" for step in steps))
    place = f" in {Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else ""
    ended = Crashed(
        f"The dashboard has crashed: {type(cause).__name__}{place}. "
        f"What led there is in {log}; COCKPIT_DEBUG=1 shows all of it."
    )
    ended.__cause__ = cause
    return ended


def _short(file: str) -> str:
    """The last parts of a path: they name our own and the libraries' code, and nobody's home."""
    return "/".join(Path(file).parts[-2:])
