"""A list of what is offered: a title, and what it is or does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType

from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing

TITLE_LEAST = 16
"""A title takes up to half the width; this much in any case."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line."""

    key: str
    title: str
    help: str
    spans: tuple[tuple[int, int], ...] = ()
    """Parts of the title that were typed."""


class OfferList(Listing, inherit_bindings=False):
    """Offers, the first one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Enter is the dialog's: it says what choosing does.
        one
        for one in Listing.BINDINGS
        if not (isinstance(one, Binding) and one.id == "list.open")
    ]

    DEFAULT_CSS = """
    OfferList { height: auto; max-height: 100%; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._offers: tuple[Offer, ...] = ()

    def show(self, offers: Sequence[Offer]) -> None:
        """Take what is offered; the cursor is on the first of it."""
        self._offers = tuple(offers)
        self._moved = False
        self.set_keys([offer.key for offer in offers])
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.refresh(layout=True)

    @property
    def chosen(self) -> Offer | None:
        """The offer under the cursor."""
        return self._offers[self.cursor_index] if self._offers else None

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """Title, and what it is."""
        offer = self._offers[index]
        longest = max(len(one.title) for one in self._offers)
        title = pad(offer.title, min(longest, max(TITLE_LEAST, width // 2 - 2)))
        runs, at = [Run(" ")], 0
        for start, end in offer.spans:
            if end <= len(title):
                runs += [Run(title[at:start]), Run(title[start:end], "chosen")]
                at = end
        runs += [Run(title[at:]), Run("  "), Run(offer.help, "dim")]
        return (fit(tuple(runs), width),)

    def empty_lines(self) -> Sequence[Line]:
        """Nothing is called so."""
        return ((Run(" Nothing is called so.", "dim"),),)


class FoundList(OfferList, can_focus=False):
    """The same under a line in which one types, and where the focus stays."""

    def cursor_backdrop(self) -> Style:
        """What is typed elsewhere chooses here: the cursor never fades."""
        return self.backdrop("cursor")
