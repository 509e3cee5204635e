"""The base of lists with columns by which one sorts: left and right choose one, a key or a click on its title sorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.filtered import FilteredListing
from widgets.line import Run, pad


class SortableListing(FilteredListing):
    """A list whose titles can be chosen. Subclasses say which columns there are and what sorting by one means."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right", "column(1)", "Next column", show=False, tooltip="To the column on the right", id="table.right"
        ),
        Binding(
            "left", "column(-1)", "Previous column", show=False, tooltip="To the column on the left", id="table.left"
        ),
        Binding("S", "sort", "Sort", tooltip="Sort by the chosen column; again turns it round", id="table.sort"),
    ]

    class Sorted(Message):
        """Somebody chose another order."""

        def __init__(self, listing: SortableListing) -> None:
            super().__init__()
            self.listing = listing

        @property
        def control(self) -> SortableListing:
            """The list."""
            return self.listing

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.header_height = 1
        self._wanted_column = ""

    def column_keys(self) -> Sequence[str]:
        """Keys of the columns that have room, from left to right."""
        raise NotImplementedError

    def sort_by(self, key: str) -> None:
        """Sort by a column alone; again reverses it."""
        raise NotImplementedError

    @property
    def chosen_column(self) -> str | None:
        """Key of the column under the cursor: the first one until another is chosen, or where that has no room."""
        keys = self.column_keys()
        return self._wanted_column if self._wanted_column in keys else next(iter(keys), None)

    def choose_column(self, key: str) -> None:
        """Put the cursor on a column."""
        self._wanted_column = key
        self.refresh()

    def action_column(self, step: int) -> None:
        """Choose another column."""
        keys, chosen = self.column_keys(), self.chosen_column
        if chosen is not None:
            self.choose_column(keys[max(0, min(keys.index(chosen) + step, len(keys) - 1))])

    def action_sort(self) -> None:
        """Sort by the chosen column."""
        if self.chosen_column is not None:
            self.sort_by(self.chosen_column)

    def title_runs(self, key: str, title: str, width: int, *, right: bool) -> list[Run]:
        """A title in exactly `width` cells; the chosen one is marked while the list has the focus."""
        shown = pad(title, width, right=right)
        text = shown.strip()
        before, after = shown.split(text, 1) if text else (shown, "")
        ink = "chosen" if key == self.chosen_column and self.has_focus else "heading"
        return [Run(before), Run(text, ink), Run(after)]
