"""The dialog in which the columns of a table are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, SelectionList, Static

from widgets.choice_box import ChoiceBox
from widgets.choices import Choices
from widgets.table_rows import TAG, TableColumn

USUAL = "usual"
"""What the dialog ends with where the usual columns are wanted again."""


class ColumnsScreen(ModalScreen[tuple[str, ...] | str | None]):
    """Ends with the keys of the columns that were chosen, with USUAL, or with None if nothing shall change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", "Apply", priority=True, id="columns.apply"),
        Binding("u", "usual", "The usual ones", id="columns.usual"),
        Binding("a", "all", "All", id="columns.all"),
        Binding("n", "none", "None", id="columns.none"),
        Binding("escape", "leave", "Leave as it was", id="columns.leave"),
    ]

    def __init__(self, columns: Sequence[TableColumn], extras: Sequence[TableColumn], shown: Collection[str]) -> None:
        """Make the dialog.

        Args:
            columns: The service's own columns, without the name, which always leads.
            extras: Facts and tags that could be columns.
            shown: Keys of what is shown now.
        """
        super().__init__()
        self._list = Choices(
            *((Text(column.title), column.key, column.key in shown) for column in columns),
            *((_text(column), column.key, column.key in shown) for column in extras),
            id="columns-list",
        )

    def compose(self) -> ComposeResult:
        """How many are chosen, over the list."""
        yield Static(id="columns-title", markup=False)
        yield ChoiceBox(self._list, id="columns-box")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        self.set_focus(self._list)
        self._list.action_first()
        self._changed()

    @on(SelectionList.SelectedChanged)
    def _changed(self) -> None:
        chosen = len(self._list.chosen)
        self.query_one("#columns-title", Static).update(f"{chosen} of {self._list.known_count} columns")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter in the line in which one types leads to the list first."""
        if action == "apply" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_usual(self) -> None:
        """The service's own columns again."""
        self.dismiss(USUAL)

    def action_all(self) -> None:
        """Every column."""
        self._list.select_all()

    def action_none(self) -> None:
        """None but the name, to begin anew."""
        self._list.deselect_all()

    def action_apply(self) -> None:
        """Show what is chosen."""
        self.dismiss(self._list.chosen)

    def action_leave(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)


def _text(column: TableColumn) -> Text:
    """An extra column, with what it comes from."""
    of = "tag" if column.key.startswith(TAG) else "fact"
    return Text.assemble(column.title, (f"  {of}", "dim"))
