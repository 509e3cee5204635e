"""One chart with its caption."""

from __future__ import annotations

from textual.reactive import reactive
from textual.strip import Strip

from widgets.line import Line, Run, fit
from widgets.painted import Painted
from widgets.plot import Plot, caption, plot_lines


class Chart(Painted):
    """A chart over the whole of its size: one line of caption, then the plot."""

    DEFAULT_CSS = """
    Chart { height: 10; padding: 0 1; }
    """

    plot: reactive[Plot | None] = reactive(None)
    labels: reactive[int] = reactive(0)
    """Cells for the labels of the value axis, at least."""

    def __init__(self, plot: Plot | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(Chart.plot, plot)
        self._drawn: list[Line] = []
        self._drawn_for: tuple[Plot | None, int, int, int] | None = None

    def render_line(self, y: int) -> Strip:
        """One line; the chart is drawn anew when its plot or size has changed."""
        width, height = self.content_size
        wanted = (self.plot, width, height, self.labels)
        if self._drawn_for != wanted:
            self._drawn = self._draw(width, height)
            self._drawn_for = wanted
        return self.strip(self._drawn[y] if y < len(self._drawn) else (), width)

    def _draw(self, width: int, height: int) -> list[Line]:
        if self.plot is None:
            return [fit((Run("no chart", "dim"),), width)]
        return [caption(self.plot, width), *plot_lines(self.plot, width, height - 1, margin=self.labels)]
