"""The line in which a filter is typed. It says what is wrong with a filter, and keeps the last one that was right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.filter import Field, Filter, FilterError, parse_filter
from widgets.prompt_bar import PromptBar


class FilterBar(PromptBar):
    """Tells of every filter that holds from now on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Clear", id="filter.clear"),
        Binding("enter,down", "leave", "To the table", id="filter.leave"),
    ]

    DEFAULT_CSS = """
    FilterBar .note { color: $text-warning; max-width: 60%; }
    """

    PLACEHOLDER = "text  !not  state=critical  errors>5  age<2h"

    class Changed(Message):
        """Another filter holds."""

        def __init__(self, query: Filter) -> None:
            super().__init__()
            self.query = query

    def __init__(self, fields: Sequence[Field] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields = fields
        """What a filter may name."""

    def typed(self, text: str) -> None:
        """A filter, or what is wrong with it."""
        try:
            query = parse_filter(text, self.fields)
        except FilterError as error:
            self.tell(f" {error}")
            return
        self.tell("")
        self.post_message(self.Changed(query))
