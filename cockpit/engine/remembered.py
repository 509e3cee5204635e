"""Results that are kept from one build of the board to the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Remembered:
    """Keeps a result while the very objects that it was made from are still in use.

    Observations and resources are frozen and stay the same objects until something newer was seen, so identity tells
    whether a result still holds, and costs nothing to compare. The objects are kept with the result: an identity is
    never reused for another while it counts.
    """

    def __init__(self) -> None:
        self._entries: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}
        self._used: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}

    def get(self, key: Hashable, made_from: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The result under `key`, made anew if any object of `made_from` is another than last time."""
        entry = self._used.get(key) or self._entries.get(key)
        if entry is None or not _same(entry[0], made_from):
            entry = (made_from, make())
        self._used[key] = entry
        result: T = entry[1]
        return result

    def turn(self) -> None:
        """End of a build: forget what it did not use."""
        self._entries, self._used = self._used, {}


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
