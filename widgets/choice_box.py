"""Choices with a line above in which one types to see fewer of them."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from widgets.choices import Choices


class ChoiceBox(Vertical):
    """`/` shows only what matches; what is chosen stays chosen, seen or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="choices.filter"),
        Binding("escape", "clear", "Show all", id="choices.clear"),
        Binding("down", "to_list", "To the list", id="choices.to_list"),
    ]

    DEFAULT_CSS = """
    ChoiceBox {
        height: auto;
        #choice-filter { height: 1; display: none; padding: 0 1; background: $panel; }
        &.-open #choice-filter { display: block; }
        #choice-filter Label { width: auto; }
        Input, Input:focus { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        Input:focus { background-tint: $foreground 0%; }
    }
    """

    def __init__(self, choices: Choices, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The line, which is hidden at first, and the list."""
        with Horizontal(id="choice-filter"):
            yield Label("/ ")
            yield Input(placeholder="part of a name", compact=True)
        yield self._choices

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc and down are others' unless one types here; a slash that is typed is a slash."""
        typing = isinstance(self.screen.focused, Input)
        if action == "clear":
            return self.has_class("-open")
        if action in {"filter", "to_list"}:
            return typing is (action == "to_list")
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Type to see fewer."""
        self.add_class("-open")
        self.screen.set_focus(self.query_one(Input))

    def action_clear(self) -> None:
        """Show all again."""
        self.query_one(Input).value = ""
        self._choices.narrow("")
        self.remove_class("-open")
        self.screen.set_focus(self._choices)

    def action_to_list(self) -> None:
        """Choose from what is shown."""
        self.screen.set_focus(self._choices)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._choices.narrow(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_to_list()
