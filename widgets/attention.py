"""The attention list: what is wrong, by how much, since when, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.model.finding import Finding
from widgets.attention_items import AttentionItem, attention_items
from widgets.glyphs import ROLE, SEVERITY
from widgets.line import Line, Run, fit, pad, width_of, wrap
from widgets.listing import Listing
from widgets.reasons import brief, fitting
from widgets.stories import Look, nothing_known
from widgets.times import moment_text

MEDIUM = 110
"""From this width on, an item is one line; below, two."""
BELOW = "└ "
"""Before what belongs to the item above."""
WIDE = 160
"""From this width on, everything has a column."""


def item_lines(item: AttentionItem, now: float, width: int, rows: int) -> tuple[Line, ...]:
    """An item in full, in exactly `rows` lines: what, where and since when; the whole reason; what else there is."""
    since = f"  {item.since_text(now)}, {item.age_text(now)} ago" if item.since is not None else ""
    head = (Run(" "), Run(item.subject, "strong"), Run(f"  {item.where}"), Run(since, "dim"))
    lines: list[Line] = [head]
    lines += [(Run(f" {text}", ROLE[item.health]),) for text in wrap(item.reason, max(1, width - 2))]
    lines += [(Run(f" {text}", "dim"),) for text in wrap(item.more, max(1, width - 2)) if text]
    # Always as many, so that nothing above moves with the cursor.
    return (*lines, *((),) * rows)[:rows]


class AttentionList(Listing):
    """Findings in words, worst first."""

    def __init__(self, *, id: str | None = None, with_environment: bool = True) -> None:  # noqa: A002
        super().__init__(id=id)
        self.items: dict[str, AttentionItem] = {}
        self.now = 0.0
        self.waiting = False
        self._with_environment = with_environment
        self._order: tuple[AttentionItem, ...] = ()

    def show(self, findings: Iterable[Finding], now: float, *, waiting: bool, look: Look = nothing_known) -> None:
        """Take the newest findings. `waiting`: part of the fleet was not looked at yet. `look` finds a resource."""
        self.now, self.waiting = now, waiting
        self._order = attention_items(findings, look)
        self.items = {item.key: item for item in self._order}
        self.set_keys(tuple(self.items))

    @property
    def chosen(self) -> AttentionItem | None:
        """The item under the cursor."""
        return self.items.get(self.cursor_key) if self.cursor_key else None

    def on_resize(self) -> None:
        """One line an item where there is room, else two."""
        self.row_height = 1 if self.size.width >= MEDIUM else 2

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """The one or two lines of an item."""
        item = self._order[index]
        if self.row_height > 1:
            return self._narrow(item, width)
        return (self._wide(item, width) if width >= WIDE else self._medium(item, width),)

    def _mark(self, item: AttentionItem) -> list[Run]:
        return [Run(" "), Run(SEVERITY[item.health], ROLE[item.health]), Run(" ")]

    def _what(self, item: AttentionItem, where: int, subject: int) -> list[Run]:
        """Glyph, environment and subject. What belongs to the item above hangs below it, instead of its environment."""
        gap = 2 if where else 0
        if item.below:
            return [*self._mark(item), Run(BELOW, "dim"), Run(pad(item.subject, where + gap + subject - len(BELOW)))]
        place = [Run(pad(item.where, where), "strong"), Run(" " * gap)] if where else []
        return [*self._mark(item), *place, Run(pad(item.subject, subject))]

    def _where(self) -> int:
        return min(28, max((len(one.where) for one in self._order), default=0)) if self._with_environment else 0

    def _subject(self, where: int) -> int:
        """Cells of the longest subject, with its indent where there is no environment to hang below."""
        wanted = [len(one.subject) + (len(BELOW) if one.below else 0) for one in self._order if not where]
        return max(wanted or [len(one.subject) for one in self._order if not one.below], default=0)

    def _medium(self, item: AttentionItem, width: int) -> Line:
        """The moment stands before the sentence, which takes what is left: reason, then what changed."""
        moments = [moment_text(one.since, self.now) for one in self._order if one.since is not None]
        since = moment_text(item.since, self.now) if item.since is not None else ""
        where = self._where()
        runs = [*self._what(item, where, min(self._subject(where), width * 3 // 10)), Run("  ")]
        runs += [Run(pad(since, max(map(len, moments), default=0), right=True), "dim"), Run("  ")]
        return fit((*runs, *self._told(item, width - width_of(tuple(runs)))), width)

    def _told(self, item: AttentionItem, room: int) -> Line:
        """Reason, and what changed about then or what to do."""
        reason, more = fitting(item.reason, item.more, room)
        return (Run(reason, ROLE[item.health]), Run(f" · {more}" if more else "", "dim"))

    def _wide(self, item: AttentionItem, width: int) -> Line:
        """Reason, since when, and what changed in columns."""
        where = self._where()
        what = self._what(item, where, self._subject(where))
        since = max(len(one.since_text(self.now)) for one in self._order)
        room = width - width_of(tuple(what)) - since - 6
        reason = min(max(len(brief(one.reason)) for one in self._order), room * 3 // 5)
        told, _ = fitting(item.reason, "", reason)
        runs = [*what, Run("  "), Run(pad(told, reason), ROLE[item.health])]
        runs += [Run("  "), Run(pad(item.since_text(self.now), since), "dim"), Run("  "), Run(item.more, "dim")]
        return fit(tuple(runs), width)

    def _narrow(self, item: AttentionItem, width: int) -> tuple[Line, Line]:
        """What, where and since when; below it the reason, and what changed."""
        since = item.since_text(self.now)
        runs = self._mark(item)
        if item.below:
            runs.append(Run(BELOW, "dim"))
        elif self._with_environment:
            runs += [Run(item.where, "strong"), Run("  ")]
        first = (
            *fit((*runs, Run(item.subject)), max(0, width - len(since) - 2)),
            Run(" "),
            Run(since, "dim"),
            Run(" "),
        )
        indent = 3 + (len(BELOW) if item.below else 0)
        return first, fit((Run(" " * indent), *self._told(item, width - indent)), width)

    def empty_lines(self) -> Sequence[Line]:
        """Good news, or no news yet."""
        if self.waiting:
            return ((Run(" Waiting for the first look; nothing is known to be wrong.", "dim"),),)
        return ((Run(" Nothing needs attention.", "dim"),),)
