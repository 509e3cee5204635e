"""The attention list: what is wrong, by how much, since when, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.model.finding import Finding
from widgets.attention_items import AttentionItem, attention_items
from widgets.glyphs import ROLE, SEVERITY
from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing

WIDE = 110
"""From this width on, an item is one line; below, two."""


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
    def lines_wanted(self) -> int:
        """Lines that show everything."""
        return max(1, len(self._order) * self.row_height)

    @property
    def chosen(self) -> AttentionItem | None:
        """The item under the cursor."""
        return self.items.get(self.cursor_key) if self.cursor_key else None

    def on_resize(self) -> None:
        """One line an item where there is room, else two."""
        self.row_height = 1 if self.size.width >= WIDE else 2

    def draw_row(self, index: int, line: int, width: int) -> Line:
        """One line of an item."""
        item = self._order[index]
        return self._wide(item, width) if self.row_height == 1 else self._narrow(item, line, width)

    def _where_width(self) -> int:
        return max((len(item.where) for item in self._order), default=0) if self._with_environment else 0

    def _wide(self, item: AttentionItem, width: int) -> Line:
        where = min(28, self._where_width())
        subject = min(max((len(other.subject) for other in self._order), default=0), width // 4)
        since = max((len(other.since_text(self.now)) for other in self._order), default=0)
        rest = width - 3 - (where + 2 if where else 0) - subject - 2 - since - 2
        more = min(max((len(other.more) for other in self._order), default=0), rest // 2)
        reason = rest - (more + 2 if more else 0)
        longest = max((len(other.reason) for other in self._order), default=0)
        if longest < reason:
            # The reason keeps what it needs; the rest goes to what changed, and then stays empty at the right.
            more, reason = more + min(reason - longest, 60), longest
        runs = [Run(" "), Run(SEVERITY[item.health], ROLE[item.health]), Run(" ")]
        if where:
            runs += [Run(pad(item.where, where), "strong"), Run("  ")]
        runs += [Run(pad(item.subject, subject)), Run("  "), Run(pad(item.reason, reason), ROLE[item.health])]
        runs += [Run("  "), Run(pad(item.since_text(self.now), since), "dim")]
        if more > 0:
            runs += [Run("  "), Run(item.more, "dim")]
        return fit(tuple(runs), width)

    def _narrow(self, item: AttentionItem, line: int, width: int) -> Line:
        if line == 0:
            age = item.since_text(self.now)
            runs = [Run(" "), Run(SEVERITY[item.health], ROLE[item.health]), Run(" ")]
            if self._with_environment:
                runs += [Run(item.where, "strong"), Run("  ")]
            left = fit((*runs, Run(item.subject)), max(0, width - len(age) - 2))
            return (*left, Run(" "), Run(age, "dim"), Run(" "))
        more = f" · {item.more}" if item.more else ""
        return fit((Run("   "), Run(item.reason, ROLE[item.health]), Run(more, "dim")), width)

    def empty_lines(self) -> Sequence[Line]:
        """Good news, or no news yet."""
        if self.waiting:
            return ((Run(" Waiting for the first look; nothing is known to be wrong.", "dim"),),)
        return ((Run(" Nothing needs attention.", "dim"),),)
