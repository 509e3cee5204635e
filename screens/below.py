"""The lower part of home, where there is room: the last hour in charts, and beside them what changed lately."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from cockpit.model.event import Event
from widgets.changes import RecentChanges
from widgets.charts import ChartStrip
from widgets.heading import Heading
from widgets.plot import Plot

CHART_LINES = (9, 40)
"""Charts and their heading take no fewer lines, and no more."""
CHART_WIDTH = 44
"""And a chart is no narrower."""
TWO_ROWS = 21
"""Lines from which on there are two rows of charts."""
CHARTS = 8
"""So many charts at most."""
CHANGES_WIDTH = 52


class Below(Horizontal):
    """Charts of what is wrong; on a wall screen also of what is nearest to a limit, so that it is never empty."""

    DEFAULT_CSS = """
    Below #courses, Below #lately { width: 1fr; height: 1fr; }
    Below #evidence { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._charts = ChartStrip(id="evidence")
        self._told = Heading("LAST HOUR")
        self.changes = RecentChanges(id="changes")
        self._wrong: tuple[Plot, ...] = ()
        self._near: tuple[Plot, ...] = ()

    def compose(self) -> ComposeResult:
        """Two columns with a heading each."""
        with Vertical(id="courses"):
            yield self._told
            yield self._charts
        with Vertical(id="lately"):
            yield Heading("RECENT CHANGES")
            yield self.changes

    def show(self, wrong: Sequence[Plot], near: Sequence[Plot]) -> None:
        """Take the newest courses: of what is wrong, worst first, and of what is nearest to a limit."""
        self._wrong, self._near = tuple(wrong), tuple(near)

    def show_changes(self, events: Iterable[Event], now: float) -> None:
        """Take the newest changes."""
        self.changes.show(events, now)

    def share(self, lines: int, width: int, *, wall: bool) -> bool:
        """Take at most so many lines. False where there is nothing to show, or not enough room for it."""
        least, most = CHART_LINES
        enough = lines >= least
        charts = enough and bool(self._wrong or (wall and self._near))
        lately = enough and (wall or (not charts and bool(self.changes.items)))
        self.query_one("#courses").display = charts
        self.query_one("#lately").display = lately
        self.query_one("#lately").styles.width = CHANGES_WIDTH if charts else "1fr"
        self.display = charts or lately
        self.styles.height = min(lines, most)
        if charts:
            self._arrange(width - (CHANGES_WIDTH if lately else 0), lines, wall=wall)
        return charts or lately

    def _arrange(self, width: int, lines: int, *, wall: bool) -> None:
        across = max(1, width // CHART_WIDTH)
        rows = 2 if lines >= TWO_ROWS and (wall or len(self._wrong) > across) else 1
        plots = self._wrong
        if wall:
            told = {plot.title for plot in plots}
            plots = (*plots, *(plot for plot in self._near if plot.title not in told))
        plots = plots[: min(CHARTS, across * rows)]
        rows = min(rows, -(-len(plots) // across))
        self._charts.rows_shown = rows
        self._charts.columns = max(1, -(-len(plots) // rows))
        self._charts.show(plots)
        near = len(plots) > len(self._wrong)
        self._told.detail = " · ".join(
            words for words, so in (("what is wrong", bool(self._wrong)), ("nearest to a limit", near)) if so
        )
