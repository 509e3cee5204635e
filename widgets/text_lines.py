"""A few lines of text with roles; as high as it has lines, and gone when it has none."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Line
from widgets.painted import Painted


class TextLines(Painted):
    """Lines, cut at the right edge."""

    DEFAULT_CSS = """
    TextLines { height: auto; }
    """

    lines: reactive[tuple[Line, ...]] = reactive((), layout=True)

    def watch_lines(self, lines: tuple[Line, ...]) -> None:
        """Nothing to say takes no room."""
        self.display = bool(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """One line each."""
        return len(self.lines)

    def render_line(self, y: int) -> Strip:
        """One line."""
        return self.strip(self.lines[y] if y < len(self.lines) else (), self.size.width)
