"""The timeline: what happened, newest first, by day, with a line at the moment when somebody last looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.model.ids import EnvironmentId
from cockpit.model.units import format_age
from widgets.event_items import EventItem, course_of
from widgets.filtered import FilteredListing
from widgets.glyphs import RULE
from widgets.line import Line, Run, apart, fit, pad
from widgets.times import clock, local

COURSE = 14
"""`✖ → ● ended`, `✓ acknowledged`."""
TIME = 5
AGE = 9
"""Room for `23 h 59 m`."""
TAG = 9
"""Room for `PROTECTED`."""
WIDE = 100
"""From this width on, what is said stands in a column, and tags are whole."""
WITH_AGE = 140
"""From this width on, the age has a column: where there is less room, words say more than the time told again."""
LOOKED = "looked"
"""Key of the line at the moment of the last look."""
_WHERE_MIN, _WHERE_MAX = 10, 28
_SUBJECT_MAX = 34


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at the timeline."""

    at: float
    """Epoch seconds."""
    number: int
    """The newest entry then."""

    def is_new(self, item: EventItem) -> bool:
        """Whether an entry was written since. It may tell of something older: some things are found out late."""
        return item.newest.number > self.number


@dataclass(frozen=True, slots=True)
class Mark:
    """A line between entries: a day, or the last look."""

    key: str
    text: str


