"""The board of an environment: a panel for each service, drawn line by line in one widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.board_layout import GAP, PanelPlace, arrange, column_count, neighbour
from widgets.line import Line
from widgets.panel import PanelFacts, need_of, panel_lines
from widgets.scrolled import Scrolled


class PanelBoard(Scrolled, can_focus=True, inherit_bindings=False):
    """Panels that arrange themselves. One is chosen; enter, or a second click, opens its service."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "go(0, 1)", "Panel below", show=False, tooltip="To the panel below", id="board.down"),
        Binding("k,up", "go(0, -1)", "Panel above", show=False, tooltip="To the panel above", id="board.up"),
        Binding(
            "right", "go(1, 0)", "Panel to the right", show=False, tooltip="To the panel on the right", id="board.right"
        ),
        Binding(
            "left", "go(-1, 0)", "Panel to the left", show=False, tooltip="To the panel on the left", id="board.left"
        ),
        Binding("enter,d", "choose", "Open", tooltip="Open the service of the panel", id="panel.open"),
    ]

    DEFAULT_CSS = """
    PanelBoard { height: 1fr; }
    """

    chosen_index: reactive[int] = reactive(0)
    """The panel under the cursor."""

    class Chosen(Message):
        """The service of a panel was opened."""

        def __init__(self, service: str) -> None:
            super().__init__()
            self.service = service

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.facts: tuple[PanelFacts, ...] = ()
        self.places: tuple[PanelPlace, ...] = ()
        self._drawn: dict[int, tuple[object, list[Line]]] = {}

    def show(self, facts: Sequence[PanelFacts]) -> None:
        """Take the newest facts; the choice stays with its service."""
        before = self.chosen
        self.facts = tuple(facts)
        if before is not None:
            same = (index for index, one in enumerate(self.facts) if one.service == before.service)
            self.chosen_index = next(same, min(self.chosen_index, max(0, len(self.facts) - 1)))
        self._arrange()
        self.refresh()

    @property
    def chosen(self) -> PanelFacts | None:
        """What the panel under the cursor shows."""
        return self.facts[self.chosen_index] if self.chosen_index < len(self.facts) else None

    def choose_number(self, number: int) -> bool:
        """Put the cursor on the panel with this digit; False if there is none."""
        if not 1 <= number <= len(self.facts):
            return False
        self._go_to(number - 1)
        return True

    # Layout.

    def _inner_width(self) -> int:
        return max(1, self.size.width - 2)

    def _arrange(self) -> None:
        width, height = self._inner_width(), self.size.height
        columns = column_count(width, height, len(self.facts))
        size = (width - GAP * (columns - 1)) // columns
        self.places = arrange([need_of(one, size) for one in self.facts], width, height, columns)
        self._drawn = {index: drawn for index, drawn in self._drawn.items() if index < len(self.facts)}
        bottom = max((place.top + place.height for place in self.places), default=0)
        self.virtual_size = Size(self.size.width, max(bottom, 1))

    def on_resize(self) -> None:
        """Another size: other columns."""
        self._arrange()

    # Choosing.

    def _go_to(self, index: int) -> None:
        self.chosen_index = index
        place = self.places[index] if index < len(self.places) else None
        if place is None:
            return
        first = round(self.scroll_y)
        if place.top < first or place.top + place.height > first + self.size.height:
            self.scroll_to(y=place.top, animate=False, force=True, immediate=True)

    def action_go(self, right: int, down: int) -> None:
        """Choose a neighbour."""
        if self.places:
            self._go_to(neighbour(self.places, self.chosen_index, right, down))

    def action_choose(self) -> None:
        """Open the service."""
        if self.chosen is not None:
            self.post_message(self.Chosen(self.chosen.service))

    def on_click(self, event: events.Click) -> None:
        """A click chooses a panel; a click on the chosen one opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        x, y = offset.x - 1, offset.y + round(self.scroll_y)
        index = next((index for index, place in enumerate(self.places) if place.holds(x, y)), None)
        if index is None:
            return
        again = index == self.chosen_index
        self._go_to(index)
        if again or event.chain > 1:
            self.action_choose()

    # Painting.

    def _lines(self, index: int) -> list[Line]:
        """The lines of a panel; drawn anew when something has changed."""
        facts, place = self.facts[index], self.places[index]
        focused = self.has_focus and index == self.chosen_index
        wanted = (facts, place.width, place.height, focused)
        known = self._drawn.get(index)
        if known is None or known[0] != wanted:
            known = (wanted, panel_lines(facts, place.width, place.height, focused=focused))
            self._drawn[index] = known
        return known[1]

    def render_line(self, y: int) -> Strip:
        """One line of all the panels that it crosses."""
        width, line = self.size.width, y + round(self.scroll_y)
        crossed = [index for index, place in enumerate(self.places) if place.top <= line < place.top + place.height]
        parts: list[Strip] = []
        at = 0
        for index in sorted(crossed, key=lambda index: self.places[index].left):
            place = self.places[index]
            parts.append(self.strip((), 1 + place.left - at))
            lines, row = self._lines(index), line - place.top
            over = self.backdrop("cursor") if row == 0 and self.has_focus and index == self.chosen_index else None
            parts.append(self.strip(lines[row] if row < len(lines) else (), place.width, over))
            at = 1 + place.left + place.width
        parts.append(self.strip((), max(0, width - at)))
        return self.barred(Strip.join(parts), y)
