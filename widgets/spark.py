"""A trend in a few cells."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.glyphs import EIGHTHS

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


def sparkline(values: Sequence[float | None], width: int) -> str:
    """`values`, oldest first, as bars of one cell: exactly `width` cells, newest at the right.

    A missing point is a blank, never a low bar. The scale runs from zero (or the smallest value, if negative).
    """
    shown = squeeze(values, width)
    present = [value for value in shown if value is not None]
    if not present:
        return " " * width
    low = min(0.0, *present)
    span = max(present) - low
    bars = (
        " " if value is None else _SCALE[round((value - low) / span * (len(_SCALE) - 1)) if span else 0] for value in shown
    )
    return "".join(bars).rjust(width)
