"""What screens of one long list have in common: `/` filters it, and esc shows everything again before it goes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from screens.base import CockpitScreen
from screens.context import Context
from widgets.filter import Field
from widgets.filter_bar import FilterBar
from widgets.filtered import FilteredListing


class FilteredScreen(CockpitScreen):
    """A screen with a list and a filter over it; the list has the focus first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, so that what is typed right after it goes into the filter and not to the list.
        Binding(
            "slash",
            "filter",
            "Filter",
            key_display="/",
            priority=True,
            tooltip="Filter by text, field=value or errors>5",
            id="table.filter",
        ),
    ]

    def __init__(self, context: Context, fields: Sequence[Field] = ()) -> None:
        super().__init__(context)
        self.filter_bar = FilterBar(fields)

    def filtered_list(self) -> FilteredListing:
        """The list of which the filter shows a part."""
        raise NotImplementedError

    def describe(self) -> None:
        """Say what is shown, and what there is to say of the row under the cursor."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """The list has the first word."""
        self.set_focus(self.filtered_list())

    @property
    def is_filtered(self) -> bool:
        """Whether a filter holds, or is being typed."""
        return self.filter_bar.is_open or bool(self.filtered_list().wanted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A slash that is typed into the filter is a slash."""
        if action == "filter" and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Type a filter."""
        self.filter_bar.open()

    def action_back(self) -> None:
        """First everything is shown again; then one step back."""
        if self.is_filtered:
            self.filter_bar.close()
        else:
            super().action_back()

    @on(FilterBar.Changed)
    def _filter_changed(self, event: FilterBar.Changed) -> None:
        self.filtered_list().wanted = event.query
        self.describe()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self.set_focus(self.filtered_list())
