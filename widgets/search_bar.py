"""The line in which is typed what to search for."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label


class SearchBar(Horizontal):
    """`open` shows it, enter leaves it open, esc clears and closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Clear", id="search.clear"),
        Binding("enter,down", "leave", "To the lines", id="search.leave"),
    ]

    DEFAULT_CSS = """
    SearchBar {
        height: 1; display: none; padding: 0 1; background: $panel;
        &.-open { display: block; }
        Label { width: auto; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        #search-count { color: $text-muted; }
    }
    """

    class Changed(Message):
        """Something else is searched for."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The lines have the word again."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._input = Input(placeholder="text to search for", compact=True)
        self._count = Label("", id="search-count", markup=False)

    def compose(self) -> ComposeResult:
        """A prompt, the text, and how often it was found."""
        yield Label("/ ")
        yield self._input
        yield self._count

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def tell(self, text: str) -> None:
        """How often it was found, in words."""
        self._count.update(text)

    def open(self) -> None:
        """Show it and take the focus."""
        self.add_class("-open")
        # At once, not when the queue is empty: the next key may already be on its way.
        self.screen.set_focus(self._input)

    def close(self) -> None:
        """Clear and hide it."""
        self._input.value = ""
        self.remove_class("-open")
        self.post_message(self.Left())

    def action_close(self) -> None:
        """Clear and hide it."""
        self.close()

    def action_leave(self) -> None:
        """Back to the lines; an empty bar is hidden."""
        if not self._input.value:
            self.remove_class("-open")
        self.post_message(self.Left())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))
