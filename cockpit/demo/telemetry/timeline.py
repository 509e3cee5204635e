"""What was in force when: the past of a piece of state that telemetry follows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Timeline(Generic[T]):
    """Values and the moments (epoch seconds) from which they held. Only grows."""

    def __init__(self, first: T) -> None:
        self._moments: list[float] = [float("-inf")]
        self._values: list[T] = [first]

    @property
    def now(self) -> T:
        """The newest value."""
        return self._values[-1]

    @property
    def changed_at(self) -> float:
        """Since when the newest value has held; minus infinity if for ever."""
        return self._moments[-1]

    def change(self, at: float, value: T) -> None:
        """From `at` on, `value` holds. A change to what already holds is none."""
        if value != self._values[-1]:
            self._moments.append(max(at, self._moments[-1]))
            self._values.append(value)

    def at(self, moment: float) -> T:
        """What held at a moment."""
        return self._values[bisect_right(self._moments, moment) - 1]

    def over(self, start: float, end: float) -> Iterator[tuple[float, T]]:
        """`(share, value)` of what held over `[start, end)`; the shares add up to 1."""
        first = bisect_right(self._moments, start) - 1
        if first + 1 == len(self._moments) or self._moments[first + 1] >= end:
            yield 1.0, self._values[first]
            return
        for index in range(first, len(self._moments)):
            begins = max(start, self._moments[index])
            ends = min(end, self._moments[index + 1]) if index + 1 < len(self._moments) else end
            if begins < end and ends > begins:
                yield (ends - begins) / (end - start), self._values[index]
