"""What the palette has found: titles with what was typed marked in them, and what each does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style

from widgets.line import Line, Run, fit, pad
from widgets.listing import Listing

TITLE_SHARE = (1, 2)
"""A title takes no more than this part of the width, where there is something to say beside it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette."""

    key: str
    title: str
    help: str
    spans: tuple[tuple[int, int], ...] = ()
    """Parts of the title that were typed."""


class CommandList(Listing, can_focus=False):
    """Offers, best first. The focus stays where one types."""

    DEFAULT_CSS = """
    CommandList { height: auto; max-height: 100%; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._offers: tuple[Offer, ...] = ()

    def show(self, offers: Sequence[Offer]) -> None:
        """Take what was found; the cursor is on the best of it."""
        self._offers = tuple(offers)
        self._moved = False
        self.set_keys([offer.key for offer in offers])
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.refresh(layout=True)

    def backdrop(self, role: str) -> Style:  # noqa: ARG002 - the cursor is as strong as with the focus
        """What is typed elsewhere chooses here: the cursor never fades."""
        return super().backdrop("cursor")

    @property
    def chosen(self) -> Offer | None:
        """The offer under the cursor."""
        return self._offers[self.cursor_index] if self._offers else None

    def draw_row(self, index: int, width: int) -> Sequence[Line]:
        """Title and what it does."""
        offer = self._offers[index]
        part, whole = TITLE_SHARE
        longest = max(len(one.title) for one in self._offers)
        room = min(longest, max(16, (width - 4) * part // whole))
        title = pad(offer.title, room)
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
