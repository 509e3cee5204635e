"""The line in which is typed what to search for."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.prompt_bar import PromptBar


class SearchBar(PromptBar):
    """Tells what to search for; `tell` says beside it how often that was found."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Clear", id="search.clear"),
        Binding("enter,down", "leave", "To the lines", id="search.leave"),
    ]

    DEFAULT_CSS = """
    SearchBar .note { color: $text-muted; }
    """

    PLACEHOLDER = "text to search for"

    class Changed(Message):
        """Something else is searched for."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def typed(self, text: str) -> None:
        """Search for it."""
        self.post_message(self.Changed(text))
