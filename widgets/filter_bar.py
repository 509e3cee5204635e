"""The line in which a filter is typed. It says what is wrong with a filter, and keeps the last one that was right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from widgets.filter import Field, Filter, FilterError, parse_filter


class FilterBar(Horizontal):
    """`/` opens it, enter leaves it open, esc clears and closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Clear", id="filter.clear"),
        Binding("enter,down", "leave", "To the table", id="filter.leave"),
    ]

    DEFAULT_CSS = """
    FilterBar {
        height: 1; display: none; padding: 0 1; background: $panel;
        &.-open { display: block; }
        Label { width: auto; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        #filter-problem { color: $text-warning; max-width: 60%; }
    }
    """

    class Changed(Message):
        """Another filter holds."""

        def __init__(self, query: Filter) -> None:
            super().__init__()
            self.query = query

    class Left(Message):
        """The table has the word again."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.fields: Sequence[Field] = ()

    def compose(self) -> ComposeResult:
        """A prompt, the text, and what is wrong with it."""
        yield Label("/ ")
        yield Input(placeholder="text  !not  state=critical  errors>5  age<2h", compact=True)
        yield Label("", id="filter-problem", markup=False)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def open(self, text: str | None = None) -> None:
        """Show it and take the focus."""
        self.add_class("-open")
        box = self.query_one(Input)
        if text is not None:
            box.value = text
        # At once, not when the queue is empty: the next key may already be on its way.
        self.screen.set_focus(box)

    def close(self) -> None:
        """Clear and hide it."""
        self.query_one(Input).value = ""
        self.remove_class("-open")
        self.post_message(self.Left())

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def action_close(self) -> None:
        """Clear and hide it."""
        self.close()

    def action_leave(self) -> None:
        """Back to the table; an empty bar is hidden."""
        if not self.text.strip():
            self.remove_class("-open")
        self.post_message(self.Left())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        problem = self.query_one("#filter-problem", Label)
        try:
            query = parse_filter(event.value, self.fields)
        except FilterError as error:
            problem.update(f" {error}")
            return
        problem.update("")
        self.post_message(self.Changed(query))
