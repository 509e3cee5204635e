"""Pages of a list, as services with an opaque marker make them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from cockpit.demo.emulator.gate import fail

T = TypeVar("T")


def page(items: Sequence[T], marker: str | None, size: int, *, code: str) -> tuple[list[T], str | None]:
    """The page that `marker` leads to (the first without one), and the marker of the next, if any.

    Raises an error with `code` for a marker that was never given out.
    """
    start = 0
    if marker:
        try:
            start = int(base64.urlsafe_b64decode(marker.encode()).decode())
        except (ValueError, binascii.Error):
            raise fail(code, "Invalid marker") from None
    end = start + size
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return list(items[start:end]), following
