"""Time series as CloudWatch gives them: evenly spaced, possibly with holes.

A series is dense: one value a period from `start`, None where CloudWatch had no point. What a hole means
is not known here; it is a fact of each metric (see `cockpit.model.rule.Missing`).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace


class Coverage(enum.Enum):
    """What CloudWatch said about the answer to one query (StatusCode)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FORBIDDEN = "forbidden"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Series:
    """Evenly spaced values. `values[i]` covers `[start + i*period, start + (i+1)*period)`, epoch seconds."""

    start: int
    period_seconds: int
    values: tuple[float | None, ...]
    coverage: Coverage = Coverage.COMPLETE

    @property
    def end(self) -> int:
        """Exclusive end of the last period."""
        return self.start + self.period_seconds * len(self.values)

    @property
    def latest(self) -> float | None:
        """The newest value that is present, or None."""
        return next((value for value in reversed(self.values) if value is not None), None)

    @property
    def total(self) -> float:
        """Sum of the values that are present."""
        return math.fsum(value for value in self.values if value is not None)

    def between(self, start: int, end: int) -> tuple[float | None, ...]:
        """Values of the periods that begin in `[start, end)`; periods outside the series are None."""
        first = (start - self.start) // self.period_seconds
        last = first + max(0, (end - start) // self.period_seconds)
        size = len(self.values)
        inside = self.values[min(max(first, 0), size) : min(max(last, 0), size)]
        before = max(0, min(last, 0) - first)
        return (None,) * before + inside + (None,) * (last - first - before - len(inside))

    def covers(self, start: int, end: int) -> bool:
        """Whether the series was asked for over all of `[start, end)`."""
        return self.start <= start and end <= self.end

    def tail(self, count: int) -> Series:
        """The last `count` periods."""
        if len(self.values) <= count:
            return self
        dropped = len(self.values) - count
        return replace(self, start=self.start + dropped * self.period_seconds, values=self.values[dropped:])

    def followed_by(self, newer: Series, keep: int) -> Series:
        """This series with `newer` laid over it, cut to the last `keep` periods.

        Where both have a period, `newer` wins: late data corrects early data. A gap between the two is filled
        with None. If the period length changed, or `newer` reaches further back, it stands alone.
        """
        if newer.period_seconds != self.period_seconds or newer.start < self.start:
            return newer.tail(keep)
        before = self.between(self.start, newer.start)
        after = self.between(newer.end, self.end)
        return replace(newer, start=self.start, values=before + newer.values + after).tail(keep)


def from_points(
    points: Iterable[tuple[float, float]],
    *,
    start: int,
    end: int,
    period_seconds: int,
    coverage: Coverage = Coverage.COMPLETE,
) -> Series:
    """Lay `(epoch seconds, value)` pairs, in any order, on the grid of `[start, end)`."""
    values: list[float | None] = [None] * max(0, (end - start) // period_seconds)
    for moment, value in points:
        index = int(moment - start) // period_seconds
        if 0 <= index < len(values):
            # One shared zero: most points of an idle fleet are 0.0, and 200,000 float objects are not free.
            values[index] = value or 0.0
    return Series(start, period_seconds, tuple(values), coverage)


def aligned_window(now: float, *, length_seconds: int, period_seconds: int, delay_seconds: int) -> tuple[int, int]:
    """`(start, end)` of the newest complete window: aligned to the period, leaving out the newest `delay_seconds`.

    End is exclusive, as in GetMetricData.
    """
    end = int((now - delay_seconds) // period_seconds) * period_seconds
    periods = -(-length_seconds // period_seconds)
    return end - periods * period_seconds, end
