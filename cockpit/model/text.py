"""Text from elsewhere, made fit for a terminal: names, reasons and messages may hold anything."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Control characters, line and paragraph separators, and signs that turn the writing round."""


def harmless(text: str, instead: str = " ") -> str:
    """`text` without line breaks, escape sequences of terminals and signs that turn the writing round.

    Each run of them becomes `instead`. Text without any is returned as it is.
    """
    return _CONTROL.sub(instead, text)
