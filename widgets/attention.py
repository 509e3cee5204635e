"""The attention list: what is wrong, by how much, since when, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.model.finding import Finding
from widgets.attention_items import AttentionItem, attention_items
from widgets.glyphs import ROLE, SEVERITY
from widgets.line import Line, Run, fit, pad, width_of
from widgets.listing import Listing
from widgets.times import moment_text

MEDIUM = 110
"""From this width on, an item is one line; below, two."""
WIDE = 160
"""From this width on, everything has a column."""


class AttentionList(Listing):
    """Findings in words, worst first."""

    def __init__(self, *, id: str | None = None, with_environment: bool = True) -> None:  # noqa: A002
        super().__init__(id=id)
        self.items: dict[str, AttentionItem] = {}
        self.now = 0.0
        self.waiting = False
        self._with_environment = with_environment
        self._order: tuple[AttentionItem, ...] = ()

    def show(self, findings: Iterable[Finding], now: float, *, waiting: bool) -> None:
        """Take the newest findings. `waiting`: part of the fleet was not looked at yet."""
        self.now, self.waiting = now, waiting
        self._order = attention_items(findings)
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

    def _lead(self, item: AttentionItem) -> list[Run]:
        runs = [Run(" "), Run(SEVERITY[item.health], ROLE[item.health]), Run(" ")]
        where = min(28, self._longest("where")) if self._with_environment else 0
        return [*runs, Run(pad(item.where, where), "strong"), Run("  ")] if where else runs

    def _longest(self, part: str) -> int:
        return max((len(getattr(item, part)) for item in self._order), default=0)

    def _medium(self, item: AttentionItem, width: int) -> Line:
        """The moment stands before the sentence, which takes what is left: reason, then what changed."""
        since = moment_text(item.since, self.now) if item.since is not None else ""
        runs = [*self._lead(item), Run(pad(item.subject, min(self._longest("subject"), width // 4))), Run("  ")]
        runs += [Run(pad(since, 5, right=True), "dim"), Run("  "), Run(item.reason, ROLE[item.health])]
        if item.more:
            runs += [Run(" · ", "dim"), Run(item.more, "dim")]
        return fit(tuple(runs), width)

    def _wide(self, item: AttentionItem, width: int) -> Line:
        """Reason, since when, and what changed in columns."""
        lead = self._lead(item)
        subject, since = self._longest("subject"), max(len(one.since_text(self.now)) for one in self._order)
        room = width - width_of(tuple(lead)) - subject - since - 6
        reason = min(self._longest("reason"), room * 3 // 5)
        runs = [*lead, Run(pad(item.subject, subject)), Run("  "), Run(pad(item.reason, reason), ROLE[item.health])]
        runs += [Run("  "), Run(pad(item.since_text(self.now), since), "dim"), Run("  "), Run(item.more, "dim")]
        return fit(tuple(runs), width)

    def _narrow(self, item: AttentionItem, width: int) -> tuple[Line, Line]:
        """What, where and since when; below it the reason, and what changed."""
        since = item.since_text(self.now)
        runs = [Run(" "), Run(SEVERITY[item.health], ROLE[item.health]), Run(" ")]
        if self._with_environment:
            runs += [Run(item.where, "strong"), Run("  ")]
        first = (
            *fit((*runs, Run(item.subject)), max(0, width - len(since) - 2)),
            Run(" "),
            Run(since, "dim"),
            Run(" "),
        )
        more = Run(f" · {item.more}" if item.more else "", "dim")
        return first, fit((Run("   "), Run(item.reason, ROLE[item.health]), more), width)

    def empty_lines(self) -> Sequence[Line]:
        """Good news, or no news yet."""
        if self.waiting:
            return ((Run(" Waiting for the first look; nothing is known to be wrong.", "dim"),),)
        return ((Run(" Nothing needs attention.", "dim"),),)
