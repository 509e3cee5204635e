"""The base of our own widgets: lines of (text, role) become strips, coloured by the theme."""

from __future__ import annotations

from functools import cached_property

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from cockpit.model.text import harmless
from widgets.glyphs import ASCII
from widgets.inks import ink_of
from widgets.legible import DRAWN_CONTRAST, LEAST_CONTRAST, USUAL_CONTRAST, legible
from widgets.line import OVER, Line, Run, fit

_OWN_GROUND = frozenset({"tag", "match"})
"""Roles that keep their background under the cursor: where one is about to act, and what one searches for."""


class Painted(Widget):
    """A widget that paints lines, in the colours that the theme gives to their roles (`widgets.inks`)."""

    ALLOW_SELECT = False

    def ink(self, role: str) -> Style:
        """The style of a role over this widget's own background."""
        style = self._inks.get(role)
        if style is None:
            style = self._inks[role] = self._legible(self._drawn_as(role), role)
        return style

    def _drawn_as(self, role: str) -> Style:
        text, _, ground = role.partition(OVER)
        style = ink_of(self, text)
        # With few colours, text and ground may be the same one; with signs only, there is no ground to fill.
        if not ground or self.plain or self.app.has_class("-few-colours"):
            return style
        return style + Style(bgcolor=self.ink(ground).color)

    def _over(self, role: str, over: Style) -> Style:
        """The style of a role with another laid over it."""
        style = self._laid_over.get((role, over))
        if style is None:
            ink = self.ink(role)
            if over.reverse:
                # Reversed, every colour would be a ground of its own. Glyphs and words say what colours do.
                ink = self.ink("") + Style(bold=ink.bold, italic=ink.italic, underline=ink.underline)
            style = self._laid_over[role, over] = self._legible(ink + over, role)
        return style

    def _legible(self, style: Style, role: str) -> Style:
        """`style` with its text as far from its background as the theme asks for. ANSI colours are the terminal's."""
        text, behind = style.color, style.bgcolor
        if text is None or behind is None or text.triplet is None or behind.triplet is None:
            return style
        drawn = role.partition("-")[0] == "trend" or role.endswith(("-edge", "-area")) or OVER in role
        asked = float(self.app.theme_variables.get(LEAST_CONTRAST, USUAL_CONTRAST))
        least = 1.0 if role.endswith("-area") and OVER not in role else DRAWN_CONTRAST if drawn else asked
        shown = legible(tuple(text.triplet), tuple(behind.triplet), least)
        return style + Style(color=Color.from_rgb(*shown)) if shown != tuple(text.triplet) else style

    @cached_property
    def _inks(self) -> dict[str, Style]:
        """Styles by role, until the theme, the focus or a class changes them."""
        return {}

    @cached_property
    def _laid_over(self) -> dict[tuple[str, Style], Style]:
        """The same, under a cursor."""
        return {}

    def notify_style_update(self) -> None:
        """Other styles: forget the old ones."""
        self._inks.clear()
        self._laid_over.clear()
        super().notify_style_update()

    def backdrop(self, role: str) -> Style:
        """Only the background of a role, to lay over a whole line. Where there are few colours, a line is reversed."""
        ink = self.ink(role)
        if self.app.has_class("-few-colours"):
            return Style(reverse=ink.reverse or None, underline=ink.underline or None)
        return Style(bgcolor=ink.bgcolor)

    def cursor_backdrop(self) -> Style:
        """What lies over the line under the cursor: it fades without the focus."""
        return self.backdrop("cursor" if self.has_focus else "cursor-away")

    def on_focus(self) -> None:
        """What is under the cursor is marked, or marked stronger."""
        self.refresh()

    def on_blur(self) -> None:
        """It fades."""
        self.refresh()

    @property
    def plain(self) -> bool:
        """Whether only ASCII may be shown."""
        return self.app.has_class("-ascii")

    def strip(self, line: Line, width: int, over: Style | None = None) -> Strip:
        """`line` as a strip of exactly `width` cells, with the style `over` laid on top."""
        plain = self.plain
        segments = []
        for text, role in fit(tuple(Run(harmless(text), role) for text, role in line), width):
            style = self._over(role, over) if over and role not in _OWN_GROUND else self.ink(role)
            segments.append(Segment(text.translate(ASCII) if plain else text, style))
        return Strip(segments, width)
