"""A list of things of which some are chosen."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import OptionList, SelectionList

CHOSEN = "[x] "
NOT_CHOSEN = "[ ] "


class Choices(SelectionList[str], inherit_bindings=False):
    """Textual's list, with our keys, and with marks that can be told apart without colour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, tooltip="One row down", id="list.down"),
        Binding("k,up", "cursor_up", "Up", show=False, tooltip="One row up", id="list.up"),
        Binding("g,home", "first", "First", show=False, tooltip="To the first row", id="list.first"),
        Binding("G,end", "last", "Last", show=False, tooltip="To the last row", id="list.last"),
        Binding("pagedown,ctrl+f", "page_down", "Page down", show=False, tooltip="One page down", id="list.page_down"),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False, tooltip="One page up", id="list.page_up"),
        Binding("space", "select", "Toggle", key_display="space", id="choices.toggle"),
    ]

    DEFAULT_CSS = """
    Choices { border: none; padding: 0 1; height: auto; scrollbar-size-vertical: 1; }
    Choices:focus { border: none; background-tint: $foreground 0%; }
    """

    def __init__(self, *choices: tuple[Text, str, bool], id: str | None = None) -> None:
        """Make a list of choices: how each is written, what it stands for, whether it is chosen."""
        super().__init__(*choices, id=id)
        self._known = [(written, value) for written, value, _ in choices]
        self._chosen_unseen: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is chosen, whether it is shown or not."""
        return (*self.selected, *self._chosen_unseen)

    @property
    def known_count(self) -> int:
        """How much there is to choose from, shown or not."""
        return len(self._known)

    def narrow(self, typed: str) -> None:
        """Show only what holds every word; what is chosen stays chosen."""
        words = typed.lower().split()
        chosen = self.chosen
        shown = [(text, value) for text, value in self._known if all(word in text.plain.lower() for word in words)]
        with self.prevent(self.SelectedChanged):
            self.clear_options()
            self.add_options([(text, value, value in chosen) for text, value in shown])
        seen = {value for _, value in shown}
        self._chosen_unseen = tuple(value for value in chosen if value not in seen)
        self.action_first()

    def render_line(self, y: int) -> Strip:
        """A row with its mark."""
        line = OptionList.render_line(self, y)
        index = self.scroll_offset.y + y
        if index >= self.option_count:
            return line
        chosen = self.get_option_at_index(index).value in self._selected
        first = next(iter(line), None)
        return Strip([Segment(CHOSEN if chosen else NOT_CHOSEN, first.style if first else None), *line])
