"""An address that the terminal knows as a link, on as many lines as it needs."""

from __future__ import annotations

from rich.cells import chop_cells
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Run
from widgets.painted import Painted


class WebAddress(Painted):
    """The address, broken where the line ends; each part leads to the whole."""

    DEFAULT_CSS = """
    WebAddress { height: auto; }
    """

    class Clicked(Message):
        """Somebody wants to go there."""

    url: reactive[str] = reactive("", layout=True)

    def watch_url(self, url: str) -> None:
        """No address takes no room."""
        self.display = bool(url)

    def _parts(self, width: int) -> list[str]:
        return chop_cells(self.url, width) if self.url and width > 0 else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as it needs."""
        return len(self._parts(width))

    def render_line(self, y: int) -> Strip:
        """One part."""
        width = self.size.width
        parts = self._parts(width)
        strip = self.strip((Run(parts[y], "chosen"),) if y < len(parts) else (), width)
        # OSC 8: the terminal itself can open it, also over ssh, where this machine has no browser.
        link = Style(link=self.url) if self.url.startswith(("https://", "http://")) else None
        return strip.apply_style(link) if link else strip

    def on_click(self, event: events.Click) -> None:
        """Go there."""
        event.stop()
        self.post_message(self.Clicked())
