"""The base of our own widgets: lines of (text, role) become strips, coloured by the theme."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from cockpit.model.text import harmless
from widgets.glyphs import ASCII
from widgets.legible import DRAWN_CONTRAST, LEAST_CONTRAST, USUAL_CONTRAST, legible
from widgets.line import OVER, Line, Run, fit

_OWN_GROUND = frozenset({"tag", "match"})
"""Roles that keep their background under the cursor: where one is about to act, and what one searches for."""


class Painted(Widget):
    """A widget that paints lines. A role is a component class `ink--<role>`, so a theme colours all of them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "ink--critical",
        "ink--warning",
        "ink--unknown",
        "ink--ok",
        "ink--waiting",
        "ink--dim",
        "ink--strong",
        "ink--heading",
        "ink--tag",
        "ink--found",
        "ink--trend",
        "ink--trend-edge",
        "ink--trend-area",
        "ink--critical-edge",
        "ink--critical-area",
        "ink--warning-edge",
        "ink--warning-area",
        "ink--limit",
        "ink--mark",
        "ink--chosen",
        "ink--cursor",
        "ink--cursor-away",
    }

    DEFAULT_CSS = """
    Painted {
        .ink--critical { color: $text-error; text-style: bold; }
        .ink--warning { color: $text-warning; }
        .ink--unknown { color: $text-accent; }
        .ink--ok { color: $text-success; }
        .ink--waiting { color: $text-muted; }
        .ink--dim { color: $text-muted; }
        .ink--strong { text-style: bold; }
        .ink--heading { color: $text-muted; }
        .ink--tag { color: $background; background: $secondary; text-style: bold; }
        .ink--found { color: $text-secondary; text-style: italic; }
        .ink--trend { color: $secondary 75%; }
        .ink--trend-edge { color: $secondary 70%; }
        .ink--trend-area { color: $secondary 40%; }
        .ink--critical-edge { color: $text-error 90%; }
        .ink--critical-area { color: $text-error 55%; }
        .ink--warning-edge { color: $text-warning 80%; }
        .ink--warning-area { color: $text-warning 45%; }
        .ink--limit { color: $text-warning; }
        .ink--mark { color: $text-primary; }
        .ink--chosen { text-style: bold underline; }
        .ink--cursor { background: $primary 40%; }
        .ink--cursor-away { background: $primary 15%; }
    }
    """

    ALLOW_SELECT = False

    def ink(self, role: str) -> Style:
        """The style of a role over this widget's own background."""
        style = self._inks.get(role)
        if style is None:
            style = self._inks[role] = self._legible(self._drawn_as(role), role)
        return style

    def _drawn_as(self, role: str) -> Style:
        text, _, ground = role.partition(OVER)
        style = self.get_component_rich_style(f"ink--{text}") if text else self.rich_style
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
