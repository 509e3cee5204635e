"""A list of things of which some are chosen."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import OptionList, SelectionList

CHOSEN = "[x] "
NOT_CHOSEN = "[ ] "


class Choices(SelectionList[str], inherit_bindings=False):
    """Textual's list, with our keys, and with marks that can be told apart without colour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="list.down"),
        Binding("k,up", "cursor_up", "Up", show=False, id="list.up"),
        Binding("g,home", "first", "First", show=False, id="list.first"),
        Binding("G,end", "last", "Last", show=False, id="list.last"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", show=False, id="list.page_down"),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False, id="list.page_up"),
        Binding("space", "select", "Toggle", key_display="space", id="choices.toggle"),
    ]

    DEFAULT_CSS = """
    Choices { border: none; padding: 0 1; height: auto; scrollbar-size-vertical: 1; }
    Choices:focus { border: none; background-tint: $foreground 0%; }
    """

    def render_line(self, y: int) -> Strip:
        """A row with its mark."""
        line = OptionList.render_line(self, y)
        index = self.scroll_offset.y + y
        if index >= self.option_count:
            return line
        chosen = self.get_option_at_index(index).value in self._selected
        first = next(iter(line), None)
        return Strip([Segment(CHOSEN if chosen else NOT_CHOSEN, first.style if first else None), *line])
