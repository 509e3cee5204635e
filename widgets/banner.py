"""One environment in large letters, for a screen on a wall: its name, and how it is."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from widgets.large_code import large_lines
from widgets.line import Line, Run, apart, fit, text_of, width_of
from widgets.painted import Painted

_MARGIN = 2


def banner_lines(name: str, state: Run, width: int, *, plain: bool) -> tuple[Line, ...]:
    """The name on the left and the state, in its colour, on the right; nothing where they have no room side by side."""
    room = width - 2 * _MARGIN
    left = large_lines(name.replace("/", " / "), room, plain=plain)
    right = large_lines(state.text, room, plain=plain)
    if len(left) < 2 or len(left) != len(right) or width_of(left[0]) + width_of(right[0]) + _MARGIN > room:
        return ()
    edge = Run(" " * _MARGIN)
    return tuple(
        fit(apart((edge, *one), (*(Run(text_of(two), state.role),), edge), width), width)
        for one, two in zip(left, right, strict=True)
    )


class Banner(Painted):
    """As high as its letters; gone where there is nothing to say."""

    DEFAULT_CSS = """
    Banner { height: auto; background: $panel; }
    """

    said: reactive[tuple[str, Run] | None] = reactive(None, layout=True)
    """Name, and state with its role."""

    def _lines(self, width: int) -> tuple[Line, ...]:
        return banner_lines(*self.said, width, plain=self.plain) if self.said is not None else ()

    def watch_said(self, said: tuple[str, Run] | None) -> None:
        """Nothing to say takes no room."""
        self.display = said is not None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as the letters are high."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line."""
        lines = self._lines(self.size.width)
        return self.strip(lines[y] if y < len(lines) else (), self.size.width)
