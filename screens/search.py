"""Finding commands and places by what is typed: words in any order, whole, begun, within, or by their letters. Pure.

A list of thousands is searched within one key press: what is slow to judge is judged only for what may match at all.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

WHOLE, BEGUN, WITHIN, LETTERS = 100.0, 80.0, 50.0, 20.0
"""What a typed word is worth: it is a word, begins one, is part of one, or its letters stand in it in order."""
LETTERS_LEAST = 3
"""A word of fewer letters is not looked for by its letters: they are everywhere."""
JUDGED, ENOUGH = 150, 60
"""So many of those that may match are judged, and as many are enough not to look for worse ones."""
_WORD = re.compile(r"[^\s/:·…–]+")
_NOT_NAMED = -45.0
"""Nothing that was typed stands in the title: only other words lead there."""
_PER_CHARACTER = 0.1
"""Of two that match alike, the shorter one is meant."""


class Entry(NamedTuple, Generic[T]):
    """Something that can be found. Made by the thousand, so it is a tuple."""

    what: T
    title: str
    also: str = ""
    """Other words that lead to it; not highlighted."""
    bonus: float = 0.0
    """What goes before others that match alike."""


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What was found."""

    entry: Entry[T]
    spans: tuple[tuple[int, int], ...]
    """Parts of the title that were typed: from, to."""
    score: float = 0.0


class Index(Generic[T]):
    """Entries, ready to be searched."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        self.entries: Sequence[Entry[T]] = tuple(entries)
        self._texts = [f" {entry.title} {entry.also}".lower() for entry in self.entries]

    def best(self, typed: str, limit: int) -> list[Match[T]]:
        """What matches every typed word, best first."""
        words = typed.lower().split()
        if not words:
            return []
        scored = ((_score(words, self.entries[place], self._texts[place]), place) for place in self._near(words))
        found = heapq.nlargest(limit, scored, key=lambda one: (one[0], -one[1]))
        return [
            Match(self.entries[place], _spans(self.entries[place].title.lower(), words), score)
            for score, place in found
        ]

    def _near(self, words: Sequence[str]) -> list[int]:
        """Places of what is worth judging, never many: words that begin so, then parts of words, else letters."""
        begun = [f" {word}" for word in words]
        near = self._holding(lambda text: all(one in text for one in begun))
        if len(near) < ENOUGH:
            near += self._holding(lambda text: all(word in text for word in words))
        if not near and all(len(word) >= LETTERS_LEAST for word in words):
            letters = [_in_order(word).match for word in words]
            near += self._holding(lambda text: all(match(text) for match in letters))
        return list(dict.fromkeys(near))

    def _holding(self, test: Callable[[str], bool]) -> list[int]:
        return list(islice((place for place, text in enumerate(self._texts) if test(text)), JUDGED))


def _in_order(word: str) -> re.Pattern[str]:
    """The letters of a word in order, each at its first place after the one before: linear in the text."""
    return re.compile("".join(f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in word))


def _score(words: Sequence[str], entry: Entry[T], text: str) -> float:
    held = _WORD.findall(text)
    worth = sum(max((_worth(word, one) for one in held), default=0.0) or LETTERS / 2 for word in words)
    title = entry.title.lower()
    named = 0.0 if any(word in title for word in words) else _NOT_NAMED
    begins = 5.0 if text.startswith(f" {words[0]}") else 0.0
    return worth / len(words) + begins + named + entry.bonus - _PER_CHARACTER * len(entry.title)


def _worth(word: str, held: str) -> float:
    if word == held:
        return WHOLE
    if held.startswith(word):
        return BEGUN
    if word in held:
        return WITHIN + (10.0 if f"-{word}" in held or f"_{word}" in held else 0.0)
    return LETTERS if _begins_in_order(word, held) else 0.0


def _begins_in_order(word: str, held: str) -> bool:
    if not held.startswith(word[0]):
        return False
    rest = iter(held)
    return all(letter in rest for letter in word)


def _spans(title: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    marked: set[int] = set()
    for word in words:
        at = title.find(word)
        if at >= 0:
            marked.update(range(at, at + len(word)))
            continue
        found = _in_order(word).search(title)
        at = found.start() if found else -1
        for letter in word if found else "":
            at = title.index(letter, at)
            marked.add(at)
            at += 1
    return tuple(_runs(sorted(marked)))


def _runs(places: Sequence[int]) -> Iterable[tuple[int, int]]:
    start: int | None = None
    for index, place in enumerate(places):
        start = place if start is None else start
        if index + 1 == len(places) or places[index + 1] != place + 1:
            yield start, place + 1
            start = None
