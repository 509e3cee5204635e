"""The base of what is longer than its place: the wheel moves it, and a bar at the right edge tells where one is."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from widgets.glyphs import ASCII, BAR
from widgets.painted import Painted


def thumb(first: int, shown: int, whole: int) -> range:
    """Lines of a bar of `shown` lines that stand for what is in view: `shown` of `whole` lines, from `first` on.

    Empty where everything is in view. At an end only if the view is at that end.
    """
    if shown <= 0 or whole <= shown:
        return range(0)
    size = max(1, shown * shown // whole)
    room, hidden = shown - size, whole - shown
    # Rounded towards the middle: a bar that touches an end says that nothing is beyond it.
    start = 0 if first <= 0 else room if first >= hidden else max(min(1, room), min(room - 1, first * room // hidden))
    return range(start, start + size)


class Scrolled(Painted, ScrollView, inherit_bindings=False):
    """Lines that are painted as they come into view. The bar takes the margin that every line has at its end.

    Textual's own scroll bar takes a column when there is something to scroll, which moves the columns beside it.
    """

    DEFAULT_CSS = """
    Scrolled { overflow: hidden hidden; }
    """

    header_height: int = 0
    """Lines at the top that stay."""

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether the wheel has something to move."""
        return self.max_scroll_y > 0

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Paint what came into view; no bar of Textual's is told."""
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def barred(self, strip: Strip, y: int) -> Strip:
        """Line `y` of the view with its piece of the bar."""
        shown = self.size.height - self.header_height
        whole = self.virtual_size.height - self.header_height
        if whole <= shown or y - self.header_height not in thumb(round(self.scroll_y), shown, whole):
            return strip
        body, edge = strip.divide([strip.cell_length - 1, strip.cell_length])
        behind = next((segment.style.bgcolor for segment in edge if segment.style), None)
        sign = BAR.translate(ASCII) if self.plain else BAR
        return Strip([*body, Segment(sign, self.ink("bar") + Style(bgcolor=behind))], strip.cell_length)
