"""Deterministic noise: cheap, and the same in every process and on every day.

One table of uniform values is walked by each series in an order of its own; a hash for each point would cost ten
times as much, and a fleet of 622 functions asks for half a million points at once.
"""

from __future__ import annotations

import math
import random
from hashlib import blake2b

_SIZE = 8192
_MASK = _SIZE - 1
_random = random.Random(20_140_113)  # noqa: S311 - weather, not a secret
_TABLE = tuple(_random.random() for _ in range(_SIZE))

MINUTES_A_DAY = 1440


def seed(*names: str) -> int:
    """A number for a series, from its names."""
    return int.from_bytes(blake2b("\0".join(names).encode(), digest_size=6).digest(), "big")


def uniform(series: int, step: int) -> float:
    """In [0, 1), for one step (a minute, a day) of a series."""
    return _TABLE[(step * ((series >> 14 & _MASK) | 1) + series) & _MASK]


def swing(series: int, step: int) -> float:
    """In [-1, 1), thicker around 0: the sum of two throws."""
    at = step * ((series >> 14 & _MASK) | 1) + series
    return _TABLE[at & _MASK] - _TABLE[(at * 5 + 1231) & _MASK]


def rounded(expected: float, throw: float) -> int:
    """A whole number that is `expected` on average; `throw` is uniform in [0, 1)."""
    return math.floor(expected + throw)


def _wave(minute: int) -> float:
    # Busiest at 14:00 UTC, quietest at 02:00, with a small lunch dip; 1 on average.
    day = math.cos((minute - 840) / MINUTES_A_DAY * 2 * math.pi)
    half = math.cos((minute - 660) / MINUTES_A_DAY * 4 * math.pi)
    return 1.0 + 0.32 * day + 0.06 * half


DAY = tuple(_wave(minute) for minute in range(MINUTES_A_DAY))
"""Load factor for each minute of the day, UTC."""
