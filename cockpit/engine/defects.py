"""Defects are reported and survived."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

OnDefect = Callable[[str, Exception], None]
"""Hears of a defect: where in the fleet it showed, and what was raised."""

_LOGGER = logging.getLogger("cockpit.engine")


def log_defect(where: str, error: Exception) -> None:
    """Log a defect: what kind it is and where in the code, without its text, which may quote a request."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "nowhere"
    _LOGGER.error("A defect at %s: %s in %s", where, type(error).__name__, place)
