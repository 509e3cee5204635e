"""Text from elsewhere, made fit for a terminal: names, reasons and messages may hold anything."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
"""Control characters, line and paragraph separators, signs that turn the writing round, and halves of signs."""


def harmless(text: str, instead: str = " ") -> str:
    """`text` without line breaks, escape sequences of terminals, signs that turn the writing round and halves of signs.

    Each run of them becomes `instead`. Text without any is returned as it is.
    """
    # What can be printed holds none of them, and telling so is several times as fast.
    return text if text.isprintable() else _CONTROL.sub(instead, text)


def storable(text: str) -> str:
    """`text` as a file can hold it: JSON may bring halves of signs, which no encoding knows."""
    return text.encode("utf-8", "replace").decode()
