"""The inks: how each role of a painted text looks. The app holds their styles, once for all painted widgets.

A component class of a widget is styled anew for every widget of every screen that opens, which is a third of the work
of opening one. So the app has them (`COMPONENT_CLASSES = INK_CLASSES`, `DEFAULT_CSS = INK_CSS`), and a widget lays the
ink that it needs over its own background.
"""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.css.styles import RenderStyles
from textual.widget import Widget

_INKS = {
    "critical": "color: $text-error; text-style: bold;",
    "warning": "color: $text-warning;",
    "unknown": "color: $text-accent;",
    "ok": "color: $text-success;",
    "waiting": "color: $text-muted;",
    "dim": "color: $text-muted;",
    "strong": "text-style: bold;",
    "heading": "color: $text-muted;",
    "key": "color: $footer-key-foreground; text-style: bold;",
    "tag": "color: $background; background: $secondary; text-style: bold;",
    "found": "color: $text-secondary; text-style: italic;",
    "match": "color: $background; background: $warning; text-style: bold;",
    "trend": "color: $secondary 75%;",
    "trend-edge": "color: $secondary 70%;",
    "trend-area": "color: $secondary 40%;",
    "critical-edge": "color: $text-error 90%;",
    "critical-area": "color: $text-error 55%;",
    "warning-edge": "color: $text-warning 80%;",
    "warning-area": "color: $text-warning 45%;",
    "critical-ground": "color: $background; background: $error; text-style: bold;",
    "warning-ground": "color: $background; background: $warning; text-style: bold;",
    "unknown-ground": "color: $background; background: $accent; text-style: bold;",
    "ok-ground": "color: $background; background: $success; text-style: bold;",
    "limit": "color: $text-warning;",
    "mark": "color: $text-primary;",
    "bar": "color: $secondary 60%;",
    "chosen": "text-style: bold underline;",
    "cursor": "background: $primary 40%;",
    "cursor-away": "background: $primary 15%;",
}
"""Role → declarations, in theme variables."""

INK_CLASSES = frozenset(f"ink--{role}" for role in _INKS)
INK_CSS = "\n".join(f".ink--{role} {{ {declared} }}" for role, declared in _INKS.items())


def ink_of(widget: Widget, role: str) -> Style:
    """The style of a role over a widget's own background; without a role, of the widget's text."""
    own = widget.rich_style
    if not role:
        return own
    ink: RenderStyles = widget.app.get_component_styles(f"ink--{role}")
    behind = widget.background_colors[1]
    style = own + ink.text_style
    if ink.has_rule("background"):
        behind += ink.background
        style += Style(bgcolor=behind.rich_color)
    if ink.has_rule("color"):
        style += Style(color=_text_colour(ink, behind).rich_color)
    return style


def _text_colour(ink: RenderStyles, behind: Color) -> Color:
    """The colour over what is behind it. Of some colours only the strength is told: they stand out from anything."""
    return behind + (behind.get_contrast_text(ink.color.a) if ink.auto_color else ink.color)
