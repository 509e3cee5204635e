"""The attention list: what is wrong, by how much, since when, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from cockpit.model.finding import Finding
from cockpit.model.mute import MuteKind
from widgets.attention_items import AttentionItem, attention_items
from widgets.attention_lines import MEDIUM, AttentionColumns, columns_for, one_line, two_lines
from widgets.line import Line, Run
from widgets.listing import Listing
from widgets.stories import Look, nothing_known


class AttentionList(Listing):
    """Findings in words, worst first."""

    def __init__(self, *, id: str | None = None, with_environment: bool = True) -> None:
        super().__init__(id=id)
        self.items: dict[str, AttentionItem] = {}
        self.now = 0.0
        self.waiting = False
        self.calm = "Nothing needs attention."
        """What is said where there is no finding."""
        self._with_environment = with_environment
        self._order: tuple[AttentionItem, ...] = ()
        self._columns: AttentionColumns | None = None
        self._columns_width = 0

    def show(self, findings: Iterable[Finding], now: float, *, waiting: bool, look: Look = nothing_known) -> None:
        """Take the newest findings. `waiting`: part of the fleet was not looked at yet. `look` finds a resource."""
        self.now, self.waiting = now, waiting
        self._order = attention_items(findings, look)
        self._columns = None
        self.items = {item.key: item for item in self._order}
        self.set_keys(tuple(self.items))

    @property
    def chosen(self) -> AttentionItem | None:
        """The item under the cursor."""
        return self.items.get(self.cursor_key) if self.cursor_key else None

    @property
    def counted(self) -> str:
        """How many items nobody has seen yet, and how many others: `3 · 1 acknowledged · 2 muted`."""
        said = [item.mute.kind for item in self._order if item.mute is not None]
        others = [f"{said.count(kind)} {kind.value}" for kind in MuteKind if kind in said]
        return " · ".join((f"{len(self._order) - len(said)}", *others)) if self._order else ""

    @property
    def story(self) -> tuple[AttentionItem, ...]:
        """The item under the cursor, and those that hang below it: they tell of the same thing."""
        if self.chosen is None:
            return ()
        rest = self._order[self.cursor_index + 1 :]
        below = () if self.chosen.below else tuple(takewhile(lambda item: item.below, rest))
        return (self.chosen, *below)

    def on_resize(self) -> None:
        """One line an item where there is room, else two."""
        self.row_height = 1 if self.size.width >= MEDIUM else 2

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """The one or two lines of an item."""
        item = self._order[index]
        if self.row_height > 1:
            return two_lines(item, self.now, width, with_environment=self._with_environment)
        if self._columns is None or self._columns_width != width:
            self._columns = columns_for(self._order, width, self.now, with_environment=self._with_environment)
            self._columns_width = width
        return (one_line(item, self._columns, self.now, width),)

    def empty_lines(self) -> Sequence[Line]:
        """Good news, or no news yet."""
        if self.waiting:
            return ((Run(" Waiting for the first look; nothing is known to be wrong.", "dim"),),)
        return ((Run(f" {self.calm}", "dim"),),)