class TimelineList(FilteredListing):
    """Entries by day. The cursor passes over the lines between them."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.header_height = 1
        self.now = 0.0
        self.with_environment = True
        self.items: tuple[EventItem, ...] = ()
        self.look: Look | None = None
        self.tags: Mapping[EnvironmentId, Run] = {}
        self._rows: list[EventItem | Mark] = []
        self._where = _WHERE_MIN
        self._subject = 0
        self._heard = False

    def show(
        self,
        items: Sequence[EventItem],
        now: float,
        *,
        look: Look | None,
        tags: Mapping[EnvironmentId, Run],
        with_environment: bool = True,
    ) -> None:
        """Take the newest entries, newest first. Cursor, scroll and filter stay."""
        self.now, self.look, self.tags, self._heard = now, look, tags, True
        self.items, self.with_environment = tuple(items), with_environment
        self.choose_rows()

    def tick(self, now: float) -> None:
        """Time goes on: ages, and perhaps another day."""
        other_day = local(now).date() != local(self.now).date()
        self.now = now
        if other_day:
            self.choose_rows()
        else:
            self.refresh()

    @property
    def shown(self) -> Sequence[EventItem]:
        """Entries that match the filter, in order."""
        return [row for row in self._rows if isinstance(row, EventItem)]

    @property
    def chosen(self) -> EventItem | None:
        """The entry under the cursor."""
        row = self._rows[self.cursor_index] if self._rows else None
        return row if isinstance(row, EventItem) else None

    def choose_rows(self) -> None:
        """Choose and order what is shown."""
        kept = [item for item in self.items if not self.wanted or self.wanted.matches(item, self.now)]
        self._rows = with_marks(kept, self.look, self.now)
        # Of everything, not of what matches: a filter must not make columns jump.
        self._where = max((len(item.where or "shared") for item in self.items), default=0)
        self._subject = max((len(item.subject) for item in self.items), default=0)
        self.set_keys([row.key for row in self._rows])

    # The cursor.

    def validate_cursor_index(self, index: int) -> int:
        """Keep the cursor on an entry."""
        return self._landing(super().validate_cursor_index(index), 1)

    def _move(self, index: int) -> None:
        within = max(0, min(index, len(self._rows) - 1))
        super()._move(self._landing(within, 1 if index > self.cursor_index else -1))
        above = self.cursor_index
        while above > 0 and isinstance(self._rows[above - 1], Mark):
            above -= 1
        if self._rows and not self._is_visible(above) and self.cursor_index - above < self.page_rows:
            # An entry comes with the lines above it, which tell its day.
            self.scroll_to(y=above, animate=False, force=True, immediate=True)

    def _landing(self, index: int, step: int) -> int:
        """The entry nearest to a row in the direction of `step`, else in the other."""
        for way in (step, -step):
            at = index
            while 0 <= at < len(self._rows):
                if isinstance(self._rows[at], EventItem):
                    return at
                at += way
        return index

    # Drawing.

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Cells of environment, of subject, and of the age; 0 for a column that there is no room for."""
        age = AGE + 2 if width >= WITH_AGE else 0
        where = 0
        if self.with_environment:
            where = max(_WHERE_MIN, min(self._where + (1 + TAG if width >= WIDE else 6), _WHERE_MAX, width // 4))
        room = width - TIME - COURSE - age - where - 8
        # Where there is little room, what is said follows its subject at once.
        return where, max(8, min(self._subject, _SUBJECT_MAX, room // 2)) if width >= WIDE else 0, age

    def draw_header(self, width: int) -> Line:
        """Titles."""
        where, _, age = self._widths(width)
        runs = [Run(f" {pad('TIME', TIME)}  ", "heading")]
        if where:
            runs.append(Run(f"{pad('ENVIRONMENT', where)}  ", "heading"))
        runs += [Run(f"{pad('STATE', COURSE)}  ", "heading"), Run("WHAT", "heading")]
        return apart(tuple(runs), (Run("AGO ", "heading"),) if age else (), width)

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """An entry, a day, or the last look."""
        row = self._rows[index]
        if isinstance(row, Mark):
            ink = "mark" if row.key == LOOKED else "heading"
            lead = RULE * 2
            rest = RULE * max(0, width - len(row.text) - len(lead) - 4)
            return ((Run(f" {lead} ", "dim"), Run(row.text, ink), Run(f" {rest}", "dim")),)
        where, subject, age = self._widths(width)
        new = self.look is not None and self.look.is_new(row)
        course = fit(course_of(row.newest), COURSE)
        runs = [Run(f" {clock(row.at)}  ", "strong" if new else "dim")]
        if where:
            runs += [*self._place(row, where), Run("  ")]
        what = pad(row.subject, subject) if subject else row.subject
        runs += [*course, Run("  "), Run(f"{what}  ", "strong"), Run(row.words)]
        if not age:
            return (fit(tuple(runs), width),)
        told = Run(f"{pad(format_age(self.now - row.at), AGE, right=True)} ", "dim")
        return ((*fit(tuple(runs), width - AGE - 2), Run(" "), told),)

    def _place(self, item: EventItem, width: int) -> Line:
        environments = item.environments
        tag = self.tags.get(environments[0], Run("")) if len(environments) == 1 else Run("")
        room = width - len(tag.text) - 1 if tag.text else width
        line = (Run(pad(item.where, min(room, len(item.where)))), Run(" "), tag) if tag.text else None
        return fit(line or (Run(item.where or "shared", "" if item.where else "dim"),), width)

    def empty_lines(self) -> Sequence[Line]:
        """Why nothing is shown."""
        if not self._heard:
            return ((Run(" Reading.", "dim"),),)
        if self.items:
            return self.nothing_shown(f"None of {len(self.items)} entries matches the filter.")
        return ((Run(" Nothing has happened since the cockpit began to watch.", "dim"),),)


def with_marks(items: Sequence[EventItem], look: Look | None, now: float) -> list[EventItem | Mark]:
    """The entries with a line before each day, and one where the last look was: what is above it happened since."""
    rows: list[EventItem | Mark] = []
    day: date | None = None
    new = sum(look.is_new(item) for item in items) if look else 0
    waiting = look is not None and new > 0
    for item in items:
        if waiting and look is not None and item.at <= look.at:
            rows.append(_looked(look, new, now))
            waiting = False
        then = local(item.at).date()
        if then != day:
            day = then
            rows.append(Mark(f"day|{then.isoformat()}", day_text(then, local(now).date())))
        rows.append(item)
    if waiting and look is not None and items:
        rows.append(_looked(look, new, now))
    return rows


def _looked(look: Look, new: int, now: float) -> Mark:
    then, today = local(look.at), local(now).date()
    when = clock(look.at) if then.date() == today else f"{day_text(then.date(), today)} {clock(look.at)}"
    return Mark(LOOKED, f"you last looked {'at ' if then.date() == today else ''}{when}, {new} new since")


def day_text(day: date, today: date) -> str:
    """`today, Monday 2 March`, `yesterday, …`, `Friday 27 February`, `2 December 2025`."""
    if day.year != today.year:
        return f"{day.day} {day:%B %Y}"
    words = f"{day:%A} {day.day} {day:%B}"
    if day == today:
        return f"today, {words}"
    return f"yesterday, {words}" if day == today - timedelta(days=1) else words
