"""What happened lately, compactly: a part of another screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.model.event import Event
from widgets.event_items import EventItem, event_items, mark_of
from widgets.line import Line, Run, cut, fit, pad
from widgets.listing import Listing
from widgets.times import moment_text

SUBJECT_SHARE = 0.4
"""The subject gets no more of a line than this, unless what is said of it leaves more."""
_MARKS = 7
"""Cells of margins, glyph and gaps."""


class RecentChanges(Listing):
    """Entries of the timeline, newest first: `14:24 ◆ checkout:live  version 41 → 42`. Enter tells which was chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.now = 0.0
        self._items: tuple[EventItem, ...] = ()
        self._heard = False

    def show(self, events: Iterable[Event], now: float) -> None:
        """Take the newest entries, newest first."""
        self.now, self._heard = now, True
        self._items = event_items(events)
        self.set_keys([item.key for item in self._items])

    @property
    def items(self) -> Sequence[EventItem]:
        """What is shown."""
        return self._items

    @property
    def chosen(self) -> EventItem | None:
        """The line under the cursor."""
        return self._items[self.cursor_index] if self._items else None

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """One line."""
        item = self._items[index]
        moments = max(len(moment_text(one.at, self.now)) for one in self._items)
        words = max(len(one.words) for one in self._items)
        room = max(int(width * SUBJECT_SHARE), width - moments - words - _MARKS)
        subject = min(room, max(len(one.subject) for one in self._items))
        runs = (
            Run(f" {pad(moment_text(item.at, self.now), moments)} ", "dim"),
            mark_of(item.newest),
            Run(f" {pad(cut(item.subject, subject), subject)}  ", "strong"),
            Run(item.words),
        )
        return (fit(runs, width),)

    def empty_lines(self) -> Sequence[Line]:
        """Nothing is calm; not asked yet is nothing at all."""
        return ((Run(" Nothing has changed that the cockpit has seen.", "dim"),),) if self._heard else ((),)
