"""What dialogs have in common in which some of many are chosen."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.screen import ScreenResultType
from textual.widgets import Input, SelectionList

from screens.dialog import Dialog
from widgets.choice_box import ChoiceBox
from widgets.choices import Choices


class ChoosingDialog(Dialog[ScreenResultType]):
    """A list of choices under a title that counts them. Subclasses say what a choice leads to (`action_apply`)."""

    def __init__(self, choices: Iterable[tuple[Text, str, bool]]) -> None:
        """Make a dialog of choices: how each is written, what it stands for, whether it is chosen."""
        super().__init__()
        self.choices = Choices(*choices)

    def compose_body(self) -> ComposeResult:
        """The choices."""
        yield ChoiceBox(self.choices)

    def counted(self, chosen: int, known: int) -> str:
        """How many are chosen, in words: the title."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Ready to choose."""
        self.set_focus(self.choices)
        self.choices.action_first()
        self._changed()

    @on(SelectionList.SelectedChanged)
    def _changed(self) -> None:
        self.entitle(self.counted(len(self.choices.chosen), self.choices.known_count))
        self.say("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter in the line in which one types leads to the list first."""
        if action == "apply" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_all(self) -> None:
        """Choose everything that is shown."""
        self.choices.select_all()

    def action_none(self) -> None:
        """Choose nothing of what is shown, to begin anew."""
        self.choices.deselect_all()
