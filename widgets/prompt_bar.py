"""A line in which is typed what a list shall show, hidden while nothing is asked for."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label


class PromptBar(Horizontal):
    """`open` shows it, enter leaves it open, esc clears and closes it. Subclasses say what is made of the text."""

    DEFAULT_CSS = """
    PromptBar {
        height: 1; display: none; padding: 0 1; background: $panel;
        &.-open { display: block; }
        Label { width: auto; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    }
    """

    PLACEHOLDER: ClassVar[str] = ""
    """Shown while nothing is typed."""

    class Left(Message):
        """The list has the word again."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = Input(placeholder=self.PLACEHOLDER, compact=True)
        self._note = Label("", classes="note", markup=False)

    def compose(self) -> ComposeResult:
        """A prompt, the text, and what there is to say about it."""
        yield Label("/ ")
        yield self._input
        yield self._note

    def typed(self, text: str) -> None:
        """The text is another one."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def tell(self, text: str) -> None:
        """Say something about what is typed."""
        self._note.update(text)

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
        """Back to the list; an empty bar is hidden."""
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
        self.typed(event.value)
