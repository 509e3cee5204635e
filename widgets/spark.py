"""A trend in a few cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from widgets.glyphs import EIGHTHS
from widgets.line import Line, Run

_SCALE = EIGHTHS[1:]


def squeeze(values: Sequence[float | None], count: int) -> list[float | None]:
    """`values` in `count` buckets or fewer: each the largest value that is present, None where none is.

    The largest, not the mean: a spike of one minute must not disappear because the terminal is narrow.
    """
    size = len(values)
    if size <= count:
        return list(values)
    squeezed: list[float | None] = []
    for bucket in range(count):
        part = values[bucket * size // count : (bucket + 1) * size // count]
        present = [value for value in part if value is not None]
        squeezed.append(max(present) if present else None)
    return squeezed


def sparkline(values: Sequence[float | None], width: int, limit: float = 0.0) -> str:
    """`values`, oldest first, as bars of one cell: exactly `width` cells, newest at the right.

    A missing point is a blank, never a low bar. While nothing comes near `limit` the bars tell how far there is to go:
    a full bar is the limit, and what stays below an eighth of it is flat. Beyond it, or without one, it is about the
    shape: a course far from zero is drawn from below its smallest value, and one that does not move is a line in the
    middle, or at the bottom if it is zero.
    """
    shown = squeeze(values, width)
    present = [value for value in shown if value is not None]
    if not present:
        return " " * width
    smallest, largest = min(present), max(present)
    if smallest >= 0 and largest < limit:
        return "".join(" " if one is None else _SCALE[int(one / limit * len(_SCALE))] for one in shown).rjust(width)
    # As much room below the smallest value as the course takes, but not below zero.
    low = max(0.0, 2 * smallest - largest) if smallest > 0 else smallest
    if largest == smallest:
        low = largest
    return "".join(" " if value is None else _bar(value, low, largest) for value in shown).rjust(width)


def trend_runs(values: Sequence[float | None], width: int, limit: float, ink: str) -> Line:
    """A trend in exactly `width` cells: what is beyond `limit` in the role `ink`, all else quiet.

    Without a limit it is about the shape only, and quieter still.
    """
    bars = sparkline(values, width, limit)
    if not limit:
        return (Run(bars, "trend-area"),)
    shown = squeeze(values, width)
    beyond = [False] * (width - len(shown)) + [value is not None and value > limit for value in shown]
    return tuple(
        Run("".join(bar for bar, _ in part), ink if over else "trend")
        for over, part in groupby(zip(bars, beyond, strict=True), key=lambda pair: pair[1])
    )


def _bar(value: float, low: float, high: float) -> str:
    steps = len(_SCALE) - 1
    if high == low:
        return _SCALE[0] if high == 0 else _SCALE[steps // 2]
    return _SCALE[round((value - low) / (high - low) * steps)]
