"""The base of lists of which a filter shows a part."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from widgets.filter import Filter
from widgets.keys import hint
from widgets.line import Line, Run
from widgets.listing import Listing


class FilteredListing(Listing):
    """A list with a filter. Subclasses choose their rows anew when another one holds."""

    wanted: reactive[Filter] = reactive(Filter, always_update=True)
    """Only rows that match are shown."""

    def choose_rows(self) -> None:
        """Choose and order the rows that are shown, and take their keys."""
        raise NotImplementedError

    def watch_wanted(self) -> None:
        """Show what matches."""
        self.choose_rows()

    def nothing_shown(self, words: str) -> Sequence[Line]:
        """What is said where rows are hidden: `words`, and the key that shows them again."""
        told = (words, hint(self, "shows all again.", "filter.clear", "screen.back"))
        return tuple((Run(f" {text}", "dim"),) for text in told if text)
