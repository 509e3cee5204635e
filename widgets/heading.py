"""A line that parts a screen: a title, a detail, and a rule."""

from __future__ import annotations

from textual.reactive import reactive
from textual.strip import Strip

from widgets.glyphs import RULE
from widgets.line import Run
from widgets.painted import Painted


class Heading(Painted):
    """One line."""

    DEFAULT_CSS = """
    Heading { height: 1; }
    """

    text: reactive[str] = reactive("")
    detail: reactive[str] = reactive("")

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(Heading.text, text)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - Textual's signature
        """The line."""
        width = self.size.width
        title = f" {self.text} " if not self.detail else f" {self.text} {self.detail} "
        return self.strip((Run(title, "heading"), Run(RULE * max(0, width - len(title) - 1), "dim")), width)
