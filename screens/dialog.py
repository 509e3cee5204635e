"""What dialogs have in common: a title over a body in the middle of the screen, and the keys in the last line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Footer, Static


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog. Subclasses compose the body, and end it with `dismiss`."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self._headline = Static(title, classes="dialog-title", markup=False)
        self._told = Static("", classes="dialog-told", markup=False)
        self._told.display = False

    def compose(self) -> ComposeResult:
        """The box, and the keys."""
        yield from self.compose_box()
        yield Footer(compact=True, show_command_palette=False)

    def compose_box(self) -> ComposeResult:
        """Title, body, and what speaks against the answer."""
        with Vertical(classes="dialog"):
            yield self._headline
            yield from self.compose_body()
            yield self._told

    def compose_body(self) -> ComposeResult:
        """What is between the title and the keys."""
        raise NotImplementedError

    def entitle(self, text: str) -> None:
        """Another title."""
        self._headline.update(text)

    def say(self, text: str) -> None:
        """Say what speaks against the answer; empty where nothing does."""
        self._told.update(text)
        self._told.display = bool(text)

    def action_leave(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)
