"""Several charts side by side, or below each other, by the room there is."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Grid
from textual.reactive import reactive

from widgets.chart import Chart
from widgets.plot import Plot, margin_of

MOST = 12
"""Charts at most; no resource has more."""


class ChartStrip(Grid):
    """Charts in a grid. They are made when first needed and then only given other plots, so nothing flickers."""

    DEFAULT_CSS = """
    ChartStrip { grid-size: 1; grid-gutter: 0 1; height: auto; }
    ChartStrip Chart { height: 1fr; }
    """

    columns: reactive[int] = reactive(1)
    """Charts in one row."""
    chart_height: reactive[int | None] = reactive(None)
    """Lines of each chart; None shares the height there is."""
    rows_shown: reactive[int | None] = reactive(1)
    """Rows of charts; None shows all."""

    def __init__(self, *, id: str | None = None, all_rows: bool = False) -> None:
        super().__init__(id=id)
        self.plots: tuple[Plot, ...] = ()
        self.set_reactive(ChartStrip.rows_shown, None if all_rows else 1)

    def show(self, plots: Sequence[Plot]) -> None:
        """Take the newest plots."""
        self.plots = tuple(plots)
        self._arrange()

    def watch_columns(self) -> None:
        """Other columns."""
        self._arrange()

    def watch_chart_height(self) -> None:
        """Other heights."""
        self._arrange()

    @property
    def grid_row_count(self) -> int:
        """Rows of charts."""
        return -(-min(len(self.plots), MOST) // max(1, self.columns))

    def _arrange(self) -> None:
        count = min(len(self.plots), MOST)
        columns = max(1, min(self.columns, count))
        if self.rows_shown is not None:
            count = min(count, columns * self.rows_shown)
        self.styles.grid_size_columns = columns
        self.styles.grid_rows = str(self.chart_height) if self.chart_height else "1fr"
        charts = list(self.query(Chart))
        if len(charts) < count:
            added = [Chart() for _ in range(count - len(charts))]
            self.mount_all(added)
            charts += added
        margin = max(map(margin_of, self.plots[:count]), default=0)
        for index, chart in enumerate(charts):
            chart.labels = margin
            chart.display = index < count
            chart.plot = self.plots[index] if index < count else None
