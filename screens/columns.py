"""The dialog in which the columns of a table are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from screens.choosing import ChoosingDialog
from widgets.table_rows import TAG, TableColumn

USUAL = "usual"
"""What the dialog ends with where the usual columns are wanted again."""


class ColumnsScreen(ChoosingDialog[tuple[str, ...] | str | None]):
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
        super().__init__(
            (
                *((Text(column.title), column.key, column.key in shown) for column in columns),
                *((_text(column), column.key, column.key in shown) for column in extras),
            )
        )

    def counted(self, chosen: int, known: int) -> str:
        """`4 of 11 columns`."""
        return f"{chosen} of {known} columns"

    def action_usual(self) -> None:
        """The service's own columns again."""
        self.dismiss(USUAL)

    def action_apply(self) -> None:
        """Show what is chosen."""
        self.dismiss(self.choices.chosen)


def _text(column: TableColumn) -> Text:
    """An extra column, with what it comes from."""
    of = "tag" if column.key.startswith(TAG) else "fact"
    return Text.assemble(column.title, (f"  {of}", "dim"))
